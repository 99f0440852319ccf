"""Train Model against the plain libraries' best call on the same frame: time and peak memory, in separate processes, in turns, medians.

The frame is in memory and the libraries are warm when the clock starts. The plain call is scikit-learn's or LightGBM's, with the same
columns, penalty and trees, and the solver and layout that are fastest there. The peak is the resident high-water mark of the whole process; `grown` is
the difference to the resident size when the clock started.
CPU time is comparable even on a machine under other load. Run: python -m tests.bench.fit [--whole] [CASE ...]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import polars as pl

from pipelines import ALLOCATOR

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "designer" / "datasets" / "samples"
LEARNERS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "linear": ("regression.linear_regression", {}),
    "descent": ("regression.linear_regression", {"method": "gradient_descent"}),
    "logistic": ("classification.two_class_logistic_regression", {}),
    "trees": ("regression.boosted_trees", {}),
    "trees_two_class": ("classification.two_class_boosted_trees", {}),
}
CASES = [f"{table}_{learner}" for table in ("adult", "flights", "million") for learner in LEARNERS] + ["wide_logistic"]
SHORT = ["adult_linear", "adult_logistic", "adult_trees_two_class", "flights_linear", "flights_logistic", "wide_logistic"]
MOST_KEPT = 100  # distinct texts of a column that are kept, as in Train Model


def measure(cases: Sequence[str] = SHORT, rounds: int = 3) -> dict[str, float]:
    """Seconds and peak bytes of Easel and of the plain call for each case, and their ratios."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="easel-fit-") as scratch:
        for case in cases:
            file = Path(scratch) / f"{case}.arrow"
            frame(case).write_ipc(file)
            turns = [{way: _in_a_process(way, case, file) for way in WAYS} for _ in range(rounds)]
            file.unlink()
            for what in ("seconds", "cpu_seconds", "peak_bytes", "grown_bytes"):
                own, plain = (median(turn[way][what] for turn in turns) for way in WAYS)
                key = f"fit_{case}_{what}"
                figures |= {key: own, f"{key}_plain": plain, f"{key}_ratio": own / plain}
    return figures


def frame(case: str) -> pl.DataFrame:
    """The rows of a case; the label is `label`."""
    table, learner = case.split("_", 1)
    two_class = learner in ("logistic", "trees_two_class")
    random = np.random.default_rng(0)
    if table == "adult":
        people = pl.read_parquet(SAMPLES / "adult_census_income.parquet")
        return people.rename({"income" if two_class else "hours-per-week": "label"})
    if table == "flights":
        flights = pl.read_parquet(SAMPLES / "flights.parquet").drop_nulls("arr_delay").drop("year").rename({"arr_delay": "label"})
        return flights.with_columns(pl.col("label") > 15) if two_class else flights
    if table == "wide":
        return pl.DataFrame(random.normal(size=(200, 2_000))).with_columns(label=pl.Series(random.random(200) > 0.5))
    rows = 1_000_000
    numbers = {f"x{place}": random.standard_normal(rows) for place in range(7)}
    texts = {f"text{many}": random.integers(0, many, rows) for many in (3, 12, 30, 80)}
    shift = numbers["x0"] - 0.5 * numbers["x1"] + 0.3 * numbers["x2"] ** 2 + texts["text12"] / 6 - 1 + random.standard_normal(rows)
    columns = {**numbers, **{name: pl.Series(values).cast(pl.String) for name, values in texts.items()}, "label": shift}
    million = pl.DataFrame(columns).with_columns(x3=pl.when(pl.Series(random.random(rows) > 0.05)).then("x3"))
    return million.with_columns(pl.col("label") > 0) if two_class else million


def easel(learner: str, table: pl.DataFrame) -> Callable[[pl.DataFrame], Any]:
    """The function of the step Train Model."""
    from pipelines.catalogue.discover import catalogue  # noqa: PLC0415
    from pipelines.catalogue.invoke import call  # noqa: PLC0415
    from pipelines.catalogue.ports import Table  # noqa: PLC0415

    module, settings = catalogue().modules[LEARNERS[learner][0]], LEARNERS[learner][1]
    untrained = call(module, module.function, {}, module.read_settings(settings))["model"]
    train = catalogue().modules["training.train_model"]
    given = train.read_settings({"label": "label"})
    return lambda rows: call(train, train.function, {"untrained": [untrained], "table": [Table(rows)]}, given)


def plain(learner: str, table: pl.DataFrame) -> Callable[[pl.DataFrame], Any]:
    """The same without Easel."""
    if learner.startswith("trees"):
        return lambda rows: _plain_trees(learner, rows)
    from sklearn.compose import TransformedTargetRegressor  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression, Ridge, SGDRegressor  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415

    models: Mapping[str, Callable[[], Any]] = {
        "linear": lambda: Ridge(alpha=0.001 * table.height),
        "descent": lambda: TransformedTargetRegressor(
            SGDRegressor(alpha=0.001, eta0=0.002, max_iter=10, tol=None, random_state=0), transformer=StandardScaler()
        ),
        "logistic": lambda: LogisticRegression(max_iter=1000),
    }
    return lambda rows: make_pipeline(plain_columns(rows, sparse=learner != "descent"), models[learner]()).fit(
        rows.drop("label"), rows["label"].to_numpy()
    )


def plain_columns(rows: pl.DataFrame, *, sparse: bool) -> Any:
    """Numbers filled, marked and scaled, and one-hot columns of texts; the label is `label`."""
    from sklearn.compose import ColumnTransformer  # noqa: PLC0415
    from sklearn.impute import SimpleImputer  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415
    from sklearn.preprocessing import OneHotEncoder, StandardScaler  # noqa: PLC0415

    features = rows.drop("label")
    texts = [name for name, dtype in features.schema.items() if dtype == pl.String]
    many = [name for name in texts if features[name].n_unique() > MOST_KEPT]
    few = [name for name in texts if name not in many]
    steps = [
        ("numbers", make_pipeline(SimpleImputer(add_indicator=True), StandardScaler()), [n for n in features.columns if n not in texts]),
        ("few", OneHotEncoder(handle_unknown="ignore", sparse_output=sparse), few),
        ("many", OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=MOST_KEPT, sparse_output=sparse), many),
    ]
    return ColumnTransformer([step for step in steps if step[2]], sparse_threshold=1 if sparse else 0)


def plain_codes(rows: pl.DataFrame) -> tuple[Any, list[int]]:
    """Numbers and codes of texts as a matrix, and which columns are codes; the label is `label`."""
    from sklearn.compose import ColumnTransformer  # noqa: PLC0415
    from sklearn.preprocessing import OrdinalEncoder  # noqa: PLC0415

    features = rows.drop("label")
    texts = [name for name, dtype in features.schema.items() if dtype == pl.String]
    numbers = [name for name in features.columns if name not in texts]
    codes = OrdinalEncoder(max_categories=MOST_KEPT, handle_unknown="use_encoded_value", unknown_value=float("nan"))
    matrix = ColumnTransformer([("numbers", "passthrough", numbers), ("texts", codes, texts)]).fit_transform(features)
    return matrix, list(range(len(numbers), len(features.columns)))


def _plain_trees(learner: str, rows: pl.DataFrame) -> Any:
    from lightgbm import LGBMClassifier, LGBMRegressor  # noqa: PLC0415

    matrix, categories = plain_codes(rows)
    rate = next((rate for most, rate in ((10_000, 0.05), (30_000, 0.1)) if rows.height <= most), 0.2)
    settings = {
        "num_leaves": 20,
        "min_child_samples": 5,
        "learning_rate": rate,
        "subsample": 0.8,
        "subsample_freq": 1,
        "colsample_bytree": 0.5,
        "reg_lambda": 1,
    }
    model = (LGBMClassifier if learner == "trees_two_class" else LGBMRegressor)(**settings, verbose=-1, force_col_wise=True)
    return model.fit(matrix, rows["label"].to_numpy(), categorical_feature=categories)


WAYS: Mapping[str, Callable[[str, pl.DataFrame], Callable[[pl.DataFrame], Any]]] = {"easel": easel, "plain": plain}


def _in_a_process(way: str, case: str, file: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.fit", "--child", way, case, str(file)]
    # Easel configures Polars' allocator and OpenMP; the plain call uses their defaults
    env = {name: value for name, value in os.environ.items() if name not in (ALLOCATOR[0], "OMP_WAIT_POLICY")}
    said = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout
    figures: dict[str, float] = json.loads(said)
    return figures


def _fit(way: str, case: str, file: Path) -> dict[str, float]:
    table = pl.read_ipc(file)
    work = WAYS[way](case.split("_", 1)[1], table)
    work(table.gather_every(max(1, table.height // 500)))
    Path("/proc/self/clear_refs").write_text("5")
    before = _bytes("VmRSS")
    started, used = time.perf_counter(), time.process_time()
    work(table)
    seconds = {"seconds": time.perf_counter() - started, "cpu_seconds": time.process_time() - used}
    return {**seconds, "peak_bytes": (peak := _bytes("VmHWM")), "grown_bytes": peak - before}


def _bytes(name: str) -> int:
    return int(Path("/proc/self/status").read_text().partition(f"{name}:")[2].split()[0]) * 1024


def main() -> None:
    """Measure the requested cases and print them."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.fit", description="Measure Train Model beside the plain libraries; prints JSON."
    )
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of {', '.join(CASES)}; {', '.join(SHORT)} when none is named")
    parser.add_argument("--whole", action="store_true", help="all cases, some of which take minutes")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        way, case, file = asked.cases
        print(json.dumps(_fit(way, case, Path(file))))
        return
    if strange := set(asked.cases) - set(CASES):
        parser.error(f"no such case: {', '.join(sorted(strange))}; there are {', '.join(CASES)}")
    figures = measure(asked.cases or (CASES if asked.whole else SHORT), asked.rounds)
    print(json.dumps({name: float(f"{value:.4g}") for name, value in figures.items()}, indent=2))


if __name__ == "__main__":
    main()
