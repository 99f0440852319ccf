"""A table's columns as users see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.ports import ColumnRole


def describe(name: str, dtype: pl.DataType, roles: Mapping[str, ColumnRole] | None) -> dict[str, Any]:
    """Describe one column: its type, the family of its type, and its role."""
    role = (roles or {}).get(name, ColumnRole())
    return {"name": name, "dtype": str(dtype), "kind": kind_of(dtype), "role": role.role, "categorical": role.categorical}
