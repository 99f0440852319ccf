"""Values in sentences."""

from __future__ import annotations

import polars as pl

from pipelines.catalogue.phrases import percent, some_values


def test_a_share_has_a_no_break_space_before_its_sign():
    assert [percent(0.26449), percent(0.05, 0), percent(1), percent(0)] == ["26.4\u00a0%", "5\u00a0%", "100.0\u00a0%", "0.0\u00a0%"]


def test_values_are_few_distinct_and_short():
    assert some_values(pl.Series(["a", "b", "a", None, "c", "d"])) == "“a”, “b”, “c” and 1 more"
    assert some_values(pl.Series(["x" * 100_000])) == f"“{'x' * 59}…”"
    assert some_values(pl.Series(["x" * 60])) == f"“{'x' * 60}”"
