"""The pipeline of an import: one step that reads a source, with the settings of the module that reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

MODULE, NODE, PORT = "data.import_data", "import", "table"


def document_of(title: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The document of a pipeline that imports."""
    node = {"module": MODULE, "params": dict(settings), "title": title}
    return {"format": 1, "name": f"Import of {title}", "nodes": {NODE: node}, "edges": []}


def words_of(settings: Mapping[str, Any]) -> str:
    """Where a table comes from, in words. An address is shown without its query, which may be a key."""
    match settings.get("source", "url"):
        case "database":
            table = settings.get("table")
            return f"{f'Table {table}' if table else 'Query'} of the connection {settings.get('database')}"[:500]
        case "files":
            return f"{settings.get('path')} of the connection {settings.get('storage')}"[:500]
        case _:
            return _address(str(settings.get("url") or ""))[:500]


def _address(url: str) -> str:
    try:
        place = urlsplit(url.strip())
    except ValueError:
        return "A web address"
    return f"{place.hostname}{place.path}" if place.hostname else "A web address"
