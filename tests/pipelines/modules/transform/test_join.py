"""Join Data."""

import duckdb
import polars as pl
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only

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


def test_right_and_anti_and_cross():
    assert join(how="right").rows() == [
        (1, "a", 1, "x"), (1, "a", 1, "y"), (2, "b", 2, "z"), (None, None, 9, "w"), (None, None, None, "v"),
    ]  # fmt: skip
    assert join(how="right", keep_right_keys=False).rows()[3] == (9, None, "w")
    assert join(how="anti").rows() == [(None, "n"), (3, "c")]
    assert join(how="cross").rows() == [(*one, *other) for one in LEFT.rows() for other in RIGHT.rows()]


def test_a_cross_join_needs_no_keys():
    product = only("transform.join", {"left_keys": None, "right_keys": None, "how": "cross"}, left=LEFT, right=RIGHT)
    assert product.frame.height == 20


def test_a_cross_join_that_explodes_is_refused_before_it_starts():
    many, keys = pl.DataFrame({"x": range(1_000_000)}), {"left_keys": None, "right_keys": None, "how": "cross"}
    wrong = refuses("transform.join", keys, "too_many_rows", left=many, right=many)
    assert "1,000,000,000,000 rows; the maximum is 10,000,000" in wrong.words and wrong.param == "most_rows"
    assert "MB" in refuses("transform.join", keys | {"most_rows": 10**13}, "too_many_rows", left=many, right=many).words


@pytest.mark.parametrize("kind", [pl.Int64, pl.Int32])
@pytest.mark.parametrize("how", ["inner", "left", "right", "full", "semi", "anti", "cross"])
def test_a_stream_gives_the_same_rows(how, kind):
    module = catalogue().modules["transform.join"]
    tables = [pl.select(k=pl.int_range(n) % 300, x=pl.int_range(n)) for n in (3000, 900)]
    tables[1] = tables[1].cast({"k": kind})
    settings = module.read_settings({"left_keys": ["k"], "right_keys": ["k"], "how": how})
    joined = module.function(*(Table(table).query for table in tables), **settings).frame
    first = joined.collect(engine="streaming")
    assert first.equals(joined.collect(engine="in-memory")) and (first.height > 0) == (how != "anti")


@pytest.mark.parametrize(
    ("how", "word"), [("inner", "inner"), ("left", "left"), ("right", "right"), ("full", "full"), ("semi", "semi"), ("anti", "anti")]
)
def test_as_duckdb_joins(how, word):
    flights, airports = dataset("flights").frame.head(3000), dataset("airports").frame.head(200)
    found = only("transform.join", {"left_keys": ["dest"], "right_keys": ["faa"], "how": how}, left=flights, right=airports).frame
    theirs = duckdb.sql(f"select * from flights {word} join airports on flights.dest = airports.faa").pl()
    assert found.height == theirs.height and sorted(map(str, found.rows())) == sorted(map(str, theirs.rows()))


def checked(left, right, partners):
    return only("transform.join", {"left_keys": ["k"], "right_keys": ["k"], "partners": partners}, left=left, right=right).frame.height


def test_how_many_partners_are_expected(notes):
    once, twice = pl.DataFrame({"k": ["a", "b", None, None]}), pl.DataFrame({"k": ["b", "c", "b", "d"]})
    assert checked(once, twice, "one_to_many") == checked(twice, once, "many_to_one") == 2
    assert notes[:2] == [
        "Left keys without a match: 1 of 2.",
        "Right keys without a match: 2 of 3.",
    ]
    for left, right, partners, port in (
        (once, twice, "many_to_one", "right"),
        (twice, once, "one_to_one", "left"),
        (once, twice, "one_to_one", "right"),
    ):
        settings = {"left_keys": ["k"], "right_keys": ["k"], "partners": partners}
        wrong = refuses("transform.join", settings, "keys_repeat", left=left, right=right)
        assert (wrong.port, wrong.param, wrong.column) == (port, f"{port}_keys", "k") and "“k” = b, in 2 rows" in wrong.words


def test_columns_may_have_any_name():
    odd = pl.DataFrame({"": [1, 2], "__key_0": [1, 1], "_": [5, 6]})
    found = only("transform.join", {"left_keys": [""], "right_keys": ["__key_0"]}, left=odd, right=odd).frame
    assert found.rows() == [(1, 1, 5, 1, 1, 5), (1, 1, 5, 2, 1, 6)]
    assert found.columns == ["", "__key_0", "_", "_right", "__key_0_right", "__right"]


@pytest.mark.parametrize("how", ["inner", "left", "right", "full", "semi", "anti"])
@pytest.mark.parametrize("keep", [True, False])
def test_keys_of_one_type_and_of_two_give_the_same_rows(how, keep):
    right = RIGHT.cast({"key": pl.Int32})
    assert join(how=how, keep_right_keys=keep).rows() == join(right=right, how=how, keep_right_keys=keep).rows()


def test_keys_beyond_the_range_of_signed_numbers():
    table = pl.DataFrame({"k": pl.Series([2**64 - 1, 1], dtype=pl.UInt64)})
    assert join(table, table, ("k", "k"), partners="one_to_one").height == 2
