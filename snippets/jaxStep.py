import json
import math
import time

import jax
import jax.numpy as jnp


def gradient_norms(grads):
    """The L2 norm of every gradient, in one array that costs one transfer. Call it where the step is compiled.

    @jax.jit
    def train_step(state, batch):
        loss, grads = jax.value_and_grad(loss_of)(state.params, batch)
        norms = gradient_norms(grads)  # before optax clips
        return state.apply_gradients(grads=grads), loss, norms
    """
    dtype = jnp.promote_types(jnp.float32, jnp.result_type(float))  # float64 where jax_enable_x64 is set
    return jnp.stack([jnp.sqrt(jnp.sum(jnp.square(jnp.abs(g).astype(dtype)))) for g in jax.tree.leaves(grads)])


class GradientLog:
    """Appends to metrics.jsonl, step by step, the norms that `gradient_norms` gave.

    gradients = GradientLog(state.params)
    ...
    state, loss, norms = train_step(state, batch)
    gradients.write(step, norms, loss=float(loss), lr=float(schedule(step)))
    """

    def __init__(self, params, path="metrics.jsonl"):
        leaves = jax.tree_util.tree_flatten_with_path(params)[0]
        self.names = ["/".join(self.key(part) for part in where) for where, _ in leaves]
        self.file = open(path, "a", buffering=1) if jax.process_index() == 0 else None  # each line is there at once

    def write(self, step, norms, **values):
        if self.file is not None:
            norms = [float(norm) for norm in jax.device_get(norms)]
            row = {"step": step, "time": time.time(), **values}
            row["grad_norm"] = math.sqrt(sum(norm * norm for norm in norms))
            row.update((f"grad_norm/{name}", norm) for name, norm in zip(self.names, norms))
            self.file.write(json.dumps(row) + "\n")

    @staticmethod
    def key(part):
        """Of a dictionary, an attribute or a list."""
        return str(next(getattr(part, word) for word in ("key", "name", "idx") if hasattr(part, word)))
