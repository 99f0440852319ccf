"""Folds: each row is predicted once, by a model that has not seen it."""

import numpy as np
import polars as pl
import pytest
from sklearn.model_selection import GroupKFold, KFold, LeaveOneGroupOut, StratifiedGroupKFold, StratifiedKFold

from pipelines.catalogue.errors import ModuleError
from pipelines.modelling.folds import InTime, by_column, by_each_group, by_groups, by_label, by_rows, by_time


def same(folds, parts):
    for fold, (train, test) in zip(folds, parts, strict=True):
        np.testing.assert_array_equal(fold.train, train)
        np.testing.assert_array_equal(fold.test, np.sort(test))


def is_apart(folds, rows):
    """Every row is predicted once; none is trained on and predicted by the same fold."""
    assert sorted(np.concatenate([fold.test for fold in folds])) == list(range(rows))
    assert not any(set(fold.train) & set(fold.test) for fold in folds)


def test_classes_are_spread_as_scikit_learn_does():
    y = np.array(["a", "b", "b", "a", "c"] * 20)
    same(by_label(y, 5, 1, 3), StratifiedKFold(5, shuffle=True, random_state=3).split(y, y))


def test_numbers_are_spread_by_tenths():
    y = np.random.default_rng(0).normal(size=200)
    folds = by_label(y, 4, 1, 0)
    is_apart(folds, 200)
    tenth = np.searchsorted(np.quantile(y, np.arange(1, 10) / 10), y, side="right")
    assert all(np.bincount(tenth[fold.test], minlength=10).tolist() == [5] * 10 for fold in folds)


def test_a_class_with_few_rows_is_said(notes):
    is_apart(by_label(np.array(["a"] * 20 + ["b"] * 3), 5, 1, 0), 23)
    assert any("“b” has 3 rows" in line for line in notes)


def test_few_numbers_are_split_at_random():
    is_apart(by_label(np.array([1.0, 2.0, 3.0, 4.0]), 3, 1, 0), 4)


def test_rows_are_drawn_as_scikit_learn_does_and_anew_in_each_repeat():
    folds = by_rows(30, 3, 2, 7)
    same(folds[:3], KFold(3, shuffle=True, random_state=7).split(np.zeros(30)))
    same(folds[3:], KFold(3, shuffle=True, random_state=8).split(np.zeros(30)))
    assert [fold.name for fold in folds[2:4]] == ["repeat 1, fold 3", "repeat 2, fold 1"] and [fold.repeat for fold in folds[2:4]] == [0, 1]


def test_no_group_is_divided(notes):
    groups = pl.Series("g", ["x", "y", None, "z", "x", None, "y", "u"])
    folds = by_groups(groups, 3, 0)
    is_apart(folds, 8)
    for fold in folds:
        assert not set(groups.gather(fold.train)) & set(groups.gather(fold.test))
    codes = groups.fill_null("").rank("dense").to_numpy()
    same(folds, GroupKFold(3, shuffle=True, random_state=0).split(codes, groups=codes))
    assert any("2 rows without a value of “g”" in line for line in notes)


def test_fewer_groups_than_folds_make_fewer_folds(notes):
    assert len(by_groups(pl.Series("g", [1, 2, 3] * 3), 10, 0)) == 3
    assert any("3 groups, so there are 3 folds rather than 10" in line for line in notes)


def test_what_is_predicted_in_time_is_later_than_what_was_trained_on(notes):
    times = pl.Series("t", [5, 1, 1, None, 2, 3, 3, 4, 9, 8, 7, 6])
    folds = by_time(times, 3)
    predicted = np.concatenate([fold.test for fold in folds])
    assert len(set(predicted)) == len(predicted)
    for fold in folds:
        assert times.gather(fold.train).max() < times.gather(fold.test).min()
    assert any("1 row without a value of “t” was left out" in line for line in notes)


def test_rows_of_the_same_time_stay_together(notes):
    times = pl.Series("t", [1] * 10 + [2] * 10)
    (fold,) = by_time(times, 4)
    assert len(fold.train) == len(fold.test) == 10
    assert any("1 folds rather than 4" in line or "few different values" in line for line in notes)


def test_a_column_names_the_folds(notes):
    folds = by_column(pl.Series("f", [2, 1, None, 2]))
    assert [(fold.name, fold.train.tolist(), fold.test.tolist()) for fold in folds] == [
        ("fold 1", [0, 2, 3], [1]),
        ("fold 2", [1, 2], [0, 3]),
    ]
    assert any("1 row without a fold is trained on in every fold" in line for line in notes)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: by_rows(3, 5, 1, 0), "too_few_rows"),
        (lambda: by_label(np.array(["a", "b"]), 3, 1, 0), "too_few_rows"),
        (lambda: by_groups(pl.Series("g", [1, 1, 1]), 2, 0), "too_few_groups"),
        (lambda: by_time(pl.Series("t", [1, 1, 1, 1]), 2), "too_few_times"),
        (lambda: by_time(pl.Series("t", [None, 1], dtype=pl.Int64), 2), "too_few_rows"),
        (lambda: by_column(pl.Series("f", [1, 1])), "unusable_folds"),
        (lambda: by_column(pl.Series("f", range(1001))), "unusable_folds"),
    ],
    ids=["rows", "label", "groups", "same time", "no time", "one fold", "many folds"],
)
def test_what_cannot_be_split_is_refused_with_a_remedy(make, code):
    with pytest.raises(ModuleError) as wrong:
        make()
    assert wrong.value.code == code and wrong.value.remedy


def test_the_only_row_of_a_class_is_trained_on_in_every_fold(notes):
    y = np.array(["a"] * 10 + ["b"] * 10 + ["c"])
    folds = by_label(y, 5, 1, 0)
    assert all(20 in fold.train and 20 not in fold.test for fold in folds)
    assert sorted(np.concatenate([fold.test for fold in folds])) == list(range(20))
    assert any("“c” has one row, which is trained on in every fold and predicted in none" in line for line in notes)
    is_apart(by_label(np.array(["a", "b", "c", "d"]), 3, 1, 0), 4)  # where every class is so, rows are drawn


def test_each_group_is_a_fold():
    groups = pl.Series("g", ["x", "y", None, "z", "x", None, "y"])
    folds = by_each_group(groups)
    is_apart(folds, 7)
    codes = groups.fill_null("").rank("dense").to_numpy()
    same(folds, LeaveOneGroupOut().split(codes, groups=codes))
    assert [fold.name for fold in folds] == ["fold without a value", "fold x", "fold y", "fold z"]
    with pytest.raises(ModuleError) as wrong:
        by_each_group(pl.Series("g", range(1001)))
    assert wrong.value.code == "too_many_groups" and wrong.value.remedy


def test_groups_are_spread_with_the_shares_of_the_label():
    groups, y = pl.Series("g", [n // 4 for n in range(200)]), np.array(["a", "b"])[(np.arange(200) // 4 % 5 == 0).astype(int)]
    folds = by_groups(groups, 5, 2, y)
    is_apart(folds, 200)
    same(folds, StratifiedGroupKFold(5, shuffle=True, random_state=2).split(y, y, groups=groups.cast(pl.String).rank("dense").to_numpy()))
    assert {(y[fold.test] == "b").sum() for fold in folds} == {8}


def test_a_window_and_a_gap_choose_the_earlier_rows():
    times = pl.Series("t", [day for day in range(12) for _ in range(2)])
    whole, window, gap = by_time(times, 3), by_time(times, 3, InTime(window=1)), by_time(times, 3, InTime(gap=2))
    for fold, narrow, early in zip(whole, window, gap, strict=True):
        assert fold.test.tolist() == narrow.test.tolist() == early.test.tolist()
        first = times.gather(fold.test).min()
        assert sorted(set(times.gather(fold.train))) == list(range(first))
        assert sorted(set(times.gather(narrow.train))) == list(range(first - 3, first))
        assert sorted(set(times.gather(early.train))) == list(range(first - 2))
    with pytest.raises(ModuleError) as wrong:
        by_time(times, 3, InTime(gap=3))
    assert wrong.value.code == "too_wide_gap" and wrong.value.param == "gap" and "2 values" not in wrong.value.words
