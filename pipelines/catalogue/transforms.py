"""Fitted transformations by name, so that Apply Transformation can carry out any of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pipelines.catalogue.ports import Table, Transform

Apply = Callable[[Table, Mapping[str, Any]], Table]
_appliers: dict[str, Apply] = {}


def applies(name: str) -> Callable[[Apply], Apply]:
    """Register how a fitted transformation is carried out: `(table, state) -> table`."""

    def register(function: Apply) -> Apply:
        _appliers[name] = function
        return function

    return register


def apply(transform: Transform, table: Table) -> Table:
    """Carry out a fitted transformation on a table."""
    return _appliers[transform.name](table, transform.state)
