"""The record of an artifact: through JSON and back, and what makes two the same."""

import json

import msgspec
import polars as pl

from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.execution.output import ColumnInfo, Output, describe, public_outputs

TABLE = Table(
    pl.DataFrame({"a": [1], "b": ["x"]}), {"b": ColumnRole("label", categorical=True), "a": ColumnRole("score", positive="yes", model="M")}
)
RECORD = Output("table", "d" * 64, 10, 1, describe(TABLE), None)


def test_columns_are_described_in_order():
    assert describe(TABLE) == (
        ColumnInfo("a", "Int64", "number", "score", False, "yes", "M"),
        ColumnInfo("b", "String", "text", "label", True),
    )


def test_a_record_is_the_same_after_a_trip_through_json():
    assert Output.from_json(json.loads(json.dumps(RECORD.as_json()))) == RECORD
    assert RECORD.as_json()["kind"] == "table"


def test_a_record_gives_the_roles_back():
    assert RECORD.roles == TABLE.roles


def test_content_is_bytes_and_roles_and_nothing_else():
    other_bytes = Output("table", "e" * 64, 10, 1, RECORD.columns)
    other_role = Output("table", "d" * 64, 10, 1, describe(TABLE.with_role("b", role="feature")))
    other_page = Output("table", "d" * 64, 99, 7, RECORD.columns, report="r")
    assert len({RECORD.content, other_bytes.content, other_role.content}) == 3
    assert other_page.content == RECORD.content


def test_a_thousand_columns_are_told_as_their_number():
    wide = Output("table", "d" * 64, 10, 1, describe(Table(pl.DataFrame({f"c{at}": [1] for at in range(1000)}))))
    model = Output("model", "e" * 64, 20)
    assert msgspec.to_builtins(public_outputs({"table": wide, "model": model})) == {
        "table": {"kind": "table", "digest": "d" * 64, "bytes": 10, "rows": 1, "width": 1000, "deferred": False, "headline": None},
        "model": {"kind": "model", "digest": "e" * 64, "bytes": 20, "rows": None, "width": None, "deferred": False, "headline": None},
    }


def test_records_from_before_results_could_wait_are_told_too():
    record = {
        "kind": "table",
        "digest": "d",
        "bytes": 1,
        "rows": 2,
        "columns": [{"name": "a", "dtype": "Int64", "kind": "number"}],
        "report": None,
    }
    assert public_outputs({"table": Output.from_json(record)})["table"].deferred is False
