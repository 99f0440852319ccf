"""Running a script: its prints become notes, its errors sentences with the line."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.catalogue.errors import UNFORESEEN, ModuleError
from pipelines.modelling.user_code import compiled, noting, told


def run(code: str, function: str, arguments: Sequence[Any], named: Mapping[str, Any], known: Mapping[str, Any]) -> Any:
    """Run a script that has some names, and call its function, with as many of the arguments as it takes, and those of the named ones that it names.

    Raises:
        ModuleError: When the script is none, lacks the function, or fails; with its line.
    """
    names: dict[str, Any] = {"__name__": "script", **known}
    try:
        with noting():
            exec(compiled(code), names)  # noqa: S102  what runs_code is for
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
        raise told(wrong) from wrong


def _named(called: Any, named: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in named.items() if name in inspect.signature(called).parameters}


def _taken(called: Any, arguments: Sequence[Any], named: Mapping[str, Any]) -> Sequence[Any]:
    parameters = inspect.signature(called).parameters.items()
    kinds = [parameter.kind for name, parameter in parameters if name not in named]
    if inspect.Parameter.VAR_POSITIONAL in kinds:
        return arguments
    return arguments[: sum(kind in (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD) for kind in kinds)]


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
