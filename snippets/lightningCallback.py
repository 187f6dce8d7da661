import json
import math
import time

import torch
from lightning.pytorch.callbacks import Callback  # with the older package: pytorch_lightning.callbacks


class GradientLogCallback(Callback):
    """Appends to metrics.jsonl, step by step, the norm of every parameter's gradient before clipping.

    trainer = Trainer(callbacks=[GradientLogCallback()])

    Lightning calls it when gradients are unscaled and not clipped yet.
    """

    def __init__(self, path="metrics.jsonl"):
        self.path, self.row, self.file = path, None, None

    def on_fit_start(self, trainer, pl_module):
        if trainer.is_global_zero:
            self.file = open(self.path, "a", buffering=1)  # buffering=1: each line is there at once

    @torch.no_grad()
    def on_before_optimizer_step(self, trainer, pl_module, optimizer):
        names, norms = [], []
        for name, parameter in pl_module.named_parameters():
            if parameter.grad is not None:
                dtype = torch.float32 if parameter.device.type == "mps" else torch.float64  # float64 sums
                norm = torch.linalg.vector_norm(parameter.grad, dtype=dtype)
                names.append(name)
                norms.append(norm.full_tensor() if hasattr(norm, "full_tensor") else norm)  # DTensor of FSDP2
        together = torch.stack([norm.to(norms[0].device) for norm in norms]).tolist() if norms else []
        self.row = {"step": trainer.global_step + 1, "time": time.time(), "lr": optimizer.param_groups[0]["lr"]}
        self.row["grad_norm"] = math.sqrt(sum(norm * norm for norm in together))
        self.row.update((f"grad_norm/{name}", norm) for name, norm in zip(names, together))

    def on_train_batch_end(self, trainer, pl_module, outputs, batch, batch_idx):
        if self.row is not None and self.file is not None:
            loss = outputs.get("loss") if isinstance(outputs, dict) else outputs
            values = {} if loss is None else {"loss": float(loss)}
            self.file.write(json.dumps({**self.row, **values}) + "\n")
        self.row = None

    def on_fit_end(self, trainer, pl_module):
        if self.file is not None:
            self.file.close()
