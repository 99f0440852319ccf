"""Tallies add up, whatever the values are."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.monitoring.tally import Tally, added, tally_numbers, tally_presence, tally_texts

EDGES = np.array([1.0, 2.0])
PLACES = {"a": 0, "b": 1}


def numbers(values: list[object]) -> Tally:
    return tally_numbers(values, EDGES, 0.0, 3.0)


def test_numbers_fall_into_the_bins_that_end_at_the_edges():
    assert numbers([0, 1, 1.5, 2, 2.5, 4, -1, None]) == Tally(1, 0, 2, [3, 2, 2], -1, 4)


@pytest.mark.parametrize("odd", ["x", [1], {}, "1,5"])
def test_what_is_no_number_is_counted_as_such(odd: object):
    found = numbers([1, odd, None, "2.5", True])
    assert (found.invalid, found.missing, found.bins, found.rows) == (1, 1, [2, 0, 1], 5)


def test_lists_of_equal_lengths_are_no_numbers_either():
    assert numbers([[1, 2, 3], [4, 5, 6]]) == Tally(invalid=2, bins=[0, 0, 0])


def test_infinite_and_huge_numbers_are_outside_and_leave_no_extreme():
    found = numbers([float("inf"), 10**400, float("nan")])
    assert (found.missing, found.outside, found.bins, found.high) == (1, 2, [0, 0, 2], None)
    assert numbers([10**400, "x"]).outside == 1


def test_a_number_that_names_a_category_has_one_bin_however_it_is_written():
    assert tally_texts([3, 3.0, "3", 4.5, float("nan")], {"3": 0}, 2) == Tally(1, 0, 1, [3, 1])


def test_texts_have_their_bins_and_new_ones_the_last():
    assert tally_texts(["a", "b", "b", "c", None, True], PLACES, 3) == Tally(1, 0, 2, [1, 2, 2])
    assert tally_texts(["a", ["b"], {}], PLACES, 3) == Tally(0, 2, 0, [1, 0, 0])


def test_presence_counts_gaps_alone():
    assert tally_presence(["x", None, float("nan"), 1]) == Tally(missing=2, bins=[2])


def test_parts_add_up_to_the_whole():
    values = [None, 0, 1, 2, 3, "x", 9]
    assert added([numbers(values[:3]), numbers(values[3:4]), numbers(values[4:])]) == numbers(values)
    assert added([Tally(), numbers([1]), Tally(invalid=1)]) == Tally(0, 1, 0, [1, 0, 0], 1, 1)
    assert added([]) == Tally()
