"""Queries that compute each row of t1 by itself, for rows that arrive one at a time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from pipelines.modules.transform._duckdb import engine
from pipelines.modules.transform._syntax import Node, Unreadable, parse

CHOOSING = {"LIMIT_MODIFIER", "ORDER_MODIFIER", "LIMIT_PERCENT_MODIFIER"}  # they choose or order rows, and change none
TOGETHER = {"WINDOW", "SUBQUERY"}  # classes of expressions that look at several rows


def by_row(query: str) -> str | None:
    """Return the query without its choice and order of rows; None where it looks at several rows, or at other tables than t1."""
    try:
        (statement,) = parse(query)
    except (Unreadable, ValueError):
        return None
    tree, parts = statement
    table = tree.get("from_table") or {}
    plain = tree.get("type") == "SELECT_NODE" and table.get("type") == "BASE_TABLE" and str(table.get("table_name")).lower() == "t1"
    if (
        not plain
        or tree["aggregate_handling"] != "STANDARD_HANDLING"
        or tree["group_expressions"]
        or tree["having"]
        or tree["qualify"]
        or tree["cte_map"]["map"]
    ):
        return None
    if any(modifier["type"] not in CHOOSING for modifier in tree["modifiers"]) or any(map(_looks_around, parts)):
        return None
    return _text({**tree, "modifiers": [], "sample": None})


def serves(settings: Mapping[str, Any]) -> Literal["each", "through", "never"]:
    """Return what a query does with rows of a request."""
    query = by_row(settings["query"])
    return "never" if query is None else "through" if query.lower().replace(" ", "") == "select*fromt1" else "each"


def _looks_around(part: Node) -> bool:
    if part.get("class") == "FUNCTION":
        return str(part["function_name"]).lower() in _aggregates()
    return part.get("class") in TOGETHER or (part.get("class") == "COLUMN_REF" and str(part["column_names"][-1]).lower() == "rowid")


@cache
def _aggregates() -> frozenset[str]:
    with engine().cursor() as connection:
        found = connection.execute(
            "select distinct function_name from duckdb_functions() where function_type in ('aggregate', 'macro', 'table')"
        )
        return frozenset(str(name).lower() for (name,) in found.fetchall()) | {"unnest", "grouping"}


def _text(tree: Node) -> str:
    statement = json.dumps({"error": False, "statements": [{"node": tree, "named_param_map": []}]})
    with engine().cursor() as connection:
        return str(connection.execute("select json_deserialize_sql($1::json)", [statement]).fetchall()[0][0])
