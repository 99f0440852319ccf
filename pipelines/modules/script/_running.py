"""Running a script: its prints become notes, its errors sentences with the line."""

from __future__ import annotations

import inspect
import json
import linecache
import traceback
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import TextIOBase
from typing import Any

from pipelines.catalogue.errors import UNFORESEEN, ModuleError
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


def run(code: str, function: str, arguments: Sequence[Any], named: Mapping[str, Any], known: Mapping[str, Any]) -> Any:
    """Run a script that has some names, and call its function, with as many of the arguments as it takes, and those of the named ones that it names.

    Raises:
        ModuleError: When the script is none, lacks the function, or fails; with its line.
    """
    names: dict[str, Any] = {"__name__": "script", **known}
    linecache.cache[FILE] = (len(code), None, code.splitlines(keepends=True), FILE)  # so that traces show its lines
    out, errors = Notes("info"), Notes("warning")
    try:
        with redirect_stdout(out), redirect_stderr(errors):
            exec(compile(code, FILE, "exec", dont_inherit=True), names)  # noqa: S102  what runs_code is for
            called = names.get(function)
            if not callable(called):
                raise ModuleError(
                    "no_function",
                    f"The script does not define a function {function}.",
                    param="code",
                    remedy=f"Add “def {function}(first, second, third):” and return a table from it.",
                )
            return called(*_taken(called, arguments, named), **_named(called, named))
    except (ModuleError, MemoryError):
        raise
    except UNFORESEEN as wrong:
        raise _told(wrong) from wrong
    finally:
        out.flush()
        errors.flush()


def _named(called: Any, named: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in named.items() if name in inspect.signature(called).parameters}


def _taken(called: Any, arguments: Sequence[Any], named: Mapping[str, Any]) -> Sequence[Any]:
    parameters = inspect.signature(called).parameters.items()
    kinds = [parameter.kind for name, parameter in parameters if name not in named]
    if inspect.Parameter.VAR_POSITIONAL in kinds:
        return arguments
    return arguments[: sum(kind in (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD) for kind in kinds)]


def _told(wrong: BaseException) -> ModuleError:
    """An error of the script: its line, and in the log the way there, without what is not the script's."""
    steps = [step for step in traceback.extract_tb(wrong.__traceback__) if step.filename == FILE]
    line = wrong.lineno if isinstance(wrong, SyntaxError) and wrong.filename == FILE else steps[-1].lineno if steps else None
    for step in steps:
        log(f"Line {step.lineno}, in {step.name}: {step.line}", "error")
    first, *rest = str(wrong.msg if isinstance(wrong, SyntaxError) else f"{type(wrong).__name__}: {wrong}").splitlines()
    for text in rest:
        log(text, "error")
    what = first[:500].strip().rstrip(":.")
    return ModuleError("script_failed", f"{f'Line {line}: ' if line else ''}{what}.", param="code", remedy="Fix the script at this line.")


def read_params(text: str) -> dict[str, Any]:
    """The settings of lines such as "alpha = 0.5".

    Raises:
        ModuleError: When a line is none.
    """
    found: dict[str, Any] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        name, equals, value = line.partition("=")
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not equals or not name.strip():
            words = f"Line {number} is not a setting: {line.strip()[:80]!r}."
            raise ModuleError("bad_params", words, param="params", remedy='Write "name = value".')
        try:
            found[name.strip()] = json.loads(value)
        except ValueError:
            found[name.strip()] = value.strip()
    return found
