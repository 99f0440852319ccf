"""Partition and Sample."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import KFold, StratifiedKFold

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only

EXAMPLE = Example({"mode": "rate", "rate": 0.5, "stratify_by": "make"})


def rows(count):
    return pl.DataFrame(
        {"row": range(count), "group": [None if row % 7 == 0 else "ab"[row % 3 == 0] for row in range(count)]},
        schema={"row": pl.Int64, "group": pl.String},
    )


def taken(table, **settings):
    return only("transform.partition_and_sample", settings, table=table).frame


def folds(table, mode="folds", **settings):
    return taken(table, mode=mode, **settings)["fold"].to_numpy()


def test_a_share_and_a_number_of_rows_as_the_documented_permutation_draws_them(notes):
    order = np.random.Generator(np.random.PCG64(7)).permutation(100)
    assert taken(rows(100), rate=0.29, seed=7)["row"].to_list() == sorted(order[:29])
    assert taken(rows(100), mode="count", rows=5, seed=7)["row"].to_list() == sorted(order[:5])
    assert notes == []
    assert taken(rows(3), mode="count", rows=5)["row"].to_list() == [0, 1, 2] and notes == ["The table has only 3 rows; all are returned."]


def test_rows_that_are_put_back():
    drawn = taken(rows(50), rate=1, replace=True, seed=3)["row"].to_list()
    assert drawn == sorted(np.random.Generator(np.random.PCG64(3)).integers(0, 50, 50)) and len(set(drawn)) < 50
    assert taken(rows(3), mode="count", rows=10, replace=True).height == 10


@given(st.integers(1, 120), st.integers(1, 60), st.booleans(), st.integers(0, 99))
def test_a_stratified_sample_keeps_proportions_within_a_row(count, wanted, replace, seed):
    table = rows(count)
    some = taken(table, mode="count", rows=wanted, replace=replace, seed=seed, stratify_by="group")
    size = wanted if replace else min(wanted, count)
    assert some.height == size
    for value in (None, "a", "b"):
        share = table["group"].eq_missing(value).sum() / count
        assert abs(some["group"].eq_missing(value).sum() - share * size) < (2 if replace else 1) + 1e-9


def test_the_first_rows():
    assert taken(rows(20), mode="head")["row"].to_list() == list(range(10))


@pytest.mark.parametrize(("count", "parts"), [(10, 3), (11, 5), (3, 5), (0, 2)])
def test_folds_of_rows_that_follow_each_other_are_those_of_scikit_learn(count, parts):
    ours = folds(rows(count), folds=parts, shuffle=False)
    if count >= parts:
        for number, (_, test) in enumerate(KFold(parts).split(np.zeros(count)), 1):
            assert (np.flatnonzero(ours == number) == test).all()
    assert ours.tolist() == sorted(ours)


@pytest.mark.parametrize("parts", [2, 5, 7])
def test_stratified_folds_are_as_even_as_those_of_scikit_learn(parts):
    income = dataset("adult_census_income").frame.select("income", "age").head(3000)
    ours = income.with_columns(fold=folds(income, folds=parts, stratify_by="income"))
    theirs = [len(test) for _, test in StratifiedKFold(parts).split(income["age"], income["income"])]
    assert sorted(ours["fold"].value_counts()["count"]) == sorted(theirs)
    for value in income["income"].unique():
        sizes = ours.filter(pl.col("income") == value)["fold"].value_counts()["count"]
        assert sizes.max() - sizes.min() <= 1 and len(sizes) == parts


@given(st.integers(0, 200), st.lists(st.floats(0.05, 0.3), min_size=1, max_size=3), st.booleans(), st.booleans(), st.integers(0, 9))
def test_folds_of_given_shares(count, shares, shuffle, by_group, seed):
    table = rows(count)
    settings = {"shares": ",".join(map(str, shares)), "shuffle": shuffle, "seed": seed, "stratify_by": "group" if by_group else None}
    ours = folds(table, "shares", **settings)
    assert len(ours) == count and (folds(table, "shares", **settings) == ours).all()
    for number, share in enumerate([*shares, 1 - sum(shares)], 1):
        assert abs((ours == number).sum() - share * count) <= 2
        for value in (None, "a", "b") if by_group else ():
            of_value = table["group"].eq_missing(value).to_numpy()
            assert abs((ours[of_value] == number).sum() - share * of_value.sum()) <= 3


def test_shuffled_folds_depend_on_the_seed_alone():
    first, again, other = (folds(rows(40), seed=seed) for seed in (1, 1, 2))
    assert (first == again).all() and (first != other).any() and np.bincount(first).tolist() == [0, 8, 8, 8, 8, 8]


def test_many_strata_of_one_row_share_alike():
    table = pl.DataFrame({"group": [str(place) for place in range(10_000)]})
    assert np.bincount(folds(table, "shares", shares="0.5,0.25", stratify_by="group"))[1:].tolist() == [5000, 2500, 2500]
    assert taken(table, rate=0.1, stratify_by="group").height == 1000


def test_a_fold_and_all_others():
    table = only("transform.partition_and_sample", {"mode": "folds", "folds": 3}, table=Table(rows(10), {"row": ColumnRole("label")}))
    assert (table.role("fold").role, table.role("row").role) == ("ignored", "label")
    one, others = taken(table, mode="pick", fold=2), taken(table, mode="pick", fold=2, complement=True)
    assert one["fold"].unique().to_list() == [2] and sorted([*one["row"], *others["row"]]) == list(range(10))


def test_bad_choices():
    def refused(code, table, **settings):
        return refuses("transform.partition_and_sample", settings, code, table=table)

    assert refused("unknown_column", rows(3), mode="pick").param == "fold_column"
    assert refused("not_a_number", rows(3), mode="pick", fold_column="group").column == "group"
    assert "are 0 to 2" in refused("no_such_fold", rows(3), mode="pick", fold_column="row", fold=9).words
    refused("duplicate_column", rows(3), mode="folds", fold_column="row")
    refused("no_name", rows(3), mode="folds", fold_column="")
    for shares in ("", "a", "0.9,0.2", "0,1", "nan", "-1"):
        assert refused("wrong_value", rows(3), mode="shares", shares=shares).param == "shares"
