"""Writes logs of random rows as JSON Lines and as tables into a folder, and prints what Python's own json and csv read of them."""

import csv
import json
import math
import random
import struct
import sys

folder = sys.argv[1]
OTHERS = ["loss", "lr", "accuracy", "метрика", "a b", "norm \"q\"", "tab\tkey", "x/y", "\u2028"]


def number(chance):
    """Numbers as trainings log them: of all sizes, whole, not finite, missing."""
    what = chance.random()
    if what < 0.05:
        return math.nan
    if what < 0.08:
        return chance.choice([math.inf, -math.inf])
    if what < 0.15:
        return None
    if what < 0.25:
        return chance.randint(-(2**60), 2**60)
    if what < 0.3:
        return chance.choice([0.0, -0.0, 5e-324, 1.7976931348623157e308, 1e22, 123456789012345678])
    return chance.gauss(0, 1) * 10 ** chance.randint(-30, 30)


def rows(chance):
    """Steps that mostly grow, with some of the names in each row."""
    names = ["grad_norm", *chance.sample(OTHERS, chance.randint(1, len(OTHERS)))]
    step = chance.choice([0, 1, 10**9])
    for _ in range(chance.randint(1, 120)):
        step += chance.choice([1, 1, 1, 10, 0, -3 if step > 10 else 1])
        yield step, {name: number(chance) for name in names if chance.random() < 0.8}, names


def write_json(path, chance):
    nested = chance.random() < 0.3
    with open(path, "w", encoding="utf-8", newline="") as file:
        if chance.random() < 0.2:
            file.write("\ufeff")
        end = chance.choice(["\n", "\n", "\r\n"])
        for step, values, _ in rows(chance):
            row = {"step": step, **values}
            if nested:
                row = {"step": step, "train": {"deep": values}, "list": [1, 2], "text": "no {number}: \\ \" 7"}
            if chance.random() < 0.5:
                row = dict(chance.sample(sorted(row.items(), key=lambda item: item[0]), len(row)))
            style = chance.choice([{}, {"ensure_ascii": False}, {"separators": (",", ":")}])
            file.write(json.dumps(row, **style) + end)
            if chance.random() < 0.05:
                file.write(end)


def flat(row, prefix=""):
    for key, value in row.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}/")
        else:
            yield prefix + key, value


def read_json(path):
    series = {}
    with open(path, encoding="utf-8-sig", newline="") as file:
        for line in file.read().split("\n"):
            if line.strip():
                row = dict(flat(json.loads(line)))
                add(series, row["step"], row)
    return series


def add(series, step, row):
    for name, value in row.items():
        if name != "step" and isinstance(value, (int, float)) and not isinstance(value, bool):
            series.setdefault(name, []).append([float(step), shown(float(value))])


def shown(value):
    """Its bits, for JSON has no word for some numbers."""
    return struct.pack(">d", value).hex()


def write_csv(path, chance):
    delimiter = chance.choice([",", ",", "\t"])
    quoting = chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
    all_rows = list(rows(chance))
    names = [name for name in all_rows[0][2][1:] if "\t" not in name and "\u2028" not in name]
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, quoting=quoting, lineterminator=chance.choice(["\n", "\r\n"]))
        writer.writerow(["step", "grad_norm", *names])
        for step, values, _ in all_rows:
            cells = [values.get(name) for name in ["grad_norm", *names]]
            writer.writerow([step, *["" if cell is None else cell for cell in cells]])
    return delimiter


def read_csv(path, delimiter):
    series = {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=delimiter):
            add(series, row["step"], {name: float(cell) for name, cell in row.items() if cell != ""})
    return series


truth = {}
for seed in range(200):
    chance = random.Random(seed)
    write_json(f"{folder}/{seed}.jsonl", chance)
    truth[f"{seed}.jsonl"] = read_json(f"{folder}/{seed}.jsonl")
for seed in range(200, 400):
    chance = random.Random(seed)
    delimiter = write_csv(f"{folder}/{seed}.csv", chance)
    truth[f"{seed}.csv"] = read_csv(f"{folder}/{seed}.csv", delimiter)
print(json.dumps(truth))
