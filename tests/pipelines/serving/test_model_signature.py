"""The signature of a trained model alone."""

from __future__ import annotations

import polars as pl

from pipelines.catalogue.ports import ColumnRole, Model, Table
from pipelines.serving.model_signature import model_signature

ROWS = Table(pl.DataFrame({"make": ["bmw", None, "audi"], "power": [101, 102, 99], "price": [1.5, 2.5, 3.5]}))
MODEL = Model("Trees", "regression", None, "price", (("make", "String"), ("power", "Int64")))


def test_inputs_are_those_of_real_rows_and_outputs_what_the_model_scored() -> None:
    other = pl.Series("Other", [1.0])
    frame = pl.DataFrame({"Scored Labels": [1.0]}).with_columns(other)
    scored = Table(frame, {"Scored Labels": ColumnRole("score", model="Trees"), "Other": ColumnRole("score", model="Line")})
    found = model_signature(MODEL, ROWS, scored)
    assert found is not None
    make, power = found.inputs
    assert (make.type, make.nullable, make.categories) == ("text", True, ("audi", "bmw"))
    assert (power.type, power.nullable, power.low, power.high) == ("integer", False, 99, 102)
    assert [column.name for column in found.outputs] == ["Scored Labels"] and found.example == {"make": "bmw", "power": 101}


def test_without_scored_rows_outputs_are_what_the_task_gives() -> None:
    found = model_signature(MODEL, ROWS, None)
    assert found is not None and [(column.name, column.type) for column in found.outputs] == [("Scored Labels", "number")]


def test_a_column_that_requests_cannot_give_leaves_no_signature() -> None:
    lists = Table(pl.DataFrame({"make": [[1]], "power": [1]}))
    assert model_signature(MODEL, lists, None) is None
