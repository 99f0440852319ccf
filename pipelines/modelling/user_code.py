"""Code that people write: its prints become notes, its errors sentences with the line."""

from __future__ import annotations

import linecache
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import TextIOBase
from types import CodeType

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.reporting import Level, log

FILE = "<script>"
LONGEST_LINE = 2000


class Notes(TextIOBase):
    """A stream whose lines are notes in the node's log."""

    def __init__(self, level: Level) -> None:
        self._level: Level = level
        self._line = ""

    def write(self, text: str) -> int:
        *lines, self._line = (self._line + text).split("\n")
        for line in lines:
            log(line, self._level)
        if len(self._line) > LONGEST_LINE:
            self.flush()
        return len(text)

    def flush(self) -> None:
        if self._line:
            log(self._line, self._level)
        self._line = ""


@contextmanager
def noting() -> Iterator[None]:
    """Turn what is printed inside the context into notes."""
    out, errors = Notes("info"), Notes("warning")
    try:
        with redirect_stdout(out), redirect_stderr(errors):
            yield
    finally:
        out.flush()
        errors.flush()


def compiled(code: str) -> CodeType:
    """Compile a script so that traces show its lines."""
    linecache.cache[FILE] = (len(code), None, code.splitlines(keepends=True), FILE)
    return compile(code, FILE, "exec", dont_inherit=True)


def told(wrong: BaseException, of: str = "") -> ModuleError:
    """Return an error of a script with its line; the way there goes to the log, without what is not the script's.

    Args:
        wrong: The error.
        of: The module whose script it is, where another one runs it.
    """
    steps = [step for step in traceback.extract_tb(wrong.__traceback__) if step.filename == FILE]
    line = wrong.lineno if isinstance(wrong, SyntaxError) and wrong.filename == FILE else steps[-1].lineno if steps else None
    for step in steps:
        log(f"Line {step.lineno}, in {step.name}: {step.line}", "error")
    first, *rest = str(wrong.msg if isinstance(wrong, SyntaxError) else f"{type(wrong).__name__}: {wrong}").splitlines()
    for text in rest:
        log(text, "error")
    what = first[:500].strip().rstrip(":.")
    place = ", ".join(part for part in (of, f"line {line}" if line else "") if part)
    return ModuleError(
        "script_failed",
        f"{place[0].upper() + place[1:] + ': ' if place else ''}{what}.",
        param=None if of else "code",
        remedy="Fix the script at this line.",
    )
