"""Split Data."""

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Table
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import run


def split(frame, **settings):
    parts = run("transform.split_data", settings, table=frame)
    return parts["first"].frame, parts["second"].frame


def rows(count):
    return pl.DataFrame(
        {"row": range(count), "group": [None if row % 7 == 0 else "ab"[row % 3 == 0] for row in range(count)]},
        schema={"row": pl.Int64, "group": pl.String},
    )


def test_the_rows_are_those_of_the_documented_permutation():
    first, second = split(rows(10), fraction=0.3, seed=7)
    order = np.random.Generator(np.random.PCG64(7)).permutation(10)
    assert first["row"].to_list() == sorted(order[:3]) and second["row"].to_list() == sorted(order[3:])


def test_without_shuffling_the_first_rows_come_first():
    assert split(rows(5), fraction=0.5, shuffle=False)[0]["row"].to_list() == [0, 1]


def test_a_fraction_means_what_it_says_in_decimal():
    assert len(split(rows(100), fraction=0.29)[0]) == 29


@given(st.integers(0, 60), st.floats(0, 1), st.integers(0, 2**32 - 1), st.booleans(), st.booleans())
def test_every_row_goes_to_exactly_one_part(count, fraction, seed, shuffle, stratified):
    first, second = split(rows(count), fraction=fraction, seed=seed, shuffle=shuffle, stratify_by="group" if stratified else None)
    assert len(first) == math.floor(round(fraction * count, 6))
    assert sorted(first["row"].to_list() + second["row"].to_list()) == list(range(count))
    assert first["row"].is_sorted() and second["row"].is_sorted()


@given(st.integers(1, 80), st.floats(0, 1), st.integers(0, 99))
def test_stratified_every_value_keeps_its_proportion_within_a_row(count, fraction, seed):
    first, _ = split(rows(count), fraction=fraction, seed=seed, stratify_by="group")
    for value in (None, "a", "b"):
        whole = rows(count).filter(pl.col("group").eq_missing(pl.lit(value))).height
        assert abs(first.filter(pl.col("group").eq_missing(pl.lit(value))).height - fraction * whole) < 1


def test_stratified_by_numbers_and_dates():
    frame = pl.DataFrame({"n": [1.5, 1.5, 2.5, 2.5]}).with_columns(day=pl.date(2024, 1, 1) + pl.duration(days=pl.col("n")))
    for column in ("n", "day"):
        assert split(frame, stratify_by=column)[0][column].n_unique() == 2


def test_an_unknown_column():
    assert refuses("transform.split_data", {"stratify_by": "GROUP"}, "unknown_column", table=rows(3)).remedy == "Did you mean “group”?"


WORDS = pl.DataFrame({"t": ["Anna", "bob", None, "Axel"], "n": [1, 2, 3, None]})


@pytest.mark.parametrize(
    ("settings", "first"),
    [
        ({"by": "pattern", "column": "t", "pattern": "^A"}, ["Anna", "Axel"]),
        ({"by": "pattern", "column": "t", "pattern": "(?i)B"}, ["bob"]),
        ({"by": "condition", "condition": "n < 2"}, ["Anna"]),
        ({"by": "condition", "condition": "n > 1 or t = 'Axel'"}, ["bob", None, "Axel"]),
        ({"by": "condition", "condition": "left(t, 1) = 'A'"}, ["Anna", "Axel"]),
    ],
)
def test_rows_that_match_go_to_the_first_part_and_all_others_to_the_second(settings, first):
    one, other = split(WORDS, **settings)
    assert one["t"].to_list() == first
    assert other["t"].to_list() == [word for word in WORDS["t"] if word not in first]


@pytest.mark.parametrize(
    ("settings", "code", "place"),
    [
        ({"by": "pattern"}, "no_column", "column"),
        ({"by": "pattern", "column": "x"}, "unknown_column", "column"),
        ({"by": "pattern", "column": "n", "pattern": "1"}, "not_a_text", "column"),
        ({"by": "pattern", "column": "t", "pattern": "(a"}, "bad_pattern", "pattern"),
        ({"by": "condition", "condition": "n + 1"}, "bad_formula", "condition"),
        ({"by": "condition", "condition": "m > 1"}, "unknown_column", "condition"),
        ({"by": "condition", "condition": ""}, "bad_formula", "condition"),
    ],
)
def test_what_cannot_be_matched_is_refused_before_running_too(settings, code, place):
    assert refuses("transform.split_data", settings, code, table=WORDS).param == place
    module = catalogue().modules["transform.split_data"]
    with pytest.raises(ModuleError) as caught:
        module.columns(Table(WORDS.clear()).query, **module.read_settings(settings))
    assert caught.value.code == code
