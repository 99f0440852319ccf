"""Runs exported scripts in an interpreter without Easel, and compares all that comes out with a run."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
from polars.testing import assert_frame_equal

from pipelines import flow
from pipelines.flow import Exported
from pipelines.models import Run

SECONDS = "Seconds"  # the column of trials, and the first word of the row of a report, that tell how long they took

# Runs a script, then lists what of Easel was imported: nothing.
GUARD = """
import json, runpy, sys
script, report = sys.argv[1:3]
sys.argv = [script, *sys.argv[3:]]
try:
    runpy.run_path(script, run_name="__main__")
finally:
    tops = sorted({name.partition(".")[0] for name in sys.modules})
    open(report, "w").write(json.dumps(tops))
"""


def write(exported: Exported, folder: Path) -> Path:
    """Write a script with its datasets beside it."""
    (folder / "data").mkdir(parents=True)
    for file in exported.files:
        flow.table(file.output, file.scope).frame.write_parquet(folder / "data" / file.name)
    script = folder / f"{exported.name}.py"
    script.write_text(exported.script)
    return script


def run_alone(
    script: Path, *arguments: str, timeout: float = 600, env: Mapping[str, str] | None = None, python: str = sys.executable
) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Run a script isolated: no folder of the project is on the path, and no variable of the environment but the given ones is set."""
    guard, seen = script.with_name("guard.py"), script.with_name("seen.json")
    guard.write_text(GUARD)
    done = subprocess.run(
        [python, "-I", str(guard), str(script), str(seen), *arguments],
        cwd=script.parent,
        env={"PATH": "/usr/bin:/bin", "HOME": str(script.parent), **(env or {})},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return done, json.loads(seen.read_text()) if seen.exists() else []


def compared(run: Run, results: Path) -> dict[str, str]:
    """How each table and report of a run differs from that of a script; "same" where it does not. How long a trial took is not compared."""
    found: dict[str, str] = {}
    for step, outputs in flow.steps(run):
        for port in outputs:
            output = flow.output(run, step.node, port)
            assert output is not None
            if output.kind == "table":
                found[f"{step.node}.{port}"] = _table(flow.table(output, run.scope).frame, results / f"{step.node}.{port}.parquet")
            elif output.report:
                found[f"{step.node}.{port}"] = _report(flow.report(output, run.scope), results / f"{step.node}.{port}.json")
    return found


def _table(ours: pl.DataFrame, file: Path) -> str:
    if not file.exists():
        return "missing"
    try:
        theirs = pl.read_parquet(file)
        assert_frame_equal(*(each.drop(SECONDS, strict=False) for each in (ours, theirs)), check_exact=True, categorical_as_str=True)
        assert ours.columns == theirs.columns, "the columns differ"
    except AssertionError as differs:
        return str(differs).splitlines()[-1][:300]
    return "same"


def _report(ours: Any, file: Path) -> str:
    if not file.exists():
        return "missing"
    ours, theirs = _timeless(ours), _timeless(msgspec.json.decode(file.read_bytes()))
    return "same" if ours == theirs else f"differs at {_first(ours, theirs)}"


def _timeless(told: Any) -> Any:
    """A report without how long its trials took: the seconds of points of charts, and columns and rows of tables that are titled so."""
    if isinstance(told, dict):
        columns = told.get("columns")
        if isinstance(columns, list) and SECONDS in columns:
            at = columns.index(SECONDS)
            told = told | {"rows": [row[:at] + row[at + 1 :] for row in told["rows"]]}
        return {key: None if key == "seconds" else _timeless(value) for key, value in told.items()}
    if not isinstance(told, list):
        return told
    is_time = len(told) == 2 and isinstance(told[0], str) and told[0].startswith(SECONDS)
    return told[:1] if is_time else [_timeless(each) for each in told]


def _first(ours: Any, theirs: Any, place: str = "") -> str:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in ours.keys() | theirs.keys():
            if ours.get(key) != theirs.get(key):
                return _first(ours.get(key), theirs.get(key), f"{place}.{key}")
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for at, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            if one != other:
                return _first(one, other, f"{place}[{at}]")
    return f"{place}: {str(ours)[:60]} against {str(theirs)[:60]}"
