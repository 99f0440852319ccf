"""What a text of SQL consists of, as DuckDB's own parser sees it; nothing is executed here."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pipelines.modules.transform._duckdb import engine

if TYPE_CHECKING:
    import duckdb

Node = Mapping[str, Any]

# Functions whose answer depends on when or how often they are asked, or on the machine (see duckdb_functions().stability, and macros over them).
VOLATILE = frozenset(
    "ago current_catalog current_connection_id current_database current_date current_query current_query_id current_schema "
    "current_schemas current_setting current_transaction_id currval gen_random_uuid get_current_time get_current_timestamp "
    "getvariable in_search_path nextval now pg_conf_load_time pg_postmaster_start_time pg_sleep random setseed setval sleep_ms stats "
    "today transaction_timestamp txid_current user uuid uuidv4 uuidv7 vector_type write_log".split()
)
# Words that read the clock or the session without brackets; a column may be called the same.
VALUES = frozenset(
    "current_catalog current_date current_role current_schema current_time current_timestamp current_user localtime localtimestamp "
    "session_user user".split()
)
TABLE_FUNCTIONS = frozenset("range generate_series unnest repeat json_each json_tree".split())
DESCRIPTIONS = frozenset({"SUMMARY", "DESCRIBE"})
# No brackets, so no functions and subqueries; no points, so no decimals and no names of schemas; no quotes; one statement.
PLAIN, PLAIN_WORD = re.compile(r"[\w\s*<>=,+-]+", re.ASCII), re.compile(r"[a-z_]\w*")
NOT_PLAIN = VALUES | {"sample", "tablesample", "show", "describe", "summarize", "pivot", "unpivot"}


class Unreadable(Exception):
    """The text is no SQL; `line` is where reading stopped."""

    def __init__(self, words: str, line: int | None) -> None:
        super().__init__(words)
        self.words, self.line = words, line


class Statement(NamedTuple):
    """A statement as a tree, and all parts of it."""

    tree: Node
    parts: tuple[Node, ...]


@lru_cache(maxsize=512)
def parse(text: str) -> tuple[Statement, ...]:
    """The statements of a text; only those that select rows can be read.

    Raises:
        Unreadable: With what the parser says.
    """
    with engine().cursor() as connection:
        found = json.loads(connection.execute("select json_serialize_sql($1)", [text]).fetchall()[0][0])
    if found["error"]:
        place = found.get("position")
        line = text.encode()[: int(place)].count(b"\n") + 1 if place is not None else None
        raise Unreadable(found["error_message"], line)
    return tuple(Statement(statement["node"], tuple(parts_of(statement["node"]))) for statement in found["statements"])


def is_plain(text: str, connection: duckdb.DuckDBPyConnection, tables: Container[str]) -> bool:
    """Whether a query is so simple that there is nothing to look for in it: this takes a tenth of the time of parsing it."""
    words = PLAIN_WORD.findall(text.lower()) if PLAIN.fullmatch(text) else []
    if not words or words[0] not in ("select", "from") or not NOT_PLAIN.isdisjoint(words):
        return False
    import duckdb

    try:
        return all(name.lower() in tables for name in connection.get_table_names(text))
    except duckdb.Error:  # it cannot be read, which parsing it says better
        return False


def parts_of(tree: Node) -> Iterator[Node]:
    """Yield all parts of a tree."""
    left: list[Any] = [tree]
    while left:
        part = left.pop()
        if isinstance(part, dict):
            yield part
            left += part.values()
        elif isinstance(part, list):
            left += part


def names(parts: Iterable[Node]) -> list[tuple[str, ...]]:
    """The columns that a statement refers to, each by its path."""
    return [tuple(node["column_names"]) for node in parts if node.get("class") == "COLUMN_REF"]


def changing(parts: Iterable[Node], columns: Container[str] = ()) -> str | None:
    """What makes a query answer otherwise each time, if anything does; `columns` are the names, in small letters, that columns have."""
    for node in parts:
        if node.get("class") == "FUNCTION" and (name := str(node["function_name"]).lower()) in VOLATILE:
            return f"{name}()"
        if node.get("class") == "COLUMN_REF" and len(node["column_names"]) == 1:
            name = str(node["column_names"][0]).lower()
            if name in VALUES and name not in columns:
                return name
        sample = node.get("sample")
        if isinstance(sample, Mapping) and not sample["repeatable"]:
            return "a sample without 'repeatable (number)'"
    return None


def foreign(parts: Sequence[Node], tables: Container[str]) -> str | None:
    """What a query reads beside its tables (small letters) and those that it defines itself, if anything."""
    own = {str(entry["key"]).lower() for node in parts if "cte_map" in node for entry in node["cte_map"]["map"]}
    for node in parts:
        kind = node.get("type")
        if kind == "BASE_TABLE":
            name, bare = str(node["table_name"]), not (node["schema_name"] or node["catalog_name"])
            if not bare or (name.lower() not in own and name.lower() not in tables):
                return ".".join(part for part in (node["catalog_name"], node["schema_name"], name) if part)
        elif kind == "TABLE_FUNCTION" and (name := str(node["function"]["function_name"]).lower()) not in TABLE_FUNCTIONS:
            return f"{name}()"
        elif kind == "SHOW_REF" and node.get("show_type") not in DESCRIPTIONS:
            return "the settings and system tables of the engine"
    return None


def with_floats(text: str, parts: Iterable[Node]) -> str:
    """The text with each number that has a point written as a float: DuckDB reads 1.5 as a decimal of fixed digits."""
    raw = text.encode()
    places = {
        int(node["query_location"]) + len(literal): literal
        for node in parts
        if node.get("class") == "CONSTANT" and node["literal"]["kind"] == "NUMERIC"
        for literal in [str(node["literal"]["text"]).encode()]
        if b"." in literal and b"e" not in literal.lower()
    }
    for end, literal in sorted(places.items(), reverse=True):
        if raw[end - len(literal) : end] == literal:
            raw = raw[:end] + b"e0" + raw[end:]
    return raw.decode()
