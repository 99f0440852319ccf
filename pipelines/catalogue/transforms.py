"""Registry of fitted transformations by name, so that Apply Transformation can apply any of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pipelines.catalogue.ports import Table, Transform

Apply = Callable[[Table, Mapping[str, Any]], Table]
_appliers: dict[str, Apply] = {}


def applies(name: str) -> Callable[[Apply], Apply]:
    """Register the function that applies a fitted transformation: `(table, state) -> table`."""

    def register(function: Apply) -> Apply:
        _appliers[name] = function
        return function

    return register


def apply(transform: Transform, table: Table) -> Table:
    """Apply a fitted transformation to a table."""
    return _appliers[transform.name](table, transform.state)
