"""Row queries: a window, an order, filters and a search, parsed from a query string."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict, get_args

import msgspec

from pipelines.catalogue.errors import ModuleError

Op = Literal["=", "!=", "<", "<=", ">", ">=", "contains", "missing", "present"]
OPS: tuple[str, ...] = get_args(Op)
MOST_ROWS = 500
USUAL_ROWS = 200
MOST_FILTERS = 50


class Filter(TypedDict, total=False):
    """A condition on one column; `missing` and `present` have no value."""

    column: str
    op: str
    value: object


class TableQuery(TypedDict, total=False):
    """The keyword arguments of `rows`. A sort key is a column's name, with a leading `-` for descending order."""

    offset: int
    limit: int
    sort: Sequence[str]
    filters: Sequence[Filter]
    search: str


def parse_query(params: Mapping[str, str], sorts: Sequence[str] = ()) -> TableQuery:
    """Parse a query string; `sorts` are all values of `sort`, the first is the primary key.

    Raises:
        ModuleError: `bad_question`, naming the parameter.
    """
    return {
        "offset": _whole(params, "offset", 0, None),
        "limit": _whole(params, "limit", USUAL_ROWS, MOST_ROWS),
        "sort": [key for key in sorts or [params.get("sort", "")] if key.removeprefix("-")],
        "filters": _filters(params.get("filter", "")),
        "search": params.get("search", ""),
    }


def _whole(params: Mapping[str, str], name: str, usual: int, most: int | None) -> int:
    text = params.get(name, "") or str(usual)
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise ModuleError("bad_question", f"“{name}” must be a whole number of at least 0, not “{text[:40]}”.", param=name)
    return int(text) if most is None else min(int(text), most)


def _filters(text: str) -> list[Filter]:
    if not text:
        return []
    try:
        return list(msgspec.json.decode(text, type=list[Filter])[:MOST_FILTERS])
    except (msgspec.DecodeError, RecursionError) as wrong:
        raise ModuleError(
            "bad_question", 'The filter is invalid. It must be a list such as [{"column":"price","op":">","value":10000}].', param="filter"
        ) from wrong
