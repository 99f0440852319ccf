"""The reference: its bins, what is only watched for gaps, and that it survives being stored."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from pipelines.monitoring.profile import FREE_TEXT, NO_KIND, NO_VALUES, ColumnProfile, Profile, column_profile, profile


def column(type: str, values: list[Any]) -> ColumnProfile:
    return column_profile("x", "input", type, values)


def test_a_number_has_bins_of_equal_size_grouped_to_deciles():
    found = column("number", [*range(1000)])
    assert set(found.tally.bins) == {20} and len(found.edges) == 49
    assert found.groups == [*range(0, 50, 5)] and found.tally.high == 999


def test_ties_leave_fewer_bins():
    found = column("integer", [0] * 920 + [*range(1, 81)])
    assert found.edges[0] == 0 and found.tally.bins[0] == 920 and found.groups == [0, 1]
    assert column("number", [5.0] * 10).edges == (5.0,)


def test_rare_texts_share_a_bin_and_the_frequent_ones_are_chosen_by_other_rows_than_those_that_are_counted():
    values = ["a", "a"] * 400 + ["b", "b"] * 190 + ["c"] * 20
    found = column("text", values)
    assert (found.categories, found.others, found.texts) == (("a", "b", "c"), (), 1200)
    assert found.tally.bins == [400, 190, 10, 0, 0]
    rare = column("text", ["a", "a"] * 600 + ["b"] * 4 + ["c"])
    assert (rare.categories, rare.others, rare.tally.bins, rare.singles, rare.texts) == (("a",), ("b", "c"), [600, 2, 0], 1, 1205)
    assert rare.groups == [0, 1]  # new texts are one group with rare ones
    assert rare.count(["b", "z"]).bins == [0, 1, 1]


@pytest.mark.parametrize(
    ("type", "values", "why"),
    [
        ("date", ["2026-01-01"], NO_KIND),
        ("text", [str(place) for place in range(100)], FREE_TEXT),
        ("number", [None, None], NO_VALUES),
        ("text", [], NO_VALUES),
    ],
)
def test_what_cannot_be_compared_says_why(type: str, values: list[Any], why: str):
    found = column(type, values)
    assert (found.kind, found.why) == ("presence", why)
    assert found.count(["a", None]).missing == 1


def test_truth_values_are_categories():
    found = column("boolean", [True, False, True])
    assert found.categories == ("false", "true") and found.count([True]).bins == [0, 1, 0, 0]


def test_a_profile_is_stored_and_read():
    found = profile({"x": ("number", [1, 2, None]), "t": ("text", ["a"] * 3)}, {"y": ("number", [1.5])}, "3 rows")
    assert msgspec.convert(msgspec.to_builtins(found), Profile) == found
    assert msgspec.json.decode(msgspec.json.encode(found), type=Profile).count({"x": [1], "z": [1]}).keys() == {"x"}
    assert (found.rows, [each.role for each in found.columns]) == (3, ["input", "input", "score"])
