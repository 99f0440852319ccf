"""Runs the child process that parses an uploaded file, and reports its outcome."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import msgspec
from django.conf import settings

from designer.datasets.parsing.errors import Unreadable
from designer.datasets.parsing.parse import DEFAULT, Options

log = logging.getLogger(__name__)
PATIENCE = 900.0
KEPT_WORDS = 2_000
AT_ONCE = 2
TOO_MUCH = "Split the file, or save it as Parquet."
_turns = BoundedSemaphore(AT_ONCE)


def parse_in_child(file: Path, format_: str, out: Path, options: Options = DEFAULT, patience: float = PATIENCE) -> dict[str, Any]:
    """Parse a file into an Arrow file at `out`, in a process with limits of its own; returns its description.

    Two files are parsed at once; more wait for their turn.

    Raises:
        Unreadable: With a sentence and a remedy, however the child ended.
    """
    command = [sys.executable, "-m", "designer.datasets.parsing", str(file), format_, str(out), msgspec.json.encode(options).decode()]
    with (
        _turns,
        subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(out.parent)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as child,
    ):
        try:
            said, complained = child.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            raise Unreadable("too_slow", f"Reading the file took longer than {patience:g}\u00a0s.", TOO_MUCH) from None
        finally:
            child.kill()
    if complained:
        log.info("reading an upload: %s", complained.decode("utf-8", "replace")[-KEPT_WORDS:])
    return _result(said, child.returncode)


def _result(said: bytes, code: int) -> dict[str, Any]:
    last = said.strip().rpartition(b"\n")[2]
    try:
        told = json.loads(last) if last else {}
    except ValueError:
        told = {}
    if "error" in told:
        raise Unreadable(**told["error"])
    if code == 0 and "result" in told:
        result: dict[str, Any] = told["result"]
        return result
    if -code in (signal.SIGXCPU, signal.SIGKILL):
        raise Unreadable("too_slow", "Reading the file exceeded the time or memory limit.", TOO_MUCH)
    words = "The file could not be read: it is damaged, or exceeds the memory limit."
    raise Unreadable("unreadable", words, "Open it in the program that created it and save it again, or save it as CSV in UTF-8.")
