"""Errands: a program of Easel in a sandbox that is no step, such as reading a model of another program."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.isolation import trusts_scripts
from pipelines.execution.store import Store
from pipelines.execution.targets import Limits
from pipelines.execution.targets.job_folder import link_file, remove_folder
from pipelines.execution.targets.limit_monitor import LimitMonitor
from pipelines.execution.targets.messages import MOST_BYTES
from pipelines.execution.targets.sandbox import PLACE, ended_early, output_of, require, started


@contextmanager
def errand_folder(store: Store, inputs: Mapping[str, Path]) -> Iterator[Path]:
    """Yield a folder with the files in `inputs/`, by name, and an empty `outputs/`; deleted afterwards."""
    folder = store.scratch()
    try:
        (folder / "inputs").mkdir(parents=True)
        (folder / "outputs").mkdir()
        for name, file in inputs.items():
            link_file(file, folder / "inputs" / name)
        yield folder
    finally:
        remove_folder(folder)


def run_errand(program: str, folder: Path, limits: Limits) -> bytes:
    """Run a program, `python -m PROGRAM FOLDER`, in a sandbox; where an installation that trusts its scripts has none, as a plain process.

    Returns:
        What it wrote to its standard output, which is untrusted.

    Raises:
        JobStopped: When it was stopped by a limit, or ended by itself.
        ModuleError: `no_sandbox`, with the remedy, when this machine cannot create one.
    """
    command = [sys.executable, "-P", "-m", program]
    try:
        require()
    except ModuleError:
        if not trusts_scripts():
            raise
        process = subprocess.Popen([*command, str(folder)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return _said(process, folder, limits)
    with started([*command, PLACE], folder, limits) as process:
        return _said(process, folder, limits)


def _said(process: subprocess.Popen[bytes], folder: Path, limits: Limits) -> bytes:
    complained, said = bytearray(), bytearray()
    try:
        for chunk in output_of(process, LimitMonitor(process.pid, limits, folder / "outputs"), threading.Event(), complained):
            said += chunk
            if len(said) > MOST_BYTES:
                break
        process.wait(timeout=limits.seconds)
    finally:
        process.kill()
    if not said.strip():
        raise ended_early(process.returncode, complained, limits)
    return bytes(said)
