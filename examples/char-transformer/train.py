"""Train a small character-level GPT and log the gradient norm of every tensor.

Steps --bad-from to --bad-to read a damaged shard: the same text, saved as UTF-16 and
opened as Latin-1. Every other character is then one the model has never seen.
"""

import argparse
import math
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from records import LOGGING_STEPS, TrainingLog, gradients, norms, save_checkpoint

LAYERS, HEADS, WIDTH, CONTEXT = 3, 4, 48, 64
BATCH = 24
WARMUP_STEPS = 40
MAX_GRAD_NORM = 1.0
UNKNOWN = 0  # the token of every character outside the vocabulary


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.c_attn = nn.Linear(WIDTH, 3 * WIDTH)
        self.c_proj = nn.Linear(WIDTH, WIDTH)
        self.register_buffer("future", torch.ones(CONTEXT, CONTEXT).triu(1).bool(), persistent=False)

    def forward(self, x):
        batch, length, _ = x.shape
        heads = self.c_attn(x).view(batch, length, 3, HEADS, WIDTH // HEADS)
        query, key, value = heads.permute(2, 0, 3, 1, 4)
        scores = query @ key.transpose(-2, -1) / math.sqrt(WIDTH // HEADS)
        scores = scores.masked_fill(self.future[:length, :length], -math.inf)
        mixed = scores.softmax(-1) @ value
        return self.c_proj(mixed.transpose(1, 2).reshape(batch, length, WIDTH))


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.c_fc = nn.Linear(WIDTH, 4 * WIDTH)
        self.c_proj = nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x):
        return self.c_proj(F.gelu(self.c_fc(x)))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln_1 = nn.LayerNorm(WIDTH)
        self.attn = Attention()
        self.ln_2 = nn.LayerNorm(WIDTH)
        self.mlp = MLP()

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class GPT(nn.Module):
    def __init__(self, vocabulary_size):
        super().__init__()
        self.transformer = nn.ModuleDict({
            "wte": nn.Embedding(vocabulary_size, WIDTH),
            "wpe": nn.Embedding(CONTEXT, WIDTH),
            "h": nn.ModuleList([Block() for _ in range(LAYERS)]),
            "ln_f": nn.LayerNorm(WIDTH),
        })
        self.lm_head = nn.Linear(WIDTH, vocabulary_size, bias=False)

    def forward(self, tokens):
        x = self.transformer.wte(tokens) + self.transformer.wpe.weight[: tokens.shape[1]]
        for block in self.transformer.h:
            x = block(x)
        return self.lm_head(self.transformer.ln_f(x))


def initialize(model):
    """The initial weights of GPT-2, with quieter projections into the residual stream."""
    for name, tensor in model.named_parameters():
        if name.endswith("bias"):
            nn.init.zeros_(tensor)
        elif tensor.dim() == 2:
            std = 0.02 / math.sqrt(2 * LAYERS) if name.endswith("c_proj.weight") else 0.02
            nn.init.normal_(tensor, std=std)
    torch.nn.init.normal_(model.transformer.wpe.weight, std=0.01)


def read_shards(path):
    """The text as tokens, twice: read correctly, and read with the wrong encoding."""
    text = path.read_text(encoding="utf-8")
    token_of = {character: token for token, character in enumerate(sorted(set(text)), UNKNOWN + 1)}
    misread = text.encode("utf-16-le").decode("latin-1")
    good, bad = (torch.tensor([token_of.get(c, UNKNOWN) for c in shard]) for shard in (text, misread))
    return good, bad, len(token_of) + 1


def draw_batch(tokens, generator):
    starts = torch.randint(len(tokens) - CONTEXT, (BATCH,), generator=generator)
    windows = torch.stack([tokens[start : start + CONTEXT + 1] for start in starts])
    return windows[:, :-1], windows[:, 1:]


def learning_rate(step, args):
    """Linear warm-up, then a cosine down to a tenth."""
    if step <= WARMUP_STEPS:
        return args.lr * step / WARMUP_STEPS
    progress = (step - WARMUP_STEPS) / max(1, args.steps - WARMUP_STEPS)
    return args.lr * (0.55 + 0.45 * math.cos(math.pi * progress))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    here = Path(__file__).parent
    parser.add_argument("--text", type=Path, default=here / "text.txt")
    parser.add_argument("--out", type=Path, default=here)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--optimizer", choices=["adamw", "sgd"], default="adamw")
    parser.add_argument("--lr", type=float, default=3e-3)
    parser.add_argument("--no-clip", action="store_true")
    parser.add_argument("--bad-from", type=int, default=240)
    parser.add_argument("--bad-to", type=int, default=243)
    parser.add_argument("--checkpoints", type=int, nargs="*", default=[200, 241, 400])
    parser.add_argument("--no-checkpoints", dest="checkpoints", action="store_const", const=[])
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def build(vocabulary_size, args):
    model = GPT(vocabulary_size)
    initialize(model)
    kind = {"adamw": torch.optim.AdamW, "sgd": torch.optim.SGD}[args.optimizer]
    return model, kind(model.parameters(), lr=args.lr)


def train(args):
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    generator = torch.Generator().manual_seed(args.seed)
    good, bad, vocabulary_size = read_shards(args.text)
    model, optimizer = build(vocabulary_size, args)
    max_grad_norm = math.inf if args.no_clip else MAX_GRAD_NORM

    args.out.mkdir(parents=True, exist_ok=True)
    log = TrainingLog(args.out, args.steps, BATCH)
    log.write_config(
        max_grad_norm=None if args.no_clip else MAX_GRAD_NORM,
        optimizer=args.optimizer,
        learning_rate=args.lr,
        seed=args.seed,
        parameters=sum(tensor.numel() for tensor in model.parameters()),
        torch=torch.__version__,
    )
    for step in range(1, args.steps + 1):
        lr = optimizer.param_groups[0]["lr"] = learning_rate(step, args)
        shard = bad if args.bad_from <= step <= args.bad_to else good
        inputs, targets = draw_batch(shard, generator)
        logits = model(inputs)
        loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten())
        optimizer.zero_grad()
        loss.backward()

        if step in args.checkpoints:
            save_checkpoint(args.out / f"checkpoint-{step}", model, step)
        tensor_norms = norms(gradients(model))
        grad_norm = torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=max_grad_norm)
        optimizer.step()

        tokens = step * inputs.numel()
        log.write_step(step, loss.item(), lr, grad_norm.item(), tokens, tensor_norms)
        if step % LOGGING_STEPS == 0:
            log.write_interval(step, lr, grad_norm.item(), epoch=tokens / len(good))
    log.close()

    # How far has the first block moved? Its projection starts at a norm of about 0.39.
    moved = model.transformer.h[0].attn.c_proj.weight
    print(f"norm of transformer.h.0.attn.c_proj.weight: {moved.norm():.3f}")


if __name__ == "__main__":
    train(parse_arguments())
