"""Faults to plant into tables: `python -m tests.support.planted 5` judges the guardrails by tables without and with faults, over so many seeds."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from pipelines.catalogue.ports import Table
from pipelines.modelling.guardrails import Plan, guardrails
from tests.support.clean_tables import CLEAN, Case, Draw, integers_only, mixed, names, numbers

PLAN = Plan(folds=5, seconds=60, memory=8 * 1024**3)
Plant = Callable[[pl.DataFrame, Draw], pl.DataFrame]


def _with(make: Callable[[pl.DataFrame, Draw], object]) -> Plant:
    """A column `planted`."""
    return lambda frame, draw: frame.with_columns(pl.Series("planted", make(frame, draw)))  # type: ignore[arg-type]


def _positive(frame: pl.DataFrame) -> np.ndarray:
    return (frame["label"] == frame["label"].value_counts().sort("label")["label"][0]).to_numpy()


def _gapped(values: object, draw: Draw, rows: int, share: float) -> list[object]:
    return [None if gone else value for value, gone in zip(list(values), draw.random(rows) < share, strict=True)]  # type: ignore[call-overload]


def _days(draw: Draw, rows: int) -> list[datetime]:
    return [datetime(2021, 1, 1) + timedelta(minutes=int(n)) for n in draw.integers(0, 900_000, rows)]


WORDS = "good bad late phone screen battery service again never slow the of a was is my and it very not".split()
# By name: the guardrail that is to tell it, the tasks, and how it is planted.
FAULTS: dict[str, tuple[str, str, Plant]] = {
    "label missing": ("label_missing", "c r", lambda f, d: f.with_columns(label=pl.when(pl.Series(d.random(f.height) > 0.04)).then("label"))),
    "label missing as ?": ("label_missing", "c", lambda f, d: f.with_columns(label=pl.when(pl.Series(d.random(f.height) > 0.04)).then("label").otherwise(pl.lit("?")))),
    "label of one value": ("label_constant", "c", lambda f, d: f.with_columns(label=pl.lit("yes"))),
    "class of one row": ("small_class", "m", lambda f, d: f.with_columns(label=pl.when(pl.int_range(pl.len()) == 7).then(pl.lit("odd")).otherwise("label"))),
    "class of three rows": ("small_class", "c m", lambda f, d: f.with_columns(label=pl.when(pl.int_range(pl.len()) % (f.height // 3) == 7).then(pl.lit("odd")).otherwise("label"))),
    "one in fifty": ("imbalance", "c", lambda f, d: f.with_columns(label=pl.when(pl.Series(d.random(f.height) < 0.02)).then(pl.lit("yes")).otherwise(pl.lit("no")))),
    "classes spelt alike": ("similar_classes", "c m", lambda f, d: f.with_columns(label=pl.when(pl.Series(d.random(f.height) < 0.1)).then(pl.col("label").str.to_uppercase()).otherwise("label"))),
    "typos in the label": ("extreme_label", "r", lambda f, d: f.with_columns(label=pl.when(pl.int_range(pl.len()).is_in([5, 77, 111])).then(pl.col("label") * 1e4).otherwise("label"))),
    "label of 999999": ("extreme_label", "r", lambda f, d: f.with_columns(label=pl.when(pl.int_range(pl.len()).is_in([5, 77])).then(999_999.0).otherwise("label"))),
    "missing values": ("missing_values", "c r m", _with(lambda f, d: _gapped(d.normal(size=f.height), d, f.height, 0.2))),
    "99 % missing": ("missing_values", "c r m", _with(lambda f, d: _gapped(d.normal(size=f.height), d, f.height, 0.99))),
    "constant": ("constant", "c r m", _with(lambda f, d: ["DE"] * f.height)),
    "constant with gaps": ("constant_or_gaps", "c r m", _with(lambda f, d: _gapped([1.0] * f.height, d, f.height, 0.3))),
    "many categories": ("high_cardinality", "c r m", _with(lambda f, d: [f"{n}x" for n in d.choice(names(d, f.height // 3), f.height)])),
    "names of people": ("high_cardinality_or_id", "c r m", _with(lambda f, d: [f"{a} {b}" for a, b in zip(d.choice(names(d, 80), f.height), d.choice(names(d, 300), f.height), strict=True)])),
    "row number": ("id_columns", "c r m", _with(lambda f, d: np.arange(1, f.height + 1))),
    "row number at random": ("id_columns", "c r m", _with(lambda f, d: d.permutation(f.height) + 1_000)),
    "row number as decimal": ("id_columns", "c r m", _with(lambda f, d: np.arange(f.height) + 0.0)),
    "id with letters": ("id_columns", "c r m", _with(lambda f, d: [f"CUST-{n:06}" for n in d.permutation(f.height)])),
    "hash": ("id_columns", "c r m", _with(lambda f, d: [f"{n:016x}" for n in d.integers(0, 2**62, f.height)])),
    "large id": ("id_columns", "c r m", lambda f, d: f.with_columns(customer_id=pl.Series(d.choice(10**9, f.height, replace=False)))),
    "copies of rows": ("duplicate_rows", "c r m", lambda f, d: pl.concat([f, f.sample(max(f.height // 20, 12), seed=int(d.integers(1e6)))]).sample(fraction=1, shuffle=True, seed=1)),
    "copies with an id": ("duplicate_rows", "c r m", lambda f, d: pl.concat([f, f.head(f.height // 12)]).with_row_index("planted")),
    "label under another name": ("leak", "c m", _with(lambda f, d: ["grade " + str(label) for label in f["label"]])),
    "label as number": ("leak", "c", _with(lambda f, d: _positive(f).astype(int))),
    "near-copy of the label": ("leak", "r", _with(lambda f, d: f["label"].to_numpy() * 1.19 + d.normal(0, 0.01, f.height))),
    "near-copy of a class": ("leak", "c", _with(lambda f, d: np.where(d.random(f.height) < 0.002, ~_positive(f), _positive(f)).astype(int))),
    "date of what follows": ("leak", "c", _with(lambda f, d: [day if yes else None for day, yes in zip(_days(d, f.height), _positive(f), strict=True)])),
    "date of what follows, with gaps": ("leak", "c", _with(lambda f, d: [day if yes and d.random() > 0.15 else None for day, yes in zip(_days(d, f.height), _positive(f), strict=True)])),
    "amount of what follows": ("leak", "c", _with(lambda f, d: np.where(_positive(f), d.lognormal(3, 1, f.height).round(2), 0.0))),
    "time": ("time_order", "c r m", _with(lambda f, d: _days(d, f.height))),
    "day in order": ("time_order", "c r m", _with(lambda f, d: [date(2020, 1, 1) + timedelta(days=n) for n in range(f.height)])),
    "time as text": ("time_order", "c r m", _with(lambda f, d: [f"{day:%d/%m/%Y %H:%M}" for day in _days(d, f.height)])),
    "seconds": ("time_order", "c r m", lambda f, d: f.with_columns(timestamp=pl.Series([int(day.timestamp()) for day in _days(d, f.height)]))),
    "repeated key": ("repeated_keys", "c r m", lambda f, d: f.with_columns(patient_id=pl.Series(d.integers(0, max(f.height // 6, 12), f.height)))),
    "repeated key with letters": ("repeated_keys", "c r m", _with(lambda f, d: [f"S{n:04}" for n in d.integers(0, max(f.height // 8, 30), f.height)])),
    "group of things": ("repeated_keys", "c r m", lambda f, d: f.with_columns(household=pl.Series(d.integers(0, max(f.height // 4, 25), f.height)))),
    "prose": ("text", "c r m", _with(lambda f, d: [" ".join(d.choice(WORDS, int(d.integers(5, 20)))) for _ in range(f.height)])),
    "prices as text": ("numbers_as_text", "c r m", _with(lambda f, d: [f"${n:,.2f}" for n in d.uniform(900, 9_000, f.height)])),
    "euros as text": ("numbers_as_text", "c r m", _with(lambda f, d: [f"{int(n):,}".replace(",", ".") + ",50 €" for n in d.uniform(900, 9_000, f.height)])),
    "weights as text": ("numbers_as_text", "c r m", _with(lambda f, d: [f"{n:.1f} kg" for n in d.uniform(40, 99, f.height)])),
    "shares as text": ("numbers_as_text", "c r m", _with(lambda f, d: [f"{n:.1f}%" for n in d.uniform(0, 99, f.height)])),
    "numbers with words": ("numbers_as_text", "c r m", _with(lambda f, d: [("unknown" if d.random() < 0.05 else f"{n:.2f}") for n in d.uniform(0, 99, f.height)])),
    "decimal commas": ("numbers_as_text", "c r m", _with(lambda f, d: [f"{n:.2f}".replace(".", ",") for n in d.uniform(0, 99, f.height)])),
    "power as text": ("numbers_as_text", "c r m", _with(lambda f, d: [f"{n} bhp" for n in d.integers(40, 300, f.height)])),
    "codes of missing": ("missing_codes", "c r m", _with(lambda f, d: np.where(d.random(f.height) < 0.1, -999.0, d.gamma(2, 2, f.height).round(2)))),
    "few rows": ("few_rows", "c r m", lambda f, d: f.sample(45, seed=3)),
    "more columns than rows": ("few_rows", "c r m", lambda f, d: f.sample(100, seed=3).with_columns(pl.Series(f"n{n}", d.normal(size=100)) for n in range(30))),
}  # fmt: skip
SHIFTS: dict[str, Plant] = {
    "same": lambda f, d: f,
    "one number higher": lambda f, d: f.with_columns(pl.nth(1) + 1.5 * float(f[:, 1].cast(pl.Float64).std())),  # type: ignore[arg-type]
    "one column empty": lambda f, d: f.with_columns(pl.lit(None, f.dtypes[1]).alias(f.columns[1])),
    "several numbers somewhat higher": lambda f, d: f.with_columns((pl.col(name) + 0.5 * float(f[name].std())) for name in f.columns if f[name].dtype.is_float()),  # type: ignore[arg-type]
    "numbers no longer related": lambda f, d: f.with_columns((pl.col(name).shuffle(seed=place)) for place, name in enumerate(f.columns[:-1])),
    "other shares of the label": lambda f, d: pl.concat([f.filter(pl.Series(_positive(f))), f.filter(~pl.Series(_positive(f))).head(f.height // 25)]),
}  # fmt: skip
EITHER = {"constant_or_gaps": ("constant", "missing_values", "leak"), "high_cardinality_or_id": ("high_cardinality", "id_columns")}
BASES: dict[str, Callable[[Draw], Case]] = {
    "c": mixed, "r": lambda draw: mixed(draw, 1_000, "regression"), "m": lambda draw: mixed(draw, 1_000, "multi_class"),
    "c2": lambda draw: numbers(draw, 600), "r2": lambda draw: numbers(draw, 600, "regression"), "m2": lambda draw: numbers(draw, 600, "multi_class"),
    "c3": integers_only,
}  # fmt: skip


def found(frame: pl.DataFrame, task: str, later: pl.DataFrame | None = None) -> dict[str, str]:
    """The guardrails that did not pass, with their words."""
    rails = guardrails(Table(frame), "label", task, PLAN, None if later is None else Table(later))
    return {rail.id: rail.words for rail in rails if rail.state != "passed"}


def false_alarms(seeds: int) -> Counter[tuple[str, str]]:
    """What is told of tables without faults."""
    told: Counter[tuple[str, str]] = Counter()
    for name, make in CLEAN.items():
        for seed in range(seeds):
            frame, task = make(np.random.default_rng(seed))
            for id, words in found(frame, task).items():
                told[name, f"{id}: {words[:160]}"] += 1
    return told


def missed(seeds: int) -> tuple[int, Counter[str], Counter[tuple[str, str]]]:
    """How often a fault was planted, which ones were not named, and what else was told."""
    planted, lost, beside = 0, Counter[str](), Counter[tuple[str, str]]()
    for name, (id, kinds, plant) in FAULTS.items():
        for base, make in BASES.items():
            if base[0] not in kinds.split():
                continue
            for seed in range(seeds):
                draw = np.random.default_rng(seed)
                frame, task = make(draw)
                told = found(plant(frame, draw), "two_class" if task == "multi_class" and "one in" in name else task)
                planted += 1
                wanted = EITHER.get(id, (id,))
                lost[f"{name} ({id}) in {base}"] += not any(each in told for each in wanted)
                beside.update((name, f"{other}: {words[:120]}") for other, words in told.items() if other not in wanted)
    return planted, +lost, beside


def shifts(seeds: int) -> Counter[tuple[str, str]]:
    """What is told of tables to validate by."""
    told: Counter[tuple[str, str]] = Counter()
    for name, shift in SHIFTS.items():
        for base in ("c", "c2", "c3"):
            for seed in range(seeds):
                draw = np.random.default_rng(seed)
                (frame, task), (later, _) = BASES[base](draw), BASES[base](draw)
                told[f"{name}, {base}", found(frame, task, shift(later, draw)).get("drift", "passed")[:110]] += 1
    return told


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    alarms = false_alarms(many)
    print(f"{len(CLEAN)} clean tables × {many} seeds: {sum(alarms.values())} false alarms")
    for (name, words), times in sorted(alarms.items()):
        print(f"  {name}: {times} × {words}")
    total, lost, beside = missed(many)
    print(f"{len(FAULTS)} faults, planted {total} times: {sum(lost.values())} not named")
    for name, times in sorted(lost.items()):
        print(f"  {name}: {times}")
    print("Told beside the planted fault:")
    for (name, words), times in sorted(beside.items()):
        print(f"  {name}: {times} × {words}")
    print("Validation tables:")
    for (name, words), times in sorted(shifts(many).items()):
        print(f"  {name}: {times} × {words}")
