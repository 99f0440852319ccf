"""Column selectors: rules that select columns of a table for a setting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import ColumnKind, Table

ROLES = ("feature", "label", "score", "weight", "ignored")
TYPES = ("numeric", "text", "boolean", "datetime", "categorical")
MOST_INDEX = 1_000_000


def kind_of(dtype: pl.DataType) -> ColumnKind:
    """Return the display family of a column's type: number, text, boolean, datetime or other."""
    if dtype.is_numeric():
        return "number"
    if dtype == pl.Boolean:
        return "boolean"
    if dtype.is_temporal():
        return "datetime"
    return "text" if dtype in (pl.String, pl.Categorical, pl.Enum) else "other"


@dataclass(frozen=True)
class Rule:
    """One step of a selector: `adds` matching columns, or removes them."""

    adds: bool
    by: str
    values: tuple[Any, ...] = ()

    def matches(self, table: Table) -> set[str]:
        """Return the table's columns that match the rule.

        Raises:
            ModuleError: `unknown_column` for a name or index that the table does not have.
        """
        columns = table.frame.columns
        match self.by:
            case "all":
                return set(columns)
            case "names":
                for name in self.values:
                    _known(name, columns)
                return set(self.values)
            case "indices":
                return {columns[index] for index in self._indices(len(columns))}
            case "types":
                return {column for column in columns if self._has_type(table, column)}
            case _:
                return {column for column in columns if table.role(column).role in self.values}

    def as_json(self) -> Any:
        """Return the rule as JSON, as `Selector.read` accepts it."""
        if self.by == "indices":
            values: Any = ",".join(str(first) if first == last else f"{first}-{last}" for first, last in self.values)
        else:
            values = list(self.values)
        return {"include" if self.adds else "exclude": "all" if self.by == "all" else {self.by: values}}

    def _indices(self, width: int) -> Iterator[int]:
        for first, last in self.values:
            if last > width:
                raise ModuleError(
                    "unknown_column",
                    f"There is no column {last}: the table has {width} column{'' if width == 1 else 's'}.",
                    remedy=f"Enter positions from 1 to {width}.",
                )
            yield from range(first - 1, last)

    def _has_type(self, table: Table, column: str) -> bool:
        kind = kind_of(table.frame[column].dtype)
        named = "numeric" if kind == "number" else kind
        return named in self.values or ("categorical" in self.values and table.is_categorical(column))


@dataclass(frozen=True)
class Selector:
    """Rules applied in order, starting from no columns. The value of a `Columns` setting, `param` of input `port`."""

    rules: tuple[Rule, ...] = (Rule(True, "all"),)
    param: str | None = field(default=None, compare=False)
    port: str | None = field(default=None, compare=False)

    def pick(self, table: Table | pl.DataFrame) -> list[str]:
        """Return the selected columns, in the table's own order.

        Raises:
            ModuleError: `unknown_column` for a name or index that the table does not have.
        """
        if isinstance(table, pl.DataFrame):
            table = Table(table)
        chosen: set[str] = set()
        for rule in self.rules:
            try:
                chosen = chosen | rule.matches(table) if rule.adds else chosen - rule.matches(table)
            except ModuleError as wrong:
                wrong.param, wrong.port = wrong.param or self.param, wrong.port or self.port
                raise
        return [column for column in table.frame.columns if column in chosen]

    def ordered(self, table: Table) -> list[str]:
        """Return the selected columns in the order of their names in the rules, where they are named; else in the table's own order."""
        chosen, named = self.pick(table), self.named()
        return sorted(chosen, key=named.index) if set(named) >= set(chosen) else chosen

    def named(self) -> list[str]:
        """Return the column names in the rules, in order."""
        return [name for rule in self.rules if rule.by == "names" for name in rule.values]

    def as_json(self) -> Any:
        """Return the selector as a setting's JSON value."""
        return "all" if self.rules == (Rule(True, "all"),) else [rule.as_json() for rule in self.rules]

    @classmethod
    def read(cls, value: object, param: str | None = None, port: str | None = None) -> Selector:
        """Parse a setting's JSON value: rules, a plain list of names, or "all".

        Raises:
            ValueError: With a sentence for users.
        """
        if value == "all":
            return cls(param=param, port=port)
        if not isinstance(value, list):
            raise ValueError('must be "all", or a list of names or of rules')
        if all(isinstance(item, str) for item in value):
            return cls((Rule(True, "names", tuple(value)),), param, port)
        return cls(tuple(_read_rule(item) for item in value), param, port)


def require(column: str, table: Table | pl.DataFrame, *, param: str, port: str = "table") -> str:
    """Return the column if the table has it.

    Raises:
        ModuleError: `unknown_column` at the setting that names it.
    """
    try:
        _known(column, table.columns if isinstance(table, pl.DataFrame) else table.frame.columns)
    except ModuleError as wrong:
        wrong.param, wrong.port = param, port
        raise
    return column


def _known(name: str, columns: list[str]) -> None:
    if name not in columns:
        near = next((column for column in columns if column.lower() == str(name).lower()), None)
        remedy = f"Did you mean “{near}”?" if near else "Select one of the columns of this input."
        raise ModuleError("unknown_column", f"The table has no column “{name}”.", column=name, remedy=remedy)


def _read_rule(item: object) -> Rule:
    if not isinstance(item, Mapping) or len(item) != 1 or not item.keys() <= {"include", "exclude"}:
        raise ValueError('a column rule is {"include": …} or {"exclude": …}')
    ((verb, what),) = item.items()
    adds = verb == "include"
    if what == "all":
        return Rule(adds, "all")
    if not isinstance(what, Mapping) or len(what) != 1:
        raise ValueError('a column rule must be "all", or one of names, indices, types, roles')
    ((by, values),) = what.items()
    if by == "indices":
        return Rule(adds, "indices", tuple(_read_indices(values)))
    allowed = {"names": None, "types": TYPES, "roles": ROLES}
    if by not in allowed or not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValueError('a column rule must be "all", or one of names, indices, types, roles, with a list of texts')
    if (known := allowed[by]) and (strange := [value for value in values if value not in known]):
        raise ValueError(f"{by} are {', '.join(known)}; not {strange[0]}")
    return Rule(adds, by, tuple(values))


def _read_indices(text: object) -> Iterator[tuple[int, int]]:
    for part in str(text).split(","):
        first, dash, last = part.strip().partition("-")
        if not (first.isdecimal() and (last.isdecimal() or not dash)):
            raise ValueError(f"column positions must be like 1-4,6, not {part.strip()[:20]!r}")
        start, end = int(first), int(last or first)
        if not 1 <= start <= end <= MOST_INDEX:
            raise ValueError(f"column positions must start at 1 and ranges must ascend, not {part.strip()[:20]!r}")
        yield start, end


ALL = Selector()
NUMERIC = Selector((Rule(True, "types", ("numeric",)), Rule(False, "roles", ("label", "score", "weight", "ignored"))))
TEXT = Selector((Rule(True, "types", ("text", "categorical")), Rule(False, "roles", ("label", "score", "weight", "ignored"))))
