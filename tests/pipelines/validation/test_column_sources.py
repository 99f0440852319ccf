"""Where a column comes from: as declared, by its name, or from all, and which of these."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.validation.column_sources import Source, StepSources

HEAD = Table(pl.DataFrame(schema={"a": pl.Int64, "b": pl.Int64, "y": pl.Int64}))


def told(
    module: str, heads: dict[str, list[Table | None]], port: str, column: str | None, **params: Any
) -> tuple[set[tuple[str, str | None]], str]:
    found = catalogue().modules[module]
    sources = StepSources(found, found.read_settings(params), heads).of(port, column)
    return {(part.port, part.column) for part in sources.parts}, sources.basis


def test_a_formula_declares_its_columns() -> None:
    params = {"name": "c", "formula": "a * 2"}
    assert told("transform.derive_column", {"table": [HEAD]}, "table", "c", **params) == ({("table", "a")}, "declared")
    assert told("transform.derive_column", {"table": [HEAD]}, "table", "b", **params) == ({("table", "b")}, "declared")


def test_rows_that_pass_keep_their_columns_by_name_and_new_rows_come_from_all() -> None:
    assert told("transform.sort_rows", {"table": [HEAD]}, "table", "a", columns="all") == ({("table", "a")}, "name")
    assert told("transform.group_by", {"table": [HEAD]}, "table", "a", keys="all")[0] == {("table", None)}
    assert told("transform.sql", {"t1": [HEAD]}, "table", "a", query="select max(a) as a from t1")[1] == "all"
    assert told("transform.sql", {"t1": [HEAD]}, "table", "c", query="select a + b as c from t1") == (
        {("t1", "a"), ("t1", "b")},
        "declared",
    )


def test_a_model_comes_from_its_features_and_its_label_alone() -> None:
    head = Table(HEAD.frame, {"b": ColumnRole("ignored")})
    found = told("training.train_model", {"untrained": [None], "table": [head]}, "model", None, label="y")
    assert found == ({("untrained", None), ("table", "a"), ("table", "y")}, "declared")


def test_unknown_columns_and_modules_come_from_all() -> None:
    assert StepSources(None, {}, {"x": [None, HEAD]}).of("table", "a").parts == {Source("x", 0, None), Source("x", 1, None)}
    assert told("transform.sort_rows", {"table": [None]}, "table", "a", columns="all") == ({("table", None)}, "all")


def test_a_rule_is_asked_once_for_all_columns() -> None:
    asked = 0

    def derives(settings: Any, *tables: Table | None) -> dict[str, list[tuple[int, str]]]:
        nonlocal asked
        asked += 1
        return {"new": [(0, "a")]}

    found = catalogue().modules["transform.derive_column"]
    sources = StepSources(replace(found, lineage=replace(found.lineage, derives=derives)), {}, {"table": [HEAD]})
    assert [sources.of("table", column).basis for column in ("new", "a", "b", "y")] == ["declared"] * 4
    assert asked == 1
