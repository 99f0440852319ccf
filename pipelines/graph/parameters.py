"""Parameters of a pipeline: named, typed values that drive settings (see `graph.binding`), and their format."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

import polars as pl

from pipelines.graph.problem import Problem

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}\Z")
KEYS = frozenset({"type", "label", "help", "default", "required", "min", "max", "pattern", "choices"})
MOST = 200
LONGEST = 10_000
MOST_CHOICES = 1_000
NUMBERS = ("integer", "number")


@dataclass(frozen=True)
class Parameter:
    """A declared parameter. `default` drives the settings where nothing else is given; a `required` one must be given for each run."""

    name: str
    type: str
    default: Any = None
    label: str = ""
    help: str = ""
    required: bool = False
    min: float | None = None
    max: float | None = None
    pattern: str = ""
    choices: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, name: str, data: Mapping[str, Any]) -> Parameter:
        """Create one from valid JSON."""
        return cls(name=name, **{**data, "choices": tuple(data.get("choices", ()))})

    @property
    def called(self) -> str:
        """Return how people know it."""
        return self.label or self.name

    def read(self, value: Any) -> Any:
        """Return a value as the settings take it.

        Raises:
            ValueError: With the rest of a sentence that starts with the parameter's name.
        """
        read = _READERS[self.type](value)
        if self.type in NUMBERS:
            if self.min is not None and read < self.min:
                raise ValueError(f"must be at least {self.min:g}, not {read:g}")
            if self.max is not None and read > self.max:
                raise ValueError(f"must be at most {self.max:g}, not {read:g}")
        if self.choices and read not in self.choices:
            raise ValueError(f"must be one of {', '.join(self.choices[:20])}")
        if self.pattern and not _matches(self.pattern, read):
            raise ValueError(f"must match the pattern {self.pattern}")
        return read


def unreadable(parameters: object) -> Iterator[Problem]:
    """Yield a problem for every place of a document's parameters that does not follow the format."""
    if not isinstance(parameters, dict):
        yield Problem("bad_parameters", "The document's parameters must be an object of names and parameters.", key="parameters")
        return
    if len(parameters) > MOST:
        yield Problem("bad_parameters", f"The document has {len(parameters):,} parameters; the maximum is {MOST}.", key="parameters")
        return
    for name, data in parameters.items():
        if trouble := _trouble(name, data):
            yield Problem("bad_parameter", f"Parameter {str(name)[:64]}: {trouble}.", key=f"parameters.{name}")


def _trouble(name: object, data: object) -> str | None:
    """Return the first thing that does not follow the format, as the end of a sentence."""
    if not isinstance(name, str) or not NAME.match(name):
        return "its name must be of letters, digits and underscores, at most 64, not starting with a digit"
    if not isinstance(data, dict):
        return "it must be an object"
    if unknown := sorted(str(key) for key in data.keys() - KEYS):
        return f"it has an unknown key {unknown[0][:60]!r}"
    if data.get("type") not in _READERS:
        return f"the type must be one of {', '.join(_READERS)}"
    for key, kind, called in _FORMS:
        if key in data and (not isinstance(data[key], kind) or isinstance(data[key], bool) != (kind is bool)):
            return f"its {key} must be {called}"
    choices = data.get("choices", [])
    if len(choices) > MOST_CHOICES or not all(isinstance(choice, str) and len(choice) <= LONGEST for choice in choices):
        return f"its choices must be at most {MOST_CHOICES:,} texts"
    if data["type"] == "choice" and not choices:
        return "a choice needs choices"
    if any(len(data.get(key, "")) > LONGEST for key in ("label", "help", "pattern")):
        return f"its label, help and pattern must be of at most {LONGEST:,} characters"
    if data.get("pattern") and data["type"] != "text":
        return "a pattern is for text"
    if data.get("pattern") and not _is_pattern(data["pattern"]):
        return "its pattern must be a regular expression without look-around"
    if data.get("required") and data.get("default") is None:
        return None
    try:
        Parameter.from_json(name, {"default": None, **data}).read(data.get("default"))
    except ValueError as wrong:
        return f"its default {wrong}"
    return None


def _is_pattern(pattern: str) -> bool:
    try:
        _matches(pattern, "")
    except pl.exceptions.PolarsError:
        return False
    return True


def _matches(pattern: str, text: str) -> bool:
    """Whether a pattern matches the whole text, in time linear in it: patterns come from people."""
    return bool(pl.select(pl.lit(text).str.contains(f"^(?:{pattern})$", strict=True)).item())


def _number(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise ValueError("must be a number")
    return value


def _integer(value: Any) -> int:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value) or value != int(value):
        raise ValueError("must be a whole number")
    return int(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise ValueError(f"must be text of at most {LONGEST:,} characters")
    return value


def _named(value: Any) -> str:
    if not _text(value):
        raise ValueError("must be a name")
    return str(value)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _date(value: Any) -> str:
    try:
        return date.fromisoformat(_text(value)).isoformat()
    except ValueError:
        raise ValueError("must be a date such as 2027-03-31") from None


def _time(value: Any) -> str:
    try:
        return time.fromisoformat(_text(value)).isoformat("auto" if len(value) > 5 else "minutes")
    except ValueError:
        raise ValueError("must be a time such as 14:30") from None


def _columns(value: Any) -> Any:
    """Names, or rules as a setting of columns has them."""
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return [{"include": {"names": value}}]
    if value != "all" and not (isinstance(value, list) and all(isinstance(rule, dict) for rule in value)):
        raise ValueError("must be a list of names of columns")
    return value


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "integer": _integer,
    "number": _number,
    "text": _text,
    "boolean": _boolean,
    "choice": _text,
    "date": _date,
    "time": _time,
    "column": _named,
    "columns": _columns,
    "dataset": _named,
    "connection": _named,
}
TEXT_TYPES = frozenset({"text", "choice", "date", "time", "column", "dataset", "connection"})
_FORMS: tuple[tuple[str, Any, str], ...] = (
    ("label", str, "text"),
    ("help", str, "text"),
    ("pattern", str, "text"),
    ("required", bool, "true or false"),
    ("min", int | float, "a number"),
    ("max", int | float, "a number"),
    ("choices", list, "a list"),
)
