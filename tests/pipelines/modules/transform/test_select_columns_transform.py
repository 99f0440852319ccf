"""Select Columns Transform."""

import json

import polars as pl

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.examples import cars
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only

FITTED = pl.DataFrame({"b": [1], "a": ["x"], "price": [1.0]})
NEW = pl.DataFrame({"a": ["y", "z"], "more": [1, 2], "b": [3, 4], "price": [5.0, 6.0]})


def fitted(table=FITTED, **settings):
    return only("transform.select_columns_transform", settings, table=table)


def applied(transform, table=NEW):
    return only("transform.apply_transformation", transform=transform, table=table)


def test_another_table_gets_the_same_columns_in_the_same_order():
    assert applied(fitted()).frame.equals(NEW.select("b", "a", "price"))
    assert applied(fitted(columns=["price", "a"])).frame.columns == ["a", "price"]


def test_roles_are_those_of_the_other_table():
    assert applied(fitted(), Table(NEW, {"price": ColumnRole("label"), "more": ColumnRole("weight")})).roles == {
        "price": ColumnRole("label")
    }


def test_a_column_that_is_not_there():
    wrong = refuses("transform.apply_transformation", {}, "missing_columns", transform=fitted(), table=NEW.drop("b"))
    assert wrong.column == "b"


def test_a_label_may_be_missing_in_rows_that_are_yet_to_be_predicted(notes):
    transform = fitted(Table(FITTED, {"price": ColumnRole("label")}))
    assert applied(transform, NEW.drop("price")).frame.columns == ["b", "a"]
    assert notes == ["Labels that are not in this table: “price”."]


def test_it_is_plain_data_and_does_not_depend_on_rows():
    assert fitted(cars()) == fitted(cars().with_frame(cars().frame.clear()))
    assert json.loads(json.dumps(fitted().state)) == {"columns": ["b", "a", "price"], "labels": []}


def test_no_columns_and_many():
    assert applied(fitted(columns=[])).frame.width == 0
    wide = pl.DataFrame({f"ö{i}": [i] for i in range(2000)})
    assert applied(fitted(wide), wide.select(reversed(wide.columns))).frame.equals(wide)
