"""Train Best Model beside FLAML and AutoGluon: `python -m tests.bench.automl --seconds 60 --splits 3 --tables telco_churn`.

The same rows are trained on and kept, and each gets the same seconds, one after the other on the same cores. Easel runs as people run it: the table is
uploaded, and a pipeline is executed by two worker processes. Its seconds are those from the start of its step to its end. The peers run in
environments of their own in `.make/peer-NAME`, which are made on demand; one that cannot be installed is left out, with the reason on stderr.

Results are appended to `--file`, a JSON object a line; what is in it already is not measured again. So the peers can be measured once.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tests.support.app_server import ROOT, Person, easel
from tests.support.module_runner import dataset

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
OURS = "easel"
SHARE = 0.3  # of the rows are kept
BUDGET = 0.02  # of which the seconds may differ
Case = tuple[str, int]


def main() -> None:
    """Print a line for each table, split and way, then the mean ranks and what else is asked of Easel."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--splits", type=int, nargs="*", default=[0, 1, 2])
    arguments.add_argument("--tables", nargs="*", default=list(TABLES), choices=list(TABLES))
    arguments.add_argument("--ways", nargs="*", default=[OURS, *PEERS], choices=[OURS, *PEERS])
    arguments.add_argument("--file", type=Path, help="where results are kept, and read from")
    asked = arguments.parse_args()
    known = [json.loads(line) for line in asked.file.read_text().splitlines()] if asked.file and asked.file.exists() else []
    known = [each for each in known if each["budget"] == asked.seconds]
    cases = [(table, split) for split in asked.splits for table in asked.tables]
    for told in _measured(cases, asked.ways, known, asked.seconds):
        known.append(told)
        if asked.file:
            with asked.file.open("a") as file:
                file.write(json.dumps(told) + "\n")
    _print(cases, known, asked.seconds)


def _measured(cases: Sequence[Case], ways: Sequence[str], known: Sequence[Mapping[str, Any]], seconds: float) -> Iterator[dict[str, Any]]:
    """Yield what each way gives for each case that is not known."""
    done = {(each["table"], each["split"], each["way"]) for each in known}
    waiting = [(*case, way) for case in cases for way in ways if (*case, way) not in done]
    pythons = {way: python for way in dict.fromkeys(way for *_, way in waiting) if way != OURS and (python := installed(way, PEERS[way]))}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        person = stack.enter_context(easel({"EASEL_MODULES": ""})) if any(way == OURS for *_, way in waiting) else None
        for table, split, way in waiting:
            if way != OURS and way not in pythons:
                continue
            label, metric, log = TABLES[table]
            frame = dataset(table).frame
            frame = frame.with_columns(pl.col(label).log()) if log else frame
            order = np.random.default_rng(split).permutation(frame.height)
            cut = int(frame.height * SHARE)
            frame[np.sort(order[:cut])].write_parquet(folder / "kept.parquet")
            frame[np.sort(order[cut:])].write_parquet(folder / "seen.parquet")
            if way == OURS:
                assert person
                told = _ours(person, folder, label, metric, seconds)
            else:
                told = _theirs(way, pythons[way], folder, label, metric, seconds)
            yield {"table": table, "split": split, "way": way, "budget": seconds, **told}


def _ours(person: Person, folder: Path, label: str, metric: str, seconds: float) -> dict[str, Any]:
    seen, kept = (person.upload(folder / f"{name}.parquet")["name"] for name in ("seen", "kept"))
    nodes = {
        "seen": {"module": "data.dataset", "params": {"dataset": seen}},
        "kept": {"module": "data.dataset", "params": {"dataset": kept}},
        "best": {"module": "training.train_best_model", "params": {"label": label, "metric": metric, "seconds": seconds}},
        "score": {"module": "scoring.score_model", "params": {}},
        "evaluate": {"module": "evaluation.evaluate_model", "params": {}},
    }
    edges = [["seen.table", "best.table"], ["best.model", "score.model"], ["kept.table", "score.table"], ["score.table", "evaluate.scored"]]
    pipeline = person.pipeline({"format": 1, "name": "Best model", "nodes": nodes, "edges": edges})
    _, state = person.run(pipeline, patience=max(120.0, seconds))  # a large winner says little while it is trained
    found = person.call("GET", f"/api/runs/?pipeline={pipeline}")
    run = person.call("GET", f"/api/runs/{(found['results'] if isinstance(found, dict) else found)[0]['id']}/")
    if state != "done":
        raise RuntimeError(f"The search is {state}: {run['steps']['best']['error']}")

    def report(node: str) -> Any:
        return person.call("GET", f"/api/runs/{run['id']}/outputs/{node}/report/report/")

    # The step starts again after its search, so its own start is not that of the search: it starts when its table is there.
    took = datetime.fromisoformat(run["steps"]["best"]["finished_at"]) - datetime.fromisoformat(run["steps"]["seen"]["finished_at"])
    told = report("best")
    winner, judged = told["metrics"][0], report("evaluate")
    value = judged["metrics"][0]["metrics"][metric]
    low, high = next(block for block in judged["blocks"] if block["type"] == "figures")["rows"][0]["intervals"][metric]
    facts = {row[0]: row[1] for block in told["blocks"] if block["title"] == "Search" for row in block["rows"]}
    return {
        "loss": -value if metric == "auc" else value,
        "seconds": took.total_seconds(),
        "note": f"{winner['name']}; {facts['Trials']} trials. {facts['Ended']}",
        "estimate": winner["metrics"][metric],
        "estimate_error": winner["metrics"]["standard_error"],
        "kept": value,
        "kept_error": (high - low) / (2 * 1.96),
    }


def _theirs(peer: str, python: Path, folder: Path, label: str, metric: str, seconds: float) -> dict[str, Any]:
    script = Path(__file__).with_name("automl_peer.py")
    done = subprocess.run([python, script, peer, folder, label, metric, str(seconds)], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        return {"loss": float("inf"), "seconds": seconds, "note": "failed"}
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _print(cases: Sequence[Case], known: Sequence[Mapping[str, Any]], seconds: float) -> None:
    ranks: dict[str, list[int]] = defaultdict(list)
    kept_budget, close, worse = [], [], []
    for table, split in cases:
        told = sorted((each for each in known if (each["table"], each["split"]) == (table, split)), key=lambda each: each["loss"])
        for place, each in enumerate(told, 1):
            ranks[each["way"]].append(place)
            print(
                f"{table:20} split {split}  {each['way']:10} loss {each['loss']:9.5f}  {each['seconds']:6.1f} s  rank {place}  {each['note']}"
            )
            if each["way"] == OURS:
                error = each["kept_error"]
                if each["note"].endswith("The time was over."):
                    kept_budget.append(abs(each["seconds"] / seconds - 1) <= BUDGET)
                close.append(abs(each["estimate"] - each["kept"]) <= 2 * error)
                worse.append((each["loss"] - told[0]["loss"]) / error)
                print(f"{'':30} estimate {each['estimate']:.5f} ± {each['estimate_error'] or 0:.5f}, kept {each['kept']:.5f} ± {error:.5f}")
    for way, places in ranks.items():
        print(f"{way:10} mean rank {sum(places) / len(places):.2f} over {len(places)}")
    if worse:
        print(f"worse than the best by {max(worse):.2f} standard errors of the kept rows at most")
        print(
            f"budget within {BUDGET:.0%}: {sum(kept_budget)} of {len(kept_budget)} that time ended; estimate within two standard errors: {sum(close)} of {len(close)}"
        )


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
