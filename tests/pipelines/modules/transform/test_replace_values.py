"""Replace Values."""

from datetime import date

import polars as pl
import pytest

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only

EXAMPLE = Example({"columns": ["make", "price"], "pairs": "bmw => BMW\n16500 => 1"})
TABLE = pl.DataFrame({"t": ["?", "a", " ?", None, "A"], "n": [1, 2, 0, None, 1], "x": [1.0, float("nan"), 2.5, None, -1.0]})


def replace(pairs, table=TABLE, **settings):
    return only("transform.replace_values", {"pairs": pairs, **settings}, table=table).frame


def test_a_sign_for_missing_values_becomes_one(notes):
    assert replace("? =>")["t"].to_list() == [None, "a", " ?", None, "A"]
    assert notes == ["Replaced values: “t” (1)."]
    assert replace('" ?" =>')["t"].to_list() == ["?", "a", None, None, "A"]


def test_values_of_each_columns_own_type(notes):
    found = replace("1 => 9\n2.5 =>")
    assert found["n"].to_list() == [9, 2, 0, None, 9] and found["x"].to_list()[0] == 9.0 and found["x"][2] is None
    assert found["t"].equals(TABLE["t"], null_equal=True) and found.schema == TABLE.schema
    assert notes == ["Replaced values: “n” (2), “x” (2)."]


def test_all_at_once_so_that_values_can_be_swapped():
    assert replace("a => A\nA => a")["t"].to_list() == ["?", "A", " ?", None, "a"]


def test_whatever_the_case():
    assert replace("A => b", match_case=False, columns=["t"])["t"].to_list() == ["?", "b", " ?", None, "b"]
    refuses("transform.replace_values", {"pairs": "A => b\na => c", "match_case": False, "columns": ["t"]}, "wrong_pair", table=TABLE)


def test_missing_values_are_replaced_too():
    found = replace("=> 0", columns=["n", "x"])
    assert found["n"].to_list() == [1, 2, 0, 0, 1] and found["x"].to_list() == [1.0, 0.0, 2.5, 0.0, -1.0]


def test_all_others_may_become_missing():
    assert replace("a => first", columns=["t"], others="missing")["t"].to_list() == [None, "first", None, None, None]
    assert replace("zz => first", columns=["t"], others="missing")["t"].null_count() == 5


def test_an_old_value_that_is_nowhere(notes):
    assert replace("nowhere => x\na => b", columns=["t"])["t"][1] == "b"
    assert notes[-1] == "Not found: “nowhere”."


def test_a_table_of_values():
    codes = pl.DataFrame({"code": [1, 2], "name": [10, None]})
    assert only("transform.replace_values", {"columns": ["n"]}, table=TABLE, mapping=codes).frame["n"].to_list() == [10, None, 0, None, 10]
    for wrong in (codes.select("code"), pl.DataFrame({"a": [[1]], "b": [2]}), pl.DataFrame({"a": [1, 1], "b": [2, 3]})):
        assert refuses("transform.replace_values", {}, "wrong_mapping", table=TABLE, mapping=wrong).port == "mapping"


def test_a_new_value_of_another_type():
    wrong = refuses("transform.replace_values", {"pairs": "1 => one"}, "wrong_value", table=TABLE)
    assert (wrong.column, wrong.param) == ("n", "pairs") and "Edit Metadata" in wrong.remedy
    refuses("transform.replace_values", {"pairs": "1 => 2.5", "columns": ["n"]}, "wrong_value", table=TABLE)
    refuses("transform.replace_values", {"pairs": "1 => 300", "columns": ["n"]}, "wrong_value", table=TABLE.cast({"n": pl.Int8}))


@pytest.mark.parametrize("pairs", ["a", "a => b\na => c", "a -> b"])
def test_pairs_that_cannot_be_read(pairs):
    wrong = refuses("transform.replace_values", {"pairs": pairs}, "wrong_pair", table=TABLE)
    assert wrong.words.startswith(("Line 1", "Line 2")) and wrong.param == "pairs"


def test_dates_booleans_categories_and_large_numbers():
    table = pl.DataFrame(
        {"d": [date(2024, 1, 1), date(1900, 1, 1)], "b": [True, False], "c": ["a", "b"], "e": ["a", "b"], "i": [2**62 + 1, 1]}
    )
    table = table.cast({"c": pl.Categorical, "e": pl.Enum(["a", "b"])})
    found = replace("1900-01-01 =>\ntrue => false\na => new\n1.0 => 2\n4611686018427387905 => 4611686018427387907", table)
    assert found.rows() == [(date(2024, 1, 1), False, "new", "new", 2**62 + 3), (None, False, "b", "b", 2)]
    assert found.dtypes == [pl.Date, pl.Boolean, pl.Categorical, pl.String, pl.Int64]


def test_lists_are_left_alone_unless_they_are_named():
    table = pl.DataFrame({"l": [[1]], "t": ["1"]})
    assert replace("1 => 2", table).rows() == [([1], "2")]
    assert refuses("transform.replace_values", {"columns": ["l"]}, "wrong_type", table=table).column == "l"


def test_as_pandas_does():
    cars = dataset("automobile_price").frame
    pairs = {"gas": "petrol", "bmw": "BMW", "two": None}
    ours = replace("\n".join(f"{old} => {new or ''}" for old, new in pairs.items()), cars)
    theirs = pl.from_pandas(cars.to_pandas().replace({old: new or "\0" for old, new in pairs.items()}))
    for column in (column for column in cars.columns if cars[column].dtype == pl.String):
        assert ours[column].to_list() == [None if value == "\0" else value for value in theirs[column]]


def test_roles_stay_and_nothing_to_replace():
    assert only("transform.replace_values", {"pairs": ""}, table=Table(TABLE, {"t": ColumnRole("label")})).role("t").role == "label"
    wide = pl.DataFrame({f"ö{i}": ["?"] for i in range(600)})
    assert replace("? =>", wide).null_count().sum_horizontal()[0] == 600
    many = pl.DataFrame({"x": [str(i) for i in range(10_000)]})
    both = only("transform.replace_values", table=many, mapping=many.with_columns(y=pl.col("x") + "!")).frame
    assert both["x"].to_list() == [f"{i}!" for i in range(10_000)]
