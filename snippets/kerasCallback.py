import json
import math
import time

import keras
from keras import ops

NOT_MEASURED = -1.0  # No norm is negative. A variable without a gradient is another thing than one whose gradient is 0.


class GradientLogCallback(keras.callbacks.Callback):
    """Appends to metrics.jsonl, step by step, the norm of every variable's gradient before clipping.

    model.fit(..., callbacks=[GradientLogCallback()])

    The norms pass through a variable of the optimizer, which the compiled step fills (on TensorFlow, JAX and
    PyTorch alike); a saved optimizer holds it too.
    """

    def __init__(self, path="metrics.jsonl"):
        super().__init__()
        self.file = open(path, "a", buffering=1)  # buffering=1: each line is there at once

    def on_train_begin(self, logs=None):
        optimizer, variables = self.model.optimizer, self.model.trainable_variables
        if hasattr(optimizer, "gradient_norms"):
            return
        if not optimizer.built:
            optimizer.build(variables)
        optimizer.gradient_norms = optimizer.add_variable((len(variables),), name="gradient_norms", dtype="float32")
        apply = optimizer.apply

        def measure_then_apply(grads, trainable_variables=None):
            optimizer.gradient_norms.assign(ops.stack([self.measure(gradient) for gradient in grads]))
            return apply(grads, trainable_variables)

        optimizer.apply = measure_then_apply

    def on_train_batch_end(self, batch, logs=None):
        optimizer = self.model.optimizer
        norms = ops.convert_to_numpy(optimizer.gradient_norms).tolist()
        row = {"step": int(optimizer.iterations), "time": time.time(), "lr": float(optimizer.learning_rate)}
        row.update((name, float(value)) for name, value in (logs or {}).items())
        names = [variable.path for variable in self.model.trainable_variables]
        measured = {name: norm for name, norm in zip(names, norms) if norm != NOT_MEASURED}
        row["grad_norm"] = math.sqrt(sum(norm * norm for norm in measured.values()))
        row.update((f"grad_norm/{name}", norm) for name, norm in measured.items())
        self.file.write(json.dumps(row) + "\n")

    @staticmethod
    def measure(gradient):
        if gradient is None:
            return ops.convert_to_tensor(NOT_MEASURED, "float32")
        return ops.sqrt(ops.sum(ops.square(ops.cast(gradient, "float32"))))
