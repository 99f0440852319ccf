"""Values in sentences."""

from __future__ import annotations

import polars as pl

from pipelines.catalogue.phrases import some_values


def test_values_are_few_distinct_and_short():
    assert some_values(pl.Series(["a", "b", "a", None, "c", "d"])) == "“a”, “b”, “c” and 1 more"
    assert some_values(pl.Series(["x" * 100_000])) == f"“{'x' * 59}…”"
    assert some_values(pl.Series(["x" * 60])) == f"“{'x' * 60}”"
