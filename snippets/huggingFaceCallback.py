import json
import math
import time

import torch
from transformers import TrainerCallback


class GradientLogCallback(TrainerCallback):
    """Appends to metrics.jsonl, step by step, the norm of every parameter's gradient before clipping.

    trainer = Trainer(...)
    trainer.add_callback(GradientLogCallback(trainer))
    trainer.train()

    The Trainer clips before any callback hears of the gradients, so they are measured where it asks its
    accelerator to clip. DeepSpeed holds gradients elsewhere; there nothing is measured.
    """

    def __init__(self, trainer, path="metrics.jsonl"):
        self.trainer, self.path = trainer, path
        self.norms, self.lr, self.file = None, None, None

    def on_train_begin(self, args, state, control, **kwargs):
        if state.is_world_process_zero:
            self.file = open(self.path, "a", buffering=1)  # buffering=1: each line is there at once
        accelerator = self.trainer.accelerator
        clip = accelerator.clip_grad_norm_

        def measure_then_clip(*args, **kwargs):
            if self.norms is None:
                self.norms = self.measure()
            return clip(*args, **kwargs)

        accelerator.clip_grad_norm_ = measure_then_clip
        self.restore = lambda: setattr(accelerator, "clip_grad_norm_", clip)

    def on_pre_optimizer_step(self, args, state, control, optimizer=None, **kwargs):
        if self.norms is None:  # Nothing was clipped.
            self.norms = self.measure()
        self.lr = optimizer.param_groups[0]["lr"]

    def on_step_end(self, args, state, control, **kwargs):
        norms = self.norms or {}
        self.norms = None
        if norms:
            row = {"lr": self.lr, "grad_norm": math.sqrt(sum(norm * norm for norm in norms.values()))}
            self.write(state.global_step, {**row, **{f"grad_norm/{name}": norm for name, norm in norms.items()}})

    def on_log(self, args, state, control, logs=None, **kwargs):
        if logs is not None and "loss" in logs:
            self.write(state.global_step, {"loss": float(logs["loss"])})

    def on_train_end(self, args, state, control, **kwargs):
        self.restore()

    def write(self, step, values):
        if self.file is not None:
            self.file.write(json.dumps({"step": step, "time": time.time(), **values}) + "\n")

    @torch.no_grad()
    def measure(self):
        """L2 norms by name, summed in float64 where the device has it; the device is waited for once."""
        scaler = getattr(self.trainer.accelerator, "scaler", None)
        scale = scaler.get_scale() if scaler is not None else 1.0  # Gradients of fp16 are still multiplied by it.
        names, norms = [], []
        for name, parameter in self.trainer.model.named_parameters():
            if parameter.grad is not None:
                dtype = torch.float32 if parameter.device.type == "mps" else torch.float64
                norm = torch.linalg.vector_norm(parameter.grad, dtype=dtype)
                names.append(name)
                norms.append(norm.full_tensor() if hasattr(norm, "full_tensor") else norm)  # DTensor of FSDP2
        together = torch.stack([norm.to(norms[0].device) for norm in norms]).tolist() if norms else []
        return {name: norm / scale for name, norm in zip(names, together)}
