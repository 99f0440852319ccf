"""Exports every sample as a script, runs it without Easel, and compares all tables and reports with a run: `python -m tests.bench.exports [NAME …]`.

With `--clean` each script runs in an environment of its own that has the packages of its head, as uv installs them, and nothing else.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

import django

HOME = tempfile.mkdtemp(prefix="easel_exports_")
os.environ |= {"EASEL_HOME": HOME, "DJANGO_SETTINGS_MODULE": "designer.config.settings", "EASEL_MODULES": ""}
django.setup()

from django.core.management import call_command  # noqa: E402

from designer.datasets.resolver import WorkspaceDatasets  # noqa: E402
from designer.documents.samples import Sample, samples  # noqa: E402
from designer.workspaces.links import local_workspace  # noqa: E402
from designer.workspaces.models import Workspace  # noqa: E402
from pipelines import flow  # noqa: E402
from tests.support.exports import compared, run_alone, write  # noqa: E402

SKIPPED = ("automl_",)  # searches within a time: no two runs are alike
OURS = {"pipelines", "designer", "django"}
CLEAN = "--clean"


def main(names: list[str]) -> None:
    """Print a line for each sample."""
    call_command("prepare", verbosity=0)
    workspace, clean = local_workspace(), CLEAN in names
    asked = [name for name in names if name != CLEAN]
    for name, sample in samples().items():
        if name in asked or (not asked and not name.startswith(SKIPPED)):
            print(_measured(sample, workspace, clean=clean), flush=True)
        elif not asked:
            print(f"{name:28} not compared: it searches within a time, so no two runs are alike", flush=True)


def _measured(sample: Sample, workspace: Workspace, *, clean: bool) -> str:
    graph, datasets, scope = flow.read(sample.document), WorkspaceDatasets(workspace), workspace.pk
    try:
        exported = flow.exported(graph, scope=scope, datasets=datasets)
    except flow.UnsoundGraph as unsound:
        return f"{sample.slug:28} not exported: " + " ".join(problem.words for problem in unsound.problems)
    began = time.perf_counter()
    run = flow.run_locally(graph, scope=scope, datasets=datasets)
    engine = time.perf_counter() - began
    folder = Path(HOME) / "exports" / sample.slug
    script = write(exported, folder)
    python = _environment(exported.script, folder) if clean else sys.executable
    began = time.perf_counter()
    done, seen = run_alone(script, "--results-dir", str(folder / "results"), timeout=3600, python=python)
    seconds = time.perf_counter() - began
    if done.returncode:
        return f"{sample.slug:28} failed: {(done.stderr.strip() or done.stdout.strip())[-300:]}"
    found = compared(run, folder / "results")
    other = {place: words for place, words in found.items() if words != "same"}
    words = (
        f"{len(found) - len(other)} of {len(found)} the same, {seconds:.1f} s (engine {engine:.1f} s), {len(exported.script) // 1000} kB"
    )
    strange = [*(OURS & set(seen)), *(() if clean else _undeclared(exported.script, seen))]
    lines = [f"{sample.slug:28} run {run.state}: {words}", *(f"    imports {each}" for each in strange)]
    return "\n".join([*lines, *(f"    {place}: {why}" for place, why in other.items())])


def _required(script: str) -> list[str]:
    """The requirements in the head of a script."""
    head = script.partition('# ///\n"""')[0]
    return [line.split('"')[1] for line in head.splitlines() if "==" in line]


def _environment(script: str, folder: Path) -> str:
    """An environment of the packages that a script requires; returns its interpreter."""
    uv, python = Path(sys.executable).with_name("uv"), folder / "environment" / "bin" / "python"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, python.parents[1]], check=True)
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, *_required(script)], check=True)
    return str(python)


def _undeclared(script: str, seen: list[str]) -> set[str]:
    """The distributions that were imported, and that the requirements in the head do not bring."""
    known = {each.partition("==")[0] for each in _required(script)}
    waiting = [*known]
    while waiting:
        for line in requires(waiting.pop()) or ():
            name = line.split(";")[0].split("[")[0].strip("() ").split(" ")[0]
            for mark in "<>=!~(":
                name = name.partition(mark)[0]
            name = name.lower().replace("_", "-")
            if "extra ==" not in line and name not in known:
                try:
                    requires(name)
                except PackageNotFoundError:  # for another platform
                    continue
                known.add(name)
                waiting.append(name)
    brought = packages_distributions()
    named = {
        top for top in seen if re.search(rf"^\s*(import|from) {re.escape(top)}\b", script, re.MULTILINE)
    }  # libraries use others where they happen to be
    return {top for top in named if top in brought and not {each.lower().replace("_", "-") for each in brought[top]} & known}


if __name__ == "__main__":
    main(sys.argv[1:])
