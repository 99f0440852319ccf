"""Shares are whole percents that sum to 100."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.endpoints.shares import WrongShares, bucket, checked, last_whole, with_canary


def test_shares_are_checked():
    assert checked({2: 10, 1: 90, 3: 0}, [1, 2]) == {1: 90, 2: 10}
    for wrong in ({1: 99}, {1: 101}, {1: -1, 2: 101}, {3: 100}, {}):
        with pytest.raises(WrongShares):
            checked(wrong, [1, 2])


@given(st.lists(st.integers(1, 50), min_size=1, max_size=8), st.integers(0, 100))
def test_a_canary_leaves_whole_shares_in_proportion(parts: list[int], share: int):
    total = sum(parts)
    shares = {place: part * 100 // total for place, part in enumerate(parts)}
    shares[0] += 100 - sum(shares.values())
    found = with_canary(shares, 99, share)
    assert sum(found.values()) == 100 and found.get(99, 0) == share
    for number, old in shares.items():
        assert abs(found.get(number, 0) - old * (100 - share) / 100) < 1


def test_a_first_version_takes_all_and_one_that_has_a_share_gets_another():
    assert with_canary({}, 1, 0) == {1: 100}
    assert with_canary({1: 100}, 1, 30) == {1: 100}
    assert with_canary({1: 60, 2: 40}, 2, 100) == {2: 100}


def test_rolling_back_goes_to_the_version_that_last_had_all():
    assert last_whole([{1: 90, 2: 10}, {1: 100}, {}], {2: 100}) == 1
    assert last_whole([{2: 100}, {1: 100}], {2: 100}) == 1
    assert last_whole([{1: 50, 2: 50}], {1: 100}) is None


def test_places_are_even_and_differ_between_endpoints():
    places = [bucket("a", str(number)) for number in range(10_000)]
    assert all(60 < places.count(place) < 145 for place in range(100))
    assert [bucket("b", str(number)) for number in range(100)] != places[:100]
