"""Train Best Model beside FLAML and AutoGluon: `python -m tests.bench.automl --seconds 60 --splits 3 --tables telco_churn`.

The same rows are trained on and kept, and each gets the same seconds, one after the other on the same cores. The peers run in environments of their
own in `.make/peer-NAME`, which are made on demand; one that cannot be installed is left out, with the reason on stderr.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tests.support.app_server import ROOT
from tests.support.module_runner import dataset, run

# label, metric, and whether the logarithm of the label is predicted
TABLES = {
    "adult_census_income": ("income", "auc", False),
    "telco_churn": ("churn", "auc", False),
    "ames_housing": ("Sale_Price", "root_mean_squared_error", True),
    "credit_risk": ("Status", "auc", False),
    "taxi_tips": ("tip", "auc", False),
    "digits": ("digit", "log_loss", False),
}
PEERS = {
    "flaml": ("flaml[automl]", "catboost", "polars", "pyarrow"),
    "autogluon": ("autogluon.tabular[lightgbm,catboost,xgboost]", "polars", "pyarrow"),
}
SHARE = 0.3  # of the rows are kept


def main() -> None:
    """Print a line for each table, split and way, then the mean ranks."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--splits", type=int, default=3)
    arguments.add_argument("--tables", nargs="*", default=list(TABLES), choices=list(TABLES))
    arguments.add_argument("--peers", nargs="*", default=list(PEERS), choices=list(PEERS))
    asked = arguments.parse_args()
    pythons = {name: python for name in asked.peers if (python := installed(name, PEERS[name]))}
    ranks: dict[str, list[int]] = {name: [] for name in ("easel", *pythons)}
    for table in asked.tables:
        for split in range(asked.splits):
            told = _compared(table, split, asked.seconds, pythons)
            for place, (name, score, took, note) in enumerate(sorted(told, key=lambda one: one[1]), 1):
                ranks[name].append(place)
                print(f"{table:22} split {split}  {name:10} loss {score:9.5f}  {took:6.1f} s  rank {place}  {note}", flush=True)
    for name, places in ranks.items():
        print(f"{name:10} mean rank {sum(places) / max(len(places), 1):.2f} over {len(places)}")


def _compared(name: str, split: int, seconds: float, pythons: Mapping[str, Path]) -> list[tuple[str, float, float, str]]:
    """The loss on the kept rows, the seconds and a note of each way."""
    label, metric, log = TABLES[name]
    frame = dataset(name).frame
    frame = frame.with_columns(pl.col(label).log()) if log else frame
    order = np.random.default_rng(split).permutation(frame.height)
    cut = int(frame.height * SHARE)
    kept, seen = frame[np.sort(order[:cut])], frame[np.sort(order[cut:])]
    told = [("easel", *_ours(seen, kept, label, metric, seconds))]
    with tempfile.TemporaryDirectory() as folder:
        seen.write_parquet(f"{folder}/seen.parquet")
        kept.write_parquet(f"{folder}/kept.parquet")
        for peer, python in pythons.items():
            told.append((peer, *_theirs(peer, python, Path(folder), kept, label, metric, seconds)))
    return told


def _ours(seen: pl.DataFrame, kept: pl.DataFrame, label: str, metric: str, seconds: float) -> tuple[float, float, str]:
    started = time.perf_counter()
    found = run("training.train_best_model", {"label": label, "metric": metric, "seconds": seconds}, table=seen)
    took = time.perf_counter() - started
    scored = run("scoring.score_model", model=found["model"], table=kept)["table"]
    figures = run("evaluation.evaluate_model", scored=scored)["report"].metrics[0]["metrics"]
    told = found["report"].metrics[0]
    estimate, error = told["metrics"][metric], told["metrics"]["standard_error"]
    loss = -figures[metric] if metric == "auc" else figures[metric]
    return loss, took, f"{told['name']}, estimate {estimate:.5f} ± {error or 0:.5f}, kept {figures[metric]:.5f}"


def _theirs(peer: str, python: Path, folder: Path, kept: pl.DataFrame, label: str, metric: str, seconds: float) -> tuple[float, float, str]:
    script = Path(__file__).with_name("automl_peer.py")
    done = subprocess.run([python, script, peer, folder, label, metric, str(seconds)], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        return float("inf"), seconds, "failed"
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told["loss"], told["seconds"], told["note"]


def installed(peer: str, packages: Sequence[str]) -> Path | None:
    """The interpreter of a peer's environment; None, with the reason on stderr, where it cannot be installed."""
    home = ROOT / ".make" / f"peer-{peer}"
    python, mark = home / "bin" / "python", home / "installed"
    wanted = "\n".join(packages)
    uv = Path(sys.executable).with_name("uv")
    try:
        if not mark.exists() or mark.read_text() != wanted:
            subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, home], check=True)
            subprocess.run([uv, "pip", "install", "--quiet", "--python", python, *packages], check=True)
            mark.write_text(wanted)
    except (OSError, subprocess.CalledProcessError) as fault:
        print(f"{peer} is not compared: it could not be installed ({fault})", file=sys.stderr)
        return None
    return python


if __name__ == "__main__":
    main()
