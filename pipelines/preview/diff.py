"""Differences between two tables: added or removed columns, their types and roles, and their values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.catalogue.ports import Table

# Beyond this size, in bytes, values are not compared.
LARGEST = 2 * 1024**3


@dataclass(frozen=True)
class Change:
    """A changed column, or the rows as a whole (`name` is then None), with descriptions before and after."""

    name: str | None
    before: str
    after: str


def changes(before: Table, after: Table) -> Iterator[Change]:
    """Yield the differences: of the whole table first, then column by column in the order of the newer one."""
    if before.frame.height != after.frame.height:
        yield Change(None, f"{before.frame.height:,} rows", f"{after.frame.height:,} rows")
    for name in after.frame.columns:
        if name not in before.frame.columns:
            yield Change(name, "absent", str(after.frame.schema[name]))
        elif (was := _declared(before, name)) != (is_now := _declared(after, name)):
            yield Change(name, was, is_now)
        elif before.frame.height == after.frame.height and _differs(before, after, name):
            yield Change(name, "other values", "new values")
    gone = (name for name in before.frame.columns if name not in after.frame.columns)
    yield from (Change(name, str(before.frame.schema[name]), "absent") for name in gone)


def _declared(table: Table, column: str) -> str:
    role = table.role(column)
    parts = [str(table.frame.schema[column]), role.role if role.role != "feature" else "", "categorical" if role.categorical else ""]
    return ", ".join(part for part in parts if part)


def _differs(before: Table, after: Table, column: str) -> bool:
    old, new = before.frame[column], after.frame[column]
    return old.estimated_size() <= LARGEST and not old.equals(new, null_equal=True)
