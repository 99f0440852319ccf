"""A table's columns as users see them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.ports import ColumnKind, ColumnRole, Role


class Column(msgspec.Struct):
    """A column of a table."""

    name: str
    dtype: str
    kind: ColumnKind
    role: Role
    categorical: bool


def describe(name: str, dtype: pl.DataType, roles: Mapping[str, ColumnRole] | None) -> Column:
    """Describe one column: its type, the family of its type, and its role."""
    role = (roles or {}).get(name, ColumnRole())
    return Column(name, str(dtype), kind_of(dtype), role.role, role.categorical)
