"""Trains a small GAN whose two models have an optimizer and a clip each, and logs both norms as such trainings do.

Usage: python3 trainGan.py FOLDER
Writes FOLDER/metrics.jsonl and prints what is true of it: the generator is trained at every second step, its gradient is a
hundred times as large at one of them and NaN at another; one batch of real samples is far out, so that the discriminator's norm
jumps; both norms are from before clipping.
"""

import json
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

STEPS, FAR_STEP, LOUD_STEP, NAN_STEP = 400, 260, 220, 330
FACTORS = {LOUD_STEP: 100.0, NAN_STEP: float("nan")}
CLIP = {"grad_norm_d": 2.0, "grad_norm_g": 0.5}

torch.manual_seed(5)
torch.set_num_threads(1)
generator = nn.Sequential(nn.Linear(8, 32), nn.LeakyReLU(0.2), nn.Linear(32, 2))
discriminator = nn.Sequential(nn.Linear(2, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
optimizers = {
    model: torch.optim.Adam(model.parameters(), 2e-3, betas=(0.5, 0.99)) for model in (generator, discriminator)
}


def real_samples(step):
    angles = torch.randint(0, 8, (64,)) * (torch.pi / 4)
    samples = torch.stack([angles.cos(), angles.sin()], 1) + 0.05 * torch.randn(64, 2)
    return samples * 60 if step == FAR_STEP else samples


def update(model, loss, max_norm):
    """What is logged is what clip_grad_norm_ gives: the norm before clipping. A step without a finite one is left out."""
    optimizers[model].zero_grad()
    loss.backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm).item()
    if norm == norm:
        optimizers[model].step()
    return norm


def train_step(step):
    fakes = generator(torch.randn(64, 8))
    real, fake = discriminator(real_samples(step)), discriminator(fakes.detach())
    loss = functional.softplus(-real).mean() + functional.softplus(fake).mean()
    row = {"step": step, "loss_d": loss.item()}
    row["grad_norm_d"] = update(discriminator, loss, CLIP["grad_norm_d"])
    if step % 2 == 0:
        loss = functional.softplus(-discriminator(fakes)).mean()
        row["loss_g"] = loss.item()
        row["grad_norm_g"] = update(generator, loss * FACTORS.get(step, 1), CLIP["grad_norm_g"])
    return {key: value if key == "step" else float(f"{value:.6g}") for key, value in row.items()}


rows = [train_step(step) for step in range(STEPS)]
Path(sys.argv[1], "metrics.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
print(json.dumps({"version": torch.__version__, "steps": STEPS, "far": FAR_STEP, "loud": LOUD_STEP, "nan": NAN_STEP, "clip": CLIP}))
