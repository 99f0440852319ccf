"""Whether a model can stand in for another."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.serving.compatibility import compatibility
from pipelines.serving.signature import Column, Signature

A, GIVEN = Column("a", "number", "Float64"), Column("score", "number", "Float64")
OLD = Signature((A,), (GIVEN,))


def changed(column: Column, **how: Any) -> Column:
    facts = {name: getattr(column, name) for name in column.__struct_fields__}
    return Column(**{**facts, **how})


@pytest.mark.parametrize(
    ("new", "verdict", "columns"),
    [
        (OLD, "same", []),
        (Signature((changed(A, low=0.0, high=9.0, categories=("x",)),), (GIVEN,)), "same", []),
        (Signature((A, changed(A, name="b", nullable=True)), (GIVEN,)), "compatible", ["b"]),
        (Signature((A, changed(A, name="b")), (GIVEN,)), "breaking", ["b"]),
        (Signature((), (GIVEN,)), "compatible", ["a"]),
        (Signature((changed(A, nullable=True),), (GIVEN,)), "compatible", ["a"]),
        (Signature((changed(A, type="integer"),), (GIVEN,)), "breaking", ["a"]),
        (Signature((changed(A, type="text"),), (GIVEN,)), "breaking", ["a"]),
        (Signature((A,), (GIVEN, changed(GIVEN, name="more"))), "compatible", ["more"]),
        (Signature((A,), ()), "breaking", ["score"]),
        (Signature((A,), (changed(GIVEN, type="text"),)), "breaking", ["score"]),
        (Signature((A,), (changed(GIVEN, nullable=True),)), "breaking", ["score"]),
    ],
)
def test_each_difference_has_its_verdict(new: Signature, verdict: str, columns: list[str]) -> None:
    found = compatibility(new, OLD)
    assert (found.verdict, [each.column for each in found.differences]) == (verdict, columns)
    assert all(each.words.endswith(".") for each in found.differences)


def test_a_wider_type_takes_all_that_the_old_one_took_and_a_value_that_may_not_be_missing_any_more_does_not() -> None:
    integer = Signature((changed(A, type="integer", nullable=True),), (GIVEN,))
    assert compatibility(Signature((changed(A, nullable=True),), (GIVEN,)), integer).verdict == "compatible"
    assert compatibility(OLD, integer).verdict == "breaking"
