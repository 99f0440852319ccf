"""The child process: arguments FILE FORMAT OUT OPTIONS; progress, then the result or the error as lines of JSON on standard output."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import msgspec

from designer.datasets.parsing.errors import Unreadable
from designer.datasets.parsing.limits import confine
from designer.datasets.parsing.parse import Options, parse

TELL_EVERY = 0.25


def main(file: str, format_: str, out: str, options: str) -> None:
    """Parse one file under limits and print the outcome."""
    path = Path(file)
    size = path.stat().st_size
    confine(size)
    last = 0.0

    def tell(done: int, words: str) -> None:
        nonlocal last
        if time.monotonic() - last >= TELL_EVERY:
            last = time.monotonic()
            _say({"progress": {"done": done, "total": size, "words": words}})

    try:
        _say({"result": parse(path, format_, Path(out), tell, msgspec.json.decode(options, type=Options)).as_json()})
    except Unreadable as wrong:
        _say({"error": wrong.as_json()})
        cause = wrong.__cause__
        if cause is not None:
            print(f"{type(cause).__name__}: {cause}"[:2_000], file=sys.stderr)


def _say(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


main(*sys.argv[1:])
