"""Kinds of settings, and how a setting's JSON value is parsed and validated."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NewType

from pipelines.catalogue.columns import Selector
from pipelines.catalogue.connection import ConnectionKind
from pipelines.catalogue.ports import Model, Table

Column = NewType("Column", str)
Columns = Selector
Seed = NewType("Seed", int)
Dataset = NewType("Dataset", Table)
RegisteredModel = NewType("RegisteredModel", Model)
ModelVersion = NewType("ModelVersion", str)
Options = NewType("Options", dict[str, Any])
Space = NewType("Space", dict[str, Any])
LARGEST_SEED = 2**32 - 1


class ParamKind(StrEnum):
    """The kinds of settings; each has its own control on the canvas."""

    NUMBER = "number"
    INTEGER = "integer"
    TEXT = "text"
    MULTILINE = "multiline"
    SWITCH = "switch"
    CHOICE = "choice"
    SEED = "seed"
    COLUMN = "column"
    COLUMNS = "columns"
    DATASET = "dataset"
    MODEL_VERSION = "model_version"
    CONNECTION = "connection"
    CODE = "code"
    OPTIONS = "options"
    SPACE = "space"


@dataclass(frozen=True)
class Range:
    """Annotation: bounds of a number, inclusive by default."""

    min: float | None = None
    max: float | None = None
    exclusive_min: bool = False
    exclusive_max: bool = False


@dataclass(frozen=True)
class Multiline:
    """Annotation: a multi-line text."""


@dataclass(frozen=True)
class Code:
    """Annotation: a text that is code in a language."""

    language: str


@dataclass(frozen=True)
class Of:
    """Annotation: the input port whose columns a column setting selects from (else the first table)."""

    port: str


@dataclass(frozen=True)
class Connects:
    """Annotation: the kinds of connection that a connection setting accepts."""

    kinds: tuple[ConnectionKind, ...]

    def __init__(self, *kinds: ConnectionKind) -> None:
        object.__setattr__(self, "kinds", kinds)


@dataclass(frozen=True)
class When:
    """Annotation: the setting matters only while another has one of these values."""

    param: str
    values: tuple[Any, ...]

    def __init__(self, param: str, *values: Any) -> None:
        object.__setattr__(self, "param", param)
        object.__setattr__(self, "values", values)


@dataclass(frozen=True)
class Title:
    """Annotation: the display name of a setting, where its name in words does not do."""

    text: str


@dataclass(frozen=True)
class Titles:
    """Annotation: display names of a choice's values; other values are shown as they are."""

    of: Mapping[str, str]

    def __init__(self, **of: str) -> None:
        object.__setattr__(self, "of", of)


@dataclass(frozen=True)
class Groups:
    """Annotation: headings under which forms list a choice's values; those without one come first."""

    of: Mapping[str, str]


@dataclass(frozen=True)
class Search:
    """Annotation: the values that a search over settings tries, in the short form of `pipelines.modelling.search.space`, such as loguniform(0.01, 0.3)."""

    over: str


@dataclass(frozen=True)
class Among:
    """Annotation: a text that is one of these values, where a list that is read says which there are."""

    values: tuple[str, ...]


@dataclass(frozen=True)
class FormOf:
    """Annotation: the form of `Options` depends on the value of a choice.

    `fields` returns the settings for a value; None for a value that is none of the choice's.
    """

    choice: str
    fields: Callable[[str], tuple[Param, ...] | None]


@dataclass(frozen=True)
class Param:
    """A declared setting of a module."""

    name: str
    title: str
    kind: ParamKind
    default: Any = None
    required: bool = False
    nullable: bool = False
    help: str = ""
    range: Range = field(default_factory=Range)
    choices: tuple[tuple[str, str], ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict, hash=False)  # the headings of choices
    port: str | None = None
    language: str | None = None
    connects: tuple[ConnectionKind, ...] = ()
    holds: str | None = None  # of a dataset setting: the port kind of what it names, a table or a saved value
    registered: bool = False  # of a dataset setting: whether it names a model of the registry
    shown_when: When | None = None
    form: FormOf | None = None
    search: str = ""  # the values that a search tries; empty if it leaves the setting as it is

    def read(self, value: Any, others: Mapping[str, Any] = MappingProxyType({})) -> Any:
        """Return the value that the module receives for a JSON value; `others` are the JSON values of all settings.

        Raises:
            ValueError: With the rest of a sentence that starts with the setting's name.
        """
        if value is None:
            if self.nullable:
                return None
            raise ValueError("needs a value")
        return _options(self.form, value, others) if self.form else _READERS[self.kind](self, value)

    def matters(self, values: Mapping[str, Any]) -> bool:
        """Return whether the setting is used, given the values of the others."""
        return self.shown_when is None or values.get(self.shown_when.param) in self.shown_when.values


def _number(param: Param, value: Any) -> float:
    if not _is_number(value):
        raise ValueError("must be a number")
    _in_range(param.range, value)
    return float(value)


def _integer(param: Param, value: Any) -> int:
    if not _is_number(value) or value != int(value):
        raise ValueError("must be a whole number")
    _in_range(param.range, value)
    return int(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


def _in_range(range: Range, value: float) -> None:
    if range.min is not None and (value < range.min or (range.exclusive_min and value == range.min)):
        raise ValueError(f"must be {'greater than' if range.exclusive_min else 'at least'} {range.min:g}, not {value:g}")
    if range.max is not None and (value > range.max or (range.exclusive_max and value == range.max)):
        raise ValueError(f"must be {'less than' if range.exclusive_max else 'at most'} {range.max:g}, not {value:g}")


def _seed(_: Param, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_SEED:
        raise ValueError(f"must be a whole number from 0 to {LARGEST_SEED:,}")
    return value


def _text(param: Param, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text")
    if param.required and not value.strip():
        raise ValueError("needs a value")
    return value


def _switch(_: Param, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be on or off (true or false)")
    return value


def _choice(param: Param, value: Any) -> str:
    allowed = [choice for choice, _ in param.choices]
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(f"must be one of {', '.join(allowed)}")
    return value


def _column(_: Param, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("must be the name of a column")
    return value


def _options(form: FormOf, value: Any, others: Mapping[str, Any]) -> dict[str, Any]:
    """The options that are given, each read as the form of the chosen value says."""
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise ValueError("must be names and values (a JSON object)")
    chosen = others.get(form.choice)
    fields = form.fields(chosen) if isinstance(chosen, str) else None
    if fields is None:  # the choice itself is refused
        return dict(value)
    known = {field.name: field for field in fields}
    if strange := [name for name in value if name not in known]:
        raise ValueError(f"of {chosen} have no “{strange[0][:60]}”, only {', '.join(known) or 'none'}")
    read = {}
    for name, each in value.items():
        try:
            read[name] = known[name].read(each)
        except ValueError as wrong:
            raise ValueError(f"of {chosen}: “{name}” {wrong}") from None
    return read


def _space(param: Param, value: Any) -> dict[str, str | None]:
    """The values to try by setting; None for a setting that stays as it is. What they mean depends on the learner, which is not known here."""
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise ValueError("must be names of settings with the values to try (a JSON object)")
    if wrong := [name for name, text in value.items() if not (text is None or isinstance(text, str))]:
        raise ValueError(f"must give the values to try of “{wrong[0][:60]}” as text, such as 0.05; 0.1; 0.2")
    return dict(value)


_READERS: Mapping[ParamKind, Callable[[Param, Any], Any]] = {
    ParamKind.NUMBER: _number,
    ParamKind.INTEGER: _integer,
    ParamKind.TEXT: _text,
    ParamKind.MULTILINE: _text,
    ParamKind.SWITCH: _switch,
    ParamKind.CHOICE: _choice,
    ParamKind.SEED: _seed,
    ParamKind.COLUMN: _column,
    ParamKind.COLUMNS: lambda param, value: Selector.read(value, param.name, param.port),
    ParamKind.DATASET: _text,
    ParamKind.MODEL_VERSION: _text,
    ParamKind.CONNECTION: _text,
    ParamKind.CODE: _text,
    ParamKind.OPTIONS: lambda param, value: value,  # without a form
    ParamKind.SPACE: _space,
}
