"""Trains a small transformer with AdamW and saves checkpoints, with what the gradients really were. Arguments: a folder."""

import json
import math
import sys
from pathlib import Path

import torch
from torch import nn

folder = Path(sys.argv[1])
torch.manual_seed(0)
torch.set_num_threads(1)

WIDTH, WORDS, LENGTH, STEPS, BETA1, BETA2, CLIP = 16, 24, 12, 300, 0.9, 0.98, 0.8


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln_1 = nn.LayerNorm(WIDTH)
        self.attn = nn.MultiheadAttention(WIDTH, 2, batch_first=True)
        self.ln_2 = nn.LayerNorm(WIDTH)
        self.c_fc = nn.Linear(WIDTH, 4 * WIDTH)
        self.c_proj = nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x):
        mask = torch.triu(torch.full((LENGTH, LENGTH), -math.inf), 1)
        y = self.ln_1(x)
        x = x + self.attn(y, y, y, attn_mask=mask, need_weights=False)[0]
        return x + self.c_proj(torch.relu(self.c_fc(self.ln_2(x))))


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.wte = nn.Embedding(WORDS, WIDTH)
        self.h = nn.ModuleList([Block() for _ in range(3)])
        self.ln_f = nn.LayerNorm(WIDTH)
        self.lm_head = nn.Linear(WIDTH, WORDS, bias=False)

    def forward(self, x):
        y = self.wte(x)
        for block in self.h:
            y = block(y)
        return self.lm_head(self.ln_f(y))


model = Model()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(BETA1, BETA2), weight_decay=0.1)


def batch():
    # Each word follows from the one before, but for noise: there is something to learn, and the gradient stays noisy.
    words = torch.randint(WORDS, (8, 1))
    for _ in range(LENGTH):
        following = (words[:, -1:] * 5 + 3) % WORDS
        noise = torch.randint(WORDS, (8, 1))
        words = torch.cat([words, torch.where(torch.rand(8, 1) < 0.7, following, noise)], 1)
    return words


def save(name, **more):
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), **more}, folder / name)


names = [name for name, _ in model.named_parameters()]
squares = {name: 0.0 for name in names}
truth = {}
for step in range(1, STEPS + 1):
    words = batch()
    logits = model(words[:, :-1])
    loss = nn.functional.cross_entropy(logits.reshape(-1, WORDS), words[:, 1:].reshape(-1))
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
    for name, parameter in model.named_parameters():
        squared = parameter.grad.double().square().sum().item()
        squares[name] = BETA2 * squares[name] + (1 - BETA2) * squared
    optimizer.step()
    if step == STEPS - 50:
        earlier = {name: p.detach().double().clone() for name, p in model.named_parameters()}
        save("before.pt")

# Each square is weighted as Adam weights it: sqrt of the average of the squared norms that were really there.
truth["norms"] = {name: math.sqrt(value / (1 - BETA2**STEPS)) for name, value in squares.items()}
truth["relative"] = {
    name: ((p.detach().double() - earlier[name]).norm() / earlier[name].norm()).item()
    for name, p in model.named_parameters()
}
# The length of an update by Adam's formula.
updates = {}
for name, p in model.named_parameters():
    state = optimizer.state[p]
    m = state["exp_avg"].double() / (1 - BETA1**STEPS)
    v = state["exp_avg_sq"].double() / (1 - BETA2**STEPS)
    updates[name] = (1e-3 * (m / (v.sqrt() + 1e-8)).norm() / p.detach().double().norm()).item()
truth["updates"] = updates
truth["spectral"] = {
    name: torch.linalg.svdvals(p.detach().double())[0].item() for name, p in model.named_parameters() if p.ndim == 2
}
save("after.pt")
for state in optimizer.state.values():
    state["exp_avg"].zero_()
    state["exp_avg_sq"].zero_()
save("lost.pt")
print(json.dumps(truth))
