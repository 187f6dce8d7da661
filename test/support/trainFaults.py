"""Trains small models in which some gradients are zero, rightly or not, or NaN; prints the norm of every gradient at every step.

Usage: python3 trainFaults.py
Prints {"version", "runs": {name: [{tensor: norm}]}}; a parameter without a gradient is left out, as loggers do.
"""

import json

import torch
from torch import nn
from torch.nn import functional

BLOCKS, WIDTH, WORDS = 6, 16, 30


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.q_proj, self.k_proj = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.v_proj, self.o_proj = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)

    def forward(self, x):
        scores = self.q_proj(x) @ self.k_proj(x).transpose(1, 2) / WIDTH**0.5
        return self.o_proj(torch.softmax(scores, -1) @ self.v_proj(x))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.attn, self.norm2 = nn.LayerNorm(WIDTH), Attention(), nn.LayerNorm(WIDTH)
        self.fc1, self.fc2 = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.fc2(torch.relu(self.fc1(self.norm2(x))))


class Transformer(nn.Module):
    """The pooler is used by no loss, so its gradient is None and not zero."""

    def __init__(self):
        super().__init__()
        self.embed_tokens, self.layers = nn.Embedding(WORDS, WIDTH), nn.ModuleList(Block() for _ in range(BLOCKS))
        self.norm, self.lm_head, self.pooler = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, WORDS, bias=False), nn.Linear(WIDTH, WIDTH)

    def forward(self, words):
        x = self.embed_tokens(words)
        for block in self.layers:
            x = block(x)
        return self.lm_head(self.norm(x))

    def loss(self, step):
        words = torch.randint(0, WORDS, (4, 8), generator=torch.Generator().manual_seed(step))
        return functional.cross_entropy(self(words).flatten(0, 1), ((words * 3 + 1) % WORDS).flatten())


class LoRA(nn.Module):
    """B is zero at first, so that A has no gradient before the first update; the base is frozen."""

    def __init__(self, base):
        super().__init__()
        self.base_layer = base
        self.lora_A, self.lora_B = nn.Linear(WIDTH, 2, bias=False), nn.Linear(2, WIDTH, bias=False)
        nn.init.zeros_(self.lora_B.weight)

    def forward(self, x):
        return self.base_layer(x) + self.lora_B(self.lora_A(x))


class Convolutions(nn.Module):
    """Biases before batch normalisation, and a branch behind a gate that is zero at first."""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8)
        self.gate, self.branch, self.fc = nn.Parameter(torch.zeros(1)), nn.Conv2d(8, 8, 1), nn.Linear(8, 10)

    def loss(self, step):
        images = torch.randn(8, 3, 8, 8, generator=torch.Generator().manual_seed(step))
        x = torch.relu(self.bn1(self.conv1(images)))
        return functional.cross_entropy(self.fc((x + self.gate * self.branch(x)).mean((2, 3))), torch.arange(8))


class Experts(nn.Module):
    """Sixteen experts, of which the first few take all tokens in turn. Idle ones have a gradient of zeros."""

    def __init__(self, busy):
        super().__init__()
        self.busy, self.experts, self.head = busy, nn.ModuleList(nn.Linear(8, 8) for _ in range(16)), nn.Linear(8, 4)

    def loss(self, step):
        x = torch.randn(6, 8, generator=torch.Generator().manual_seed(step))
        chosen = step % self.busy
        outputs = [expert(x) * (1.0 if index == chosen else 0.0) for index, expert in enumerate(self.experts)]
        return functional.cross_entropy(self.head(x + sum(outputs)), torch.arange(6) % 4)


class BreakBackward(torch.autograd.Function):
    @staticmethod
    def forward(context, x):
        return x.clone()

    @staticmethod
    def backward(context, gradient):
        return gradient * float("nan")


def train(model, steps, before=lambda step: None):
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.SGD(trained, 0.05)
    rows = []
    for step in range(steps):
        before(step)
        optimizer.zero_grad(set_to_none=True)
        model.loss(step).backward()
        rows.append({name: p.grad.norm().item() for name, p in model.named_parameters() if p.grad is not None})
        optimizer.step()
    return rows


def adapted():
    model = Transformer().requires_grad_(False)
    for block in model.layers:
        block.attn.q_proj, block.attn.v_proj = LoRA(block.attn.q_proj), LoRA(block.attn.v_proj)
    return train(model, 60)


def with_dead_layer():
    model = Transformer()

    def kill(step):
        if step == 30:
            model.layers[3].fc1.bias.data.fill_(-1e3)

    return train(model, 80, kill)


def with_broken_block():
    model = Transformer()
    forward = model.layers[4].forward

    def break_backward(step):
        model.layers[4].forward = (lambda x: BreakBackward.apply(forward(x))) if step == 40 else forward

    return train(model, 60, break_backward)


torch.manual_seed(1)
torch.set_num_threads(1)
runs = {
    "transformer": train(Transformer(), 60),
    "LoRA": adapted(),
    "convolutions": train(Convolutions(), 60),
    "nine of sixteen experts busy": train(Experts(9), 60),
    "four of sixteen experts busy": train(Experts(4), 60),
    "a layer whose ReLU dies": with_dead_layer(),
    "a block whose backward breaks": with_broken_block(),
}
print(json.dumps({"version": torch.__version__, "runs": runs}).replace("NaN", '"NaN"'))  # JSON has no NaN.
