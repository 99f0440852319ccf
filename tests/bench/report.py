"""Runs the parts of a benchmark; a part that cannot run, or fails, affects no figure of another."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Figures = Mapping[str, float | None]


@dataclass(frozen=True)
class Need:
    """The program that a part needs, its Debian package, and the keys that are missing without it."""

    program: str
    package: str
    keys: str


def can_run(part: str, needs: Mapping[str, Need]) -> bool:
    """Whether this machine has what a part needs; prints what is left out without it."""
    need = needs.get(part)
    if need is None or Path(need.program).exists():
        return True
    missing = f"it needs {need.program}, which is not installed (apt-get install {need.package})"
    print(f"{part} is left out: {missing}. Without it there are no {need.keys}.", file=sys.stderr)
    return False


def measured(parts: Sequence[str], measure: Callable[[str], Figures]) -> tuple[dict[str, float | None], list[str]]:
    """The figures of these parts, and the parts that failed; an interrupt ends the measurement and keeps the figures."""
    figures: dict[str, float | None] = {}
    failed: list[str] = []
    for place, name in enumerate(parts):
        print(f"measuring {name} …", file=sys.stderr)
        try:
            figures |= measure(name)
        except Exception:
            traceback.print_exc()
            failed.append(name)
        except KeyboardInterrupt:
            return figures, [*failed, *parts[place:]]
    return figures, failed
