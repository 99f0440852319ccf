"""Parity: every sample that trains a model, its scoring graph derived and proven. Run: python -m tests.bench.parity [SAMPLE ...]

Each sample runs in a process of its own, so that none takes memory from another. Prints a table: of each output with scores, how many rows that the
run held out and made rows were compared, the largest difference, and the processor time to derive and to prove; else why it is refused.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pipelines.catalogue.discover import catalogue
from pipelines.graph import codec
from pipelines.serving.derivation import choices
from pipelines.serving.graph import CannotDerive
from tests.support.module_runner import DOCUMENTS, run_graph, sample
from tests.support.scoring import Trained

AUTOML = "training.train_best_model"  # searches for minutes; the models that it finds are those of the other samples
HEAD = "| Sample | Scores | Way | Held-out rows | Made rows | Largest difference | Derive, prove (s) |\n|---|---|---|---|---|---|---|"


class Found(NamedTuple):
    """What was found of one output: a row of the table."""

    sample: str
    scored: str
    words: str
    held_out: int = 0
    made: int = 0
    largest: float | None = None
    passed: bool = False
    seconds: tuple[float, float] = (0.0, 0.0)

    def __str__(self) -> str:
        """The row as Markdown."""
        if self.largest is None:
            return f"| {self.sample} | {self.scored} | {self.words} | | | | |"
        largest = f"{self.largest:.2g}{'' if self.passed else ', failed'}"
        return f"| {self.sample} | {self.scored} | {self.words} | {self.held_out} | {self.made} | {largest} | {self.seconds[0]:.1f}, {self.seconds[1]:.1f} |"


def trains(slug: str) -> bool:
    """Whether a sample trains a model."""
    return any(catalogue().modules[node.module].lineage.trains for node in codec.load(sample(slug)).nodes.values())


def skipped(slug: str) -> str:
    """Why a sample is not measured here; empty when it is."""
    used = [catalogue().modules[node.module] for node in codec.load(sample(slug)).nodes.values()]
    if any(module.id == AUTOML for module in used):
        return "not measured: it searches for minutes"
    absent = {module.extra for module in used if not module.is_installed}
    return f"not measured: the extra {', '.join(sorted(absent))} is not installed" if absent else ""


def measure(slug: str) -> Iterator[Found]:
    """Run a sample, and prove each of its outputs with scores."""
    drawn = sample(slug)
    ends = [str(end) for end in choices(codec.load(drawn), catalogue())]
    values = run_graph(drawn)
    for scored in ends or [None]:
        with tempfile.TemporaryDirectory() as scratch:
            yield proven(slug, drawn, Path(scratch), scored, values)


def proven(slug: str, drawn: dict[str, Any], scratch: Path, scored: str | None, values: Any) -> Found:
    """Derive and prove one output."""
    began = time.process_time()
    try:
        trained = Trained(drawn, scratch, scored, values)
    except CannotDerive as wrong:
        return Found(slug, scored or "—", f"refused: {wrong.problem.words}")
    derived = time.process_time()
    report = trained.proof()
    failed = "".join(f"; {case.title}: {case.detail}" for case in report.cases if not case.passed)
    made = next((case.rows for case in report.cases if case.name == "made_rows"), 0)
    seconds = (derived - began, time.process_time() - derived)
    return Found(slug, scored or "—", report.mode + failed, report.held_out, made, report.largest, report.passed, seconds)


def main() -> None:
    """Measure the samples that are named, or all that train a model."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.parity", description="Prove the scoring graphs of the samples.")
    parser.add_argument("samples", nargs="*", metavar="SAMPLE")
    parser.add_argument("--here", action="store_true", help="in this process; prints JSON")
    asked = parser.parse_args()
    if asked.here:
        print(json.dumps([each for slug in asked.samples for each in measure(slug)]))
        return
    print(HEAD, flush=True)
    wrong = 0
    for slug in asked.samples or filter(trains, sorted(file.stem for file in DOCUMENTS.glob("*.json"))):
        if why := skipped(slug):
            print(Found(slug, "—", why), flush=True)
            continue
        done = subprocess.run([sys.executable, "-m", "tests.bench.parity", "--here", slug], stdout=subprocess.PIPE, check=False)
        rows = [Found(*each) for each in json.loads(done.stdout)] if done.returncode == 0 else [Found(slug, "—", "failed, as told above")]
        wrong += sum(row.largest != 0 and not row.words.startswith("refused") for row in rows)
        print("\n".join(map(str, rows)), flush=True)
    if wrong:
        sys.exit(f"{wrong} outputs are not equal to the last bit.")


if __name__ == "__main__":
    main()
