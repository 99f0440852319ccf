"""Queries that compute each row of t1 by itself, for rows that arrive one at a time."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from functools import cache, lru_cache
from typing import Any, Literal

from pipelines.catalogue.ports import Table
from pipelines.modules.transform._duckdb import engine
from pipelines.modules.transform._syntax import Node, Unreadable, names, parse, parts_of

CHOOSING = {"LIMIT_MODIFIER", "ORDER_MODIFIER", "LIMIT_PERCENT_MODIFIER"}  # they choose or order rows, and change none
TOGETHER = {"WINDOW", "SUBQUERY"}  # classes of expressions that look at several rows


@lru_cache(maxsize=512)
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


def without(query: str, columns: Collection[str]) -> str:
    """Return a query that `by_row` gave without what it selects of some columns, and without its conditions on them."""
    gone = {column.lower() for column in columns}
    tree = parse(query)[0].tree
    chosen = [_starred(item, gone) for item in tree["select_list"] if not _names(item) & gone]
    if not chosen:
        return query
    condition = tree["where_clause"]
    if condition and condition["type"] == "CONJUNCTION_AND":
        kept = [each for each in condition["children"] if not _names(each) & gone]
        condition = {**condition, "children": kept} if len(kept) > 1 else next(iter(kept), None)
    elif condition and _names(condition) & gone:
        condition = None
    return _text({**tree, "select_list": chosen, "where_clause": condition})


def sources(settings: Mapping[str, Any], table: Table, *_: Table | None) -> dict[str, list[tuple[int, str]]]:
    """Return the columns of t1 that each column of a query of rows is computed from; nothing for other queries, and where a name is unclear."""
    query = by_row(settings["query"])
    own = {column.lower(): column for column in table.frame.columns}
    if query is None or len(own) < table.frame.width:
        return {}
    found: dict[str, list[tuple[int, str]]] = {}
    for item in parse(query)[0].tree["select_list"]:
        if item["class"] == "STAR":
            left_out = {*map(str.lower, item["exclude_list"])}
            if item["replace_list"] or item["rename_list"] or item["expr"]:
                return {}
            found |= {column: [(0, column)] for key, column in own.items() if key not in left_out}
            continue
        parts = [next((own[part.lower()] for part in path if part.lower() in own), None) for path in names(parts_of(item))]
        name = item["alias"] or (parts[0] if item["class"] == "COLUMN_REF" else None)
        if name and None not in parts:
            found[name] = [(0, part) for part in dict.fromkeys(parts) if part]
    return found


def returning(query: str, column: str) -> str:
    """Return a query that `by_row` gave so that it selects a further column of t1."""
    tree, further = parse(query)[0].tree, {"class": "COLUMN_REF", "type": "COLUMN_REF", "alias": "", "column_names": [column]}
    return _text({**tree, "select_list": [*tree["select_list"], further]})


def _names(expression: Node) -> set[str]:
    return {part.lower() for path in names(parts_of(expression)) for part in path}


def _starred(item: Node, gone: Collection[str]) -> Node:
    """Return `* exclude (…)` without the columns that are gone, which it must not name."""
    return (
        {**item, "exclude_list": [each for each in item["exclude_list"] if each.lower() not in gone]} if item["class"] == "STAR" else item
    )


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
