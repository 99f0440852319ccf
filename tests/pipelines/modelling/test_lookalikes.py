"""Categories that look the same are told, and left as they are."""

import polars as pl

from pipelines.catalogue.reporting import reporting_to
from pipelines.modelling.lookalikes import tell_lookalikes
from pipelines.modelling.parallel import Lines


def told(values):
    with reporting_to(lines := Lines()):
        tell_lookalikes(pl.Series("k", values))
    return [line for line, *_ in lines.lines]


def test_values_that_differ_only_in_case_or_spaces_are_told_with_some_examples():
    assert told(["a", "b", None]) == told([1, 1, 2]) == []
    (line,) = told(["Bern", "bern ", "Lyon", "x", " X", "y", "Y", "z", "Z", "w", "W"])
    assert "“Bern” and “bern ”" in line and "and 2 more" in line
