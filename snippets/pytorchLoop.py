import json
import math
import time

import torch


class GradientLog:
    """Appends to metrics.jsonl, step by step, the norm of every parameter's gradient before clipping.

    gradients = GradientLog(model)
    ...
    loss.backward()  # with AMP, scaler.unscale_(optimizer) comes next
    gradients.write(step, loss=loss.item(), lr=optimizer.param_groups[0]["lr"])
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    """

    def __init__(self, model, path="metrics.jsonl"):
        self.named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
        distributed = torch.distributed.is_available() and torch.distributed.is_initialized()
        is_first = not distributed or torch.distributed.get_rank() == 0
        self.file = open(path, "a", buffering=1) if is_first else None  # buffering=1: each line is there at once

    @torch.no_grad()
    def write(self, step, **values):
        with_grad = [(name, p.grad) for name, p in self.named if p.grad is not None]
        norms = dict(zip((name for name, _ in with_grad), self.measure(grad for _, grad in with_grad)))
        if self.file is not None:
            row = {"step": step, "time": time.time(), **values}
            row["grad_norm"] = math.sqrt(sum(norm * norm for norm in norms.values()))
            row.update((f"grad_norm/{name}", norm) for name, norm in norms.items())
            self.file.write(json.dumps(row) + "\n")

    @staticmethod
    def measure(grads):
        """L2 norms, summed in float64 where the device has it; the device is waited for once."""
        norms = []
        for grad in grads:
            values = grad.coalesce().values() if grad.is_sparse else grad
            dtype = torch.float32 if grad.device.type == "mps" else torch.float64
            norm = torch.linalg.vector_norm(values, dtype=dtype)
            norms.append(norm.full_tensor() if hasattr(norm, "full_tensor") else norm)  # DTensor of FSDP2
        return torch.stack([norm.to(norms[0].device) for norm in norms]).tolist() if norms else []
