"""Lets torch write checkpoints of several ranks into a folder, and prints the norms of what they hold as JSON."""

import json
import math
import os
import sys
import types
from collections import OrderedDict
from dataclasses import dataclass

import torch

folder = sys.argv[1]
RANKS = 3
SHAPES = OrderedDict([("emb.weight", (7, 5)), ("fc.weight", (3, 5)), ("fc.bias", (3,)), ("scale", ())])


@dataclass
class fragment_address:
    numel: int
    start: int


# DeepSpeed's own module, as far as a pickle names it.
module = types.ModuleType("deepspeed.utils.tensor_fragment")
fragment_address.__module__ = module.__name__
module.fragment_address = fragment_address
sys.modules.update({"deepspeed": types.ModuleType("deepspeed"), "deepspeed.utils": types.ModuleType("deepspeed.utils")})
sys.modules[module.__name__] = module

torch.manual_seed(1)
SLOTS = {slot: {name: torch.randn(shape) for name, shape in SHAPES.items()} for slot in ("fp32", "exp_avg", "exp_avg_sq")}


def model(weights):
    return {"module": weights, "param_shapes": [OrderedDict((n, torch.Size(s)) for n, s in SHAPES.items())]}


def norms(prefix_and_tensors):
    return {name: tensor.double().norm().item() for name, tensor in prefix_and_tensors.items()}


def states():
    return {f"{slot}/{name}": tensor for slot, tensors in SLOTS.items() for name, tensor in tensors.items()}


def stage2(path):
    os.makedirs(path)
    weights = OrderedDict((name, tensor.bfloat16()) for name, tensor in SLOTS["fp32"].items())
    torch.save(model(weights), f"{path}/mp_rank_00_model_states.pt")
    flat = {slot: torch.cat([tensor.flatten() for tensor in tensors.values()]) for slot, tensors in SLOTS.items()}
    padding = -len(flat["fp32"]) % (2 * RANKS)
    size = (len(flat["fp32"]) + padding) // RANKS
    for rank in range(RANKS):
        own = {slot: torch.cat([each, torch.zeros(padding)])[rank * size : (rank + 1) * size] for slot, each in flat.items()}
        lean = size - (padding if rank == RANKS - 1 else 0)
        addresses, offset = OrderedDict(), 0
        for name, tensor in SLOTS["fp32"].items():
            start, end = max(offset, rank * size), min(offset + tensor.numel(), (rank + 1) * size)
            offset += tensor.numel()
            if start < end:
                addresses[name] = fragment_address(numel=end - start, start=start - rank * size)
        state = {0: {"step": 4, "exp_avg": own["exp_avg"], "exp_avg_sq": own["exp_avg_sq"]}}
        optimizer = {
            "base_optimizer_state": {"state": state, "param_groups": [{"lr": 0.1, "params": [0]}]},
            "single_partition_of_fp32_groups": [own["fp32"][:lean]],
            "zero_stage": 2,
            "group_paddings": [size - lean],
            "partition_count": [RANKS],
            "param_slice_mappings": [addresses],
        }
        torch.save({"optimizer_state_dict": optimizer}, f"{path}/zero_pp_rank_{rank}_mp_rank_00_optim_states.pt")
    return norms({**weights, **states()})


def stage3(path):
    os.makedirs(path)
    for rank in range(RANKS):
        names = f"{path}/zero_pp_rank_{rank}_mp_rank_00"
        torch.save(model(OrderedDict((name, torch.empty(0)) for name in SHAPES)), f"{names}_model_states.pt")
        own = {}
        for slot, tensors in SLOTS.items():
            sizes = {name: math.ceil(tensor.numel() / RANKS) for name, tensor in tensors.items()}
            padded = {n: torch.cat([t.flatten(), torch.zeros(sizes[n] * RANKS - t.numel())]) for n, t in tensors.items()}
            own[slot] = torch.cat([padded[n][rank * sizes[n] : (rank + 1) * sizes[n]] for n in tensors])
        cuts = [0, 5, len(own["fp32"])]
        groups = [{slot: each[start:end].clone() for slot, each in own.items()} for start, end in zip(cuts, cuts[1:])]
        state = {at: {"step": 4, "exp_avg": g["exp_avg"], "exp_avg_sq": g["exp_avg_sq"]} for at, g in enumerate(groups)}
        optimizer = {
            "zero_stage": 3,
            "partition_count": RANKS,
            "optimizer_state_dict": {"state": state, "param_groups": [{"lr": 0.1}]},
            "fp32_flat_groups": [group["fp32"] for group in groups],
        }
        torch.save({"optimizer_state_dict": optimizer}, f"{names}_optim_states.pt")
    return norms(states())


def distributed(path):
    import torch.distributed.checkpoint as dcp

    state = {"model": SLOTS["fp32"], "optim": {"state": {"fc.bias": {"exp_avg": SLOTS["exp_avg"]["fc.bias"]}}}}
    dcp.save(state, checkpoint_id=path, no_dist=True)
    tensors = {f"model.{name}": tensor for name, tensor in SLOTS["fp32"].items()}
    return norms({**tensors, "optim.state.fc.bias.exp_avg": SLOTS["exp_avg"]["fc.bias"]})


writers = [stage2, stage3] + ([] if torch.__version__.startswith("1.") else [distributed])
print(json.dumps({write.__name__: write(f"{folder}/{write.__name__}") for write in writers}))
