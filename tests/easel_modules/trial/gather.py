"""Gather: a step that takes any number of tables."""

from __future__ import annotations

import polars as pl

from pipelines.catalogue.module import module
from pipelines.catalogue.ports import Frame


@module("Gather", columns=lambda *tables, **_: tables[0])
def gather(*tables: Frame) -> Frame:
    """Put the rows of several tables below each other.

    Args:
        tables: Tables with the same columns.

    Returns:
        All rows, in the order of the tables.
    """
    return pl.concat(tables)
