"""What the training run leaves behind: norms, checkpoints, a console, a trainer state."""

import json
import math
import os
import struct
import sys
import time

LOGGING_STEPS = 10  # the console and trainer_state.json have every tenth step, metrics.jsonl has all


def gradients(model):
    return {name: tensor.grad for name, tensor in model.named_parameters()}


def weights(model):
    return {name: tensor.detach() for name, tensor in model.named_parameters()}


def norms(tensors):
    """L2 norm of each tensor, summed in float64."""
    return {name: tensor.double().norm().item() for name, tensor in tensors.items()}


class TrainingLog:
    """metrics.jsonl, the console and trainer_state.json of one run."""

    def __init__(self, folder, steps, batch_size):
        self.folder, self.steps, self.batch_size = folder, steps, batch_size
        self.started = time.time()
        self.metrics = open(folder / "metrics.jsonl", "w", buffering=1)
        self.console, self.history, self.losses = Console(steps), [], []

    def write_config(self, **fields):
        config = {"event": "config", "steps": self.steps, "batch_size": self.batch_size, **fields}
        self.metrics.write(json.dumps(config) + "\n")
        self.console.draw(0, force=True)

    def write_step(self, step, loss, lr, grad_norm, tokens, tensor_norms):
        row = {"step": step, "loss": brief(loss), "lr": brief(lr), "grad_norm": brief(grad_norm)}
        row.update(tokens=tokens, time=round(time.time() - self.started, 3))
        row.update((f"grad_norm/{name}", brief(norm)) for name, norm in tensor_norms.items())
        self.metrics.write(json.dumps(row) + "\n")
        self.losses.append(loss)
        self.console.draw(step)

    def write_interval(self, step, lr, grad_norm, epoch):
        """One entry for the interval: the mean loss, but the gradient norm of its last step."""
        loss = round(sum(self.losses) / len(self.losses), 4)
        entry = {"loss": loss, "grad_norm": grad_norm, "learning_rate": lr, "epoch": epoch}
        self.console.log({**entry, "epoch": round(epoch, 2)}, step)
        self.history.append({**entry, "step": step})
        self.losses.clear()
        state = {
            "best_metric": None,
            "best_model_checkpoint": None,
            "epoch": epoch,
            "global_step": step,
            "is_hyper_param_search": False,
            "is_local_process_zero": True,
            "is_world_process_zero": True,
            "log_history": self.history,
            "logging_steps": LOGGING_STEPS,
            "max_steps": self.steps,
            "num_train_epochs": math.ceil(epoch * self.steps / step),
            "train_batch_size": self.batch_size,
            "trial_name": None,
            "trial_params": None,
        }
        text = json.dumps(state, indent=2, sort_keys=True) + "\n"
        write_atomically(self.folder / "trainer_state.json", text.encode())

    def close(self):
        self.console.emit("\n")
        self.metrics.close()


def brief(value):
    return float(f"{value:.7g}")


class Console:
    """Prints what Hugging Face's Trainer prints: a tqdm bar, and a dict every few steps."""

    def __init__(self, total):
        self.total, self.started, self.drawn_at, self.bar = total, time.time(), 0.0, ""

    def draw(self, step, force=False):
        if time.time() - self.drawn_at < 0.1 and not force:
            return
        elapsed, full = time.time() - self.started, step * 80 // self.total
        cells = ("█" * (full // 8) + " ▏▎▍▌▋▊▉"[full % 8]).ljust(10)[:10]
        rate = step / elapsed if step else None
        left = clock((self.total - step) / rate) if rate else "?"
        speed = "?it/s" if rate is None else f"{rate:5.2f}it/s" if rate >= 1 else f"{1 / rate:5.2f}s/it"
        percent = f"{step / self.total * 100:3.0f}%"
        bar = f"{percent}|{cells}| {step}/{self.total} [{clock(elapsed)}<{left}, {speed}]"
        self.emit("\r" + bar.ljust(len(self.bar)))
        self.drawn_at, self.bar = time.time(), bar

    def log(self, row, step):
        self.draw(step, force=True)
        self.emit("\r" + " " * len(self.bar) + "\r" + str(row) + "\n")
        self.draw(step, force=True)

    def emit(self, text):
        sys.stdout.write(text)
        sys.stdout.flush()


def clock(seconds):
    minutes, seconds = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"


def write_atomically(path, content):
    """A reader sees the old file or the whole new one, never half of it."""
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_bytes(content)
    os.replace(temporary, path)


def write_safetensors(path, tensors, metadata):
    header, body = {"__metadata__": metadata}, b""
    for name, tensor in tensors.items():
        content = tensor.contiguous().numpy().tobytes()
        header[name] = {
            "dtype": "F32",
            "shape": list(tensor.shape),
            "data_offsets": [len(body), len(body) + len(content)],
        }
        body += content
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    write_atomically(path, struct.pack("<Q", len(text)) + text + body)


def save_checkpoint(folder, model, step):
    """The weights, and the gradient taken at exactly these weights, before clipping.

    norms.json has the norms of both files, for comparison.
    """
    folder.mkdir(parents=True, exist_ok=True)
    report = {"step": step}
    files = {"gradient": ("grads", gradients(model)), "weight": ("model", weights(model))}
    for kind, (stem, tensors) in files.items():
        metadata = {"format": "pt", "step": str(step), "kind": kind}
        write_safetensors(folder / f"{stem}.safetensors", tensors, metadata)
        each = norms(tensors)
        total = math.sqrt(sum(norm * norm for norm in each.values()))
        report[kind] = {"global": total, "tensors": each}
    write_atomically(folder / "norms.json", json.dumps(report, indent=1).encode())
