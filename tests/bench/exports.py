"""Exports every sample as a script, runs it without Easel, and compares all tables and reports with a run: `python -m tests.bench.exports [NAME …]`."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from importlib.metadata import packages_distributions, requires
from pathlib import Path

SKIPPED = ("automl_",)  # searches within a time: no two runs are alike


def main(names: list[str]) -> None:
    """Print a line for each sample."""
    import django

    home = tempfile.mkdtemp(prefix="easel_exports_")
    os.environ |= {"EASEL_HOME": home, "DJANGO_SETTINGS_MODULE": "designer.config.settings", "EASEL_MODULES": ""}
    django.setup()
    from django.core.management import call_command

    from designer.documents.samples import samples
    from designer.workspaces.links import local_workspace

    call_command("prepare", verbosity=0)
    workspace = local_workspace()
    for name, sample in samples().items():
        if (not names and not name.startswith(SKIPPED)) or name in names:
            print(_measured(name, sample.document, workspace, Path(home)), flush=True)


def _measured(name: str, document: object, workspace: object, home: Path) -> str:
    from designer.datasets.resolver import WorkspaceDatasets
    from pipelines import flow
    from tests.support.exports import compared, run_alone, write

    graph, datasets, scope = flow.read(document), WorkspaceDatasets(workspace), workspace.pk  # type: ignore[arg-type, attr-defined]
    try:
        exported = flow.exported(graph, scope=scope, datasets=datasets)
    except flow.UnsoundGraph as unsound:
        return f"{name:28} not exported: " + " ".join(problem.words for problem in unsound.problems)
    began = time.perf_counter()
    run = flow.run_locally(graph, scope=scope, datasets=datasets)
    engine = time.perf_counter() - began
    folder = home / "exports" / name
    script = write(exported, folder)
    began = time.perf_counter()
    done, seen = run_alone(script, "--results-dir", str(folder / "results"), timeout=3600)
    seconds = time.perf_counter() - began
    if done.returncode:
        return f"{name:28} failed: {done.stderr.strip().splitlines()[-1][:300] if done.stderr.strip() else done.stdout[-300:]}"
    found = compared(run, folder / "results")
    other = {place: words for place, words in found.items() if words != "same"}
    ours = {"pipelines", "designer", "django"} & set(seen)
    missing = _undeclared(exported.script, seen)
    words = f"{len(found) - len(other)} of {len(found)} the same, {seconds:.1f} s (engine {engine:.1f} s), {len(exported.script) // 1000} kB"
    return f"{name:28} run {run.state}: {words}" + (f" EASEL: {ours}" if ours else "") + (f" UNDECLARED: {missing}" if missing else "") + "".join(
        f"\n    {place}: {why}" for place, why in list(other.items())[:8]
    )


def _undeclared(script: str, seen: list[str]) -> set[str]:
    """The distributions that were imported, and that the requirements in the head do not bring."""
    head = script.partition("# ///\n\"\"\"")[0]
    known = {line.split('"')[1].partition("==")[0] for line in head.splitlines() if "==" in line}
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
                except Exception:  # noqa: S112  not installed: for another platform
                    continue
                known.add(name)
                waiting.append(name)
    brought = packages_distributions()
    return {top for top in seen if top in brought and not {each.lower().replace("_", "-") for each in brought[top]} & known}


if __name__ == "__main__":
    main(sys.argv[1:])
