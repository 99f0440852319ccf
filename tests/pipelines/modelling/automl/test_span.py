"""A range gives a value for each place, and a place for each value."""

import pytest

from pipelines.modelling.automl.span import Span


@pytest.mark.parametrize("span", [Span(0.001, 10), Span(2, 100, whole=True), Span(0.3, 1, log=False)], ids=["log", "whole", "linear"])
def test_places_and_values_agree(span):
    assert (span.at(0), span.at(1), span.at(7), span.at(-1)) == (span.low, span.high, span.high, span.low)
    assert span.place(span.at(0.5)) == pytest.approx(0.5, abs=0.05)
