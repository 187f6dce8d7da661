"""Trains with each of the logging snippets and prints, as JSON, what the norms of the gradients were.

Arguments: the folder for the logs, then the frameworks: pytorch, huggingFace, lightning, jax, keras. A log is FRAMEWORK.jsonl.
The truth is taken at the same place by other means: torch's own clip_grad_norm_ and norms, NumPy, the step that weights took.
"""

import importlib.util
import json
import py_compile
import sys
from pathlib import Path

SNIPPETS = Path(__file__).parents[2] / "snippets"
FOLDER = Path(sys.argv[1])
STEPS, CLIP = 6, 0.05


def snippet(name):
    py_compile.compile(str(SNIPPETS / f"{name}.py"), cfile=str(FOLDER / f"{name}.pyc"), doraise=True)
    spec = importlib.util.spec_from_file_location(name, SNIPPETS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def torch_model(torch):
    torch.manual_seed(1)
    return torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))


def torch_norms(model):
    return {name: p.grad.double().norm().item() for name, p in model.named_parameters() if p.grad is not None}


def pytorch(log):
    import torch

    model = torch_model(torch)
    model.register_parameter("unused", torch.nn.Parameter(torch.ones(3)))
    model.register_parameter("frozen", torch.nn.Parameter(torch.ones(3), requires_grad=False))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    gradients = snippet("pytorchLoop").GradientLog(model, log)
    truth = []
    for step in range(1, STEPS + 1):
        optimizer.zero_grad()
        batch = torch.randn(4, 8)
        loss = model(batch).square().mean()
        if step == STEPS:
            loss = loss * float("nan")
        loss.backward()
        gradients.write(step, loss=loss.item(), lr=optimizer.param_groups[0]["lr"])
        norms = torch_norms(model)
        total = torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP).item()
        truth.append({"step": step, "norms": norms, "total": total, "loss": loss.item(), "lr": 0.1})
        optimizer.step()
    return truth


def hugging_face(log):
    import torch
    from transformers import Trainer, TrainingArguments

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = torch_model(torch)

        def forward(self, x, labels=None):
            return {"loss": self.layers(x).square().mean()}

    model, truth, clip = Model(), [], torch.nn.utils.clip_grad_norm_

    def recording_clip(parameters, max_norm, *args, **kwargs):
        norms = torch_norms(model)
        total = clip(parameters, max_norm, *args, **kwargs)
        truth.append({"step": len(truth) + 1, "norms": norms, "total": total.item()})
        return total

    torch.nn.utils.clip_grad_norm_ = recording_clip
    data = [{"x": torch.randn(8), "labels": torch.zeros(1)} for _ in range(8 * STEPS)]
    arguments = TrainingArguments(
        output_dir=str(FOLDER / "huggingFace"), max_steps=STEPS, per_device_train_batch_size=4,
        gradient_accumulation_steps=2, max_grad_norm=CLIP, logging_steps=2, report_to="none", use_cpu=True,
        save_strategy="no", disable_tqdm=True,
    )
    trainer = Trainer(model=model, args=arguments, train_dataset=data)
    trainer.add_callback(snippet("huggingFaceCallback").GradientLogCallback(trainer, log))
    trainer.train()
    torch.nn.utils.clip_grad_norm_ = clip
    return truth


def lightning(log):
    import lightning.pytorch as pl
    import torch

    truth = []

    class Module(pl.LightningModule):
        def __init__(self):
            super().__init__()
            self.layers = torch_model(torch)

        def training_step(self, batch):
            return self.layers(batch).square().mean()

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), lr=0.1)

        def configure_gradient_clipping(self, optimizer, gradient_clip_val=None, gradient_clip_algorithm=None):
            norms = torch_norms(self)
            total = torch.nn.utils.clip_grad_norm_(self.parameters(), gradient_clip_val).item()
            truth.append({"step": len(truth) + 1, "norms": norms, "total": total, "lr": 0.1})

    trainer = pl.Trainer(
        max_steps=STEPS, accumulate_grad_batches=2, gradient_clip_val=CLIP, accelerator="cpu", logger=False,
        enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False,
        default_root_dir=str(FOLDER), callbacks=[snippet("lightningCallback").GradientLogCallback(log)],
    )
    trainer.fit(Module(), torch.utils.data.DataLoader(torch.randn(8 * STEPS, 8), batch_size=4))
    return truth


def jax_step(log):
    import flax.linen as nn
    import jax
    import jax.numpy as jnp
    import numpy as np
    import optax

    module = snippet("jaxStep")
    model = nn.Sequential([nn.Dense(16), jnp.tanh, nn.Dense(1)])
    params = model.init(jax.random.key(1), jnp.ones((1, 8)))
    optimizer = optax.chain(optax.clip_by_global_norm(CLIP), optax.sgd(0.1))
    state = optimizer.init(params)
    gradients, truth = module.GradientLog(params, log), []

    @jax.jit
    def train_step(params, state, batch):
        loss, grads = jax.value_and_grad(lambda p: jnp.mean(jnp.square(model.apply(p, batch))))(params)
        updates, state = optimizer.update(grads, state)
        return optax.apply_updates(params, updates), state, loss, module.gradient_norms(grads), grads

    for step in range(1, STEPS + 1):
        batch = jax.random.normal(jax.random.key(step), (4, 8))
        params, state, loss, norms, grads = train_step(params, state, batch)
        gradients.write(step, norms, loss=float(loss), lr=0.1)
        layers = {f"params/{layer}/{name}": value for layer, own in grads["params"].items() for name, value in own.items()}
        exact = {name: float(np.linalg.norm(np.asarray(value, np.float64))) for name, value in layers.items()}
        truth.append({"step": step, "norms": exact, "total": float(optax.global_norm(grads)), "loss": float(loss)})
    return truth


def keras_fit(log):
    import keras
    import numpy as np

    module = snippet("kerasCallback")

    class Weights(keras.callbacks.Callback):
        """A step of plain SGD at a rate of 1 takes the gradient away from the weights."""

        def __init__(self):
            super().__init__()
            self.truth = []

        def on_train_batch_begin(self, batch, logs=None):
            self.before = self.current()

        def on_train_batch_end(self, batch, logs=None):
            after = self.current()
            norms = {name: float(np.linalg.norm(self.before[name] - after[name])) for name in after}
            total = float(np.sqrt(sum(norm**2 for norm in norms.values())))
            self.truth.append({"step": len(self.truth) + 1, "norms": norms, "total": total, "lr": 1.0})

        def current(self):
            return {v.path: np.asarray(keras.ops.convert_to_numpy(v), np.float64) for v in self.model.trainable_variables}

    keras.utils.set_random_seed(1)
    weights = Weights()
    fit(keras, np, STEPS, [weights, module.GradientLogCallback(log)])
    keras.utils.set_random_seed(1)
    clipped = FOLDER / "clipped.jsonl"
    fit(keras, np, 1, [module.GradientLogCallback(clipped)], global_clipnorm=0.001)
    first, unclipped = json.loads(clipped.read_text()), weights.truth[0]["total"]
    assert abs(first["grad_norm"] - unclipped) < 1e-4 * unclipped, (first, unclipped)
    return weights.truth


def fit(keras, np, steps, callbacks, **clipping):
    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(16, activation="tanh"), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(1.0, **clipping), loss="mse")
    random = np.random.default_rng(1)
    x = random.normal(size=(4 * steps, 8)).astype("float32")
    model.fit(x, np.zeros((4 * steps, 1), "float32"), batch_size=4, shuffle=False, verbose=0, callbacks=callbacks)


TRAININGS = {"pytorch": pytorch, "huggingFace": hugging_face, "lightning": lightning, "jax": jax_step, "keras": keras_fit}

if __name__ == "__main__":
    for name in ("pytorchLoop", "huggingFaceCallback", "lightningCallback", "jaxStep", "kerasCallback"):
        py_compile.compile(str(SNIPPETS / f"{name}.py"), cfile=str(FOLDER / f"{name}.pyc"), doraise=True)
    truths = {name: TRAININGS[name](str(FOLDER / f"{name}.jsonl")) for name in sys.argv[2:] or ["pytorch"]}
    print(json.dumps(truths).replace("NaN", '"NaN"'))
