"""Lets torch clip the gradients of a small network by norm and by value; prints what it did as JSON."""

import json

import torch

torch.manual_seed(3)
model = torch.nn.Sequential(
    torch.nn.Embedding(50, 16), torch.nn.LSTM(16, 24, batch_first=True)
)
head = torch.nn.Linear(24, 50)
parameters = [*model.parameters(), *head.parameters()]


def gradients(scale):
    tokens = torch.randint(0, 50, (8, 20))
    for parameter in parameters:
        parameter.grad = None
    hidden, _ = model(tokens)
    loss = scale * torch.nn.functional.cross_entropy(
        head(hidden[:, :-1]).flatten(0, 1), tokens[:, 1:].flatten()
    )
    loss.backward()
    return [parameter.grad.double() for parameter in parameters]


def norm(tensors):
    return torch.cat([tensor.flatten() for tensor in tensors]).norm().item()


def clipped_to(grads, max_norm):
    copies = [torch.nn.Parameter(torch.zeros_like(grad)) for grad in grads]
    for parameter, grad in zip(copies, grads):
        parameter.grad = grad.clone()
    total = torch.nn.utils.clip_grad_norm_(copies, max_norm).item()
    after = [parameter.grad for parameter in copies]
    ratios = [(b.norm() / a.norm()).item() for a, b in zip(grads, after)]
    return {"maxNorm": max_norm, "total": total, "after": norm(after), "coefficients": ratios}


def clamped_to(grads, limit):
    copies = [torch.nn.Parameter(torch.zeros_like(grad)) for grad in grads]
    for parameter, grad in zip(copies, grads):
        parameter.grad = grad.clone()
    torch.nn.utils.clip_grad_value_(copies, limit)
    after = [parameter.grad for parameter in copies]
    flat, flat_after = (torch.cat([t.flatten() for t in ts]) for ts in (grads, after))
    share = (flat.abs() >= limit).double().mean().item()
    cosine = torch.nn.functional.cosine_similarity(flat, flat_after, dim=0).item()
    return {"limit": limit, "share": share, "norm": norm(after), "cosine": cosine}


steps = []
for scale in [0.1, 0.5, 1, 2, 7, 40]:
    grads = gradients(scale)
    flat = torch.cat([grad.flatten() for grad in grads]).abs()
    exponents = torch.frexp(flat[flat > 0]).exponent - 1
    first = exponents.min().item()
    steps.append({
        "norms": [grad.norm().item() for grad in grads],
        "byNorm": [clipped_to(grads, max_norm) for max_norm in [0.05, 0.3, 1.0, 5.0, 1000.0]],
        "byValue": [clamped_to(grads, limit) for limit in [1e-4, 0.001, 0.0078125, 0.02, 0.5, 10.0]],
        "elements": {
            "elements": flat.numel(), "l1": flat.sum().item(), "l2": flat.norm().item(), "linf": flat.max().item(),
            "histogram": {"firstExponent": first, "counts": torch.bincount(exponents - first).tolist()},
        },
    })  # fmt: skip
print(json.dumps({"version": torch.__version__, "steps": steps}))
