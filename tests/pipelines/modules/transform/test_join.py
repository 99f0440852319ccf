"""Join Data."""

import polars as pl
import pytest

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only

EXAMPLE = Example({"left_keys": ["make", "num-of-doors"], "right_keys": ["make", "num-of-doors"]})
LEFT = pl.DataFrame({"id": [2, 1, None, 3], "name": ["b", "a", "n", "c"]})
RIGHT = pl.DataFrame({"key": [1, 1, 2, 9, None], "name": ["x", "y", "z", "w", "v"]})


def join(left=LEFT, right=RIGHT, keys=("id", "key"), **settings):
    return only("transform.join", {"left_keys": [keys[0]], "right_keys": [keys[1]], **settings}, left=left, right=right).frame


def test_inner():
    assert join().rows() == [(2, "b", 2, "z"), (1, "a", 1, "x"), (1, "a", 1, "y")]
    assert join().columns == ["id", "name", "key", "name_right"]


def test_left_and_full_and_semi():
    assert join(how="left").rows() == [(2, "b", 2, "z"), (1, "a", 1, "x"), (1, "a", 1, "y"), (None, "n", None, None), (3, "c", None, None)]
    assert join(how="full").rows()[5:] == [(None, None, 9, "w"), (None, None, None, "v")]
    assert join(how="semi").rows() == [(2, "b"), (1, "a")]


def test_right_keys_may_be_left_out():
    assert join(keep_right_keys=False).columns == ["id", "name", "name_right"]
    assert join(how="full", keep_right_keys=False).rows()[5] == (9, None, "w")


def test_case():
    left, right = pl.DataFrame({"k": ["A"]}), pl.DataFrame({"k": ["a"]})
    assert join(left, right, ("k", "k")).height == 0
    assert join(left, right, ("k", "k"), match_case=False).rows() == [("A", "a")]


def test_several_keys_match_in_the_order_they_are_named():
    left, right = pl.DataFrame({"a": [1], "b": ["x"]}), pl.DataFrame({"p": ["x"], "q": [1]})
    found = only("transform.join", {"left_keys": ["b", "a"], "right_keys": ["p", "q"]}, left=left, right=right).frame
    assert found.rows() == [(1, "x", "x", 1)]


@pytest.mark.parametrize(
    ("left", "right"), [([1, 2], [1.0, 2.5]), (pl.Series([1, 2], dtype=pl.Int8), [1, 7]), ([True, False], [True, True])]
)
def test_kinds_of_the_same_family_match(left, right):
    assert join(pl.DataFrame({"k": left}), pl.DataFrame({"k": right}), ("k", "k")).height >= 1


def test_categories_match_texts():
    left = pl.DataFrame({"k": pl.Series(["a"], dtype=pl.Categorical)})
    assert join(left, pl.DataFrame({"k": ["a"]}), ("k", "k"), how="full", keep_right_keys=False).height == 1


def test_roles_come_from_both_sides():
    table = only(
        "transform.join",
        {"left_keys": ["id"], "right_keys": ["key"]},
        left=Table(LEFT, {"id": ColumnRole("ignored")}),
        right=Table(RIGHT, {"name": ColumnRole("label")}),
    )
    assert (table.role("id").role, table.role("name_right").role, table.role("name").role) == ("ignored", "label", "feature")


def test_keys_of_different_types():
    wrong = refuses("transform.join", {"left_keys": ["id"], "right_keys": ["name"]}, "key_types_differ", left=LEFT, right=RIGHT)
    assert "“id” (Int64)" in wrong.words and "“name” (String)" in wrong.words and "Edit Metadata" in wrong.remedy


@pytest.mark.parametrize("keys", [(["id"], ["key", "name"]), ([], [])])
def test_a_different_number_of_keys(keys):
    refuses("transform.join", {"left_keys": keys[0], "right_keys": keys[1]}, "wrong_number_of_keys", left=LEFT, right=RIGHT)
