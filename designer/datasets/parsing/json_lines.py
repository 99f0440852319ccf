"""JSON: one object per line, or one list of objects; nested values stay JSON text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from designer.datasets.parsing.errors import Unreadable
from designer.datasets.parsing.header import check_width, column_names
from designer.datasets.parsing.limits import MOST_CELL_BYTES
from designer.datasets.parsing.lines import Lines
from designer.datasets.parsing.room import Room, Writing
from designer.datasets.parsing.text import Text
from pipelines.texts.notes import Count, as_missing
from pipelines.texts.rules import LONGEST_WORD, Rules

MOST_LIST_BYTES = 500_000_000
BATCH, BATCH_CELLS = 20_000, 2_000_000
WIDTHS = {pl.Boolean: 1 / 8, pl.Int64: 8, pl.Float64: 8, pl.String: 16}
REMEDY = 'Write one object per line, such as {"name": "Ada", "age": 36}, or a list of such objects.'
SMALLEST, LARGEST = -(2**63), 2**63 - 1


def read_json(text: Text, parts: Path, rules: Rules, room: Room) -> tuple[pl.LazyFrame, list[str]]:
    """The objects of a JSON file as rows, through part files in a folder.

    Raises:
        Unreadable: Naming the line that is not an object.
    """
    kinds: dict[str, set[str]] = {}
    said: Count = {}
    words = frozenset(rules.small)
    count = 0
    for item in _objects(text):
        count += 1
        for key, value in item.items():
            kind = _kind(value, words)
            kinds.setdefault(key, set()).add(kind)
            if kind == "word":
                found = said.setdefault(key, {})
                found[value.strip().lower()] = found.get(value.strip().lower(), 0) + 1
        check_width(len(kinds))
    if not count or not kinds:
        raise Unreadable("no_rows", "The file has no objects with values.", REMEDY)
    names, notes = column_names(list(kinds))
    types = {key: _type(found) for key, found in kinds.items()}
    room.judge(int(count * sum(WIDTHS[dtype.base_type()] for dtype in types.values())))
    titles = dict(zip(kinds, names, strict=True))
    notes += as_missing({titles[key]: found for key, found in said.items() if types[key] != pl.String}, rules)
    return _in_parts(_objects(text), titles, types, parts, room), notes


def _in_parts(
    items: Iterator[dict[str, Any]], titles: Mapping[str, str], types: Mapping[str, pl.DataType], parts: Path, room: Room
) -> pl.LazyFrame:
    parts.mkdir()
    files: list[Path] = []
    batch_rows = max(1, min(BATCH, BATCH_CELLS // len(titles)))
    while batch := list(islice(items, batch_rows)):
        columns = [_column(name, [item.get(key) for item in batch], types[key]) for key, name in titles.items()]
        files.append(parts / f"{len(files):06}.arrow")
        with Writing(files[-1], room) as file:
            pl.DataFrame(columns).write_ipc(file, compression="uncompressed")
    return pl.scan_ipc(files, glob=False)


def _objects(text: Text) -> Iterator[dict[str, Any]]:
    with text.path.open("rb") as file:
        file.seek(text.start)
        start = file.read(64).lstrip()
    return _listed(text) if start[:1] == b"[" else _by_line(text)


def _by_line(text: Text) -> Iterator[dict[str, Any]]:
    lines = Lines(text.path, text.start)
    for line in lines:
        if line.strip():
            yield _read_object(line, f"Line {lines.number:,}")


def _listed(text: Text) -> Iterator[dict[str, Any]]:
    if text.path.stat().st_size > MOST_LIST_BYTES:
        raise Unreadable(
            "too_large",
            "The file is one JSON list of more than 500 MB, which must be read at once.",
            "Write one object per line instead.",
        )
    with text.path.open("rb") as file:
        file.seek(text.start)
        content = file.read()
    try:
        items = msgspec.json.decode(content, type=list[msgspec.Raw])
    except (msgspec.DecodeError, RecursionError) as wrong:
        raise Unreadable("bad_json", f"The file is not a JSON list: {_why(wrong)}.", REMEDY) from wrong
    for place, item in enumerate(items, 1):
        yield _read_object(item, f"Item {place:,} of the list")


def _read_object(source: str | msgspec.Raw, where: str) -> dict[str, Any]:
    try:
        item = msgspec.json.decode(source)
    except (msgspec.DecodeError, RecursionError) as wrong:
        raise Unreadable("bad_json", f"{where} is not JSON: {_why(wrong)}.", REMEDY) from wrong
    if not isinstance(item, dict):
        raise Unreadable("bad_json", f"{where} is not a JSON object.", REMEDY)
    return item


def _why(wrong: Exception) -> str:
    if isinstance(wrong, RecursionError):
        return "it is nested too deeply"
    return str(wrong).removeprefix("JSON is malformed: ")[:120]


def _kind(value: Any, words: Collection[str]) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "boolean"
        case int():
            return "integer" if SMALLEST <= value <= LARGEST else "text"
        case float():
            return "number"
        case str():
            return "word" if len(value) <= LONGEST_WORD and value.strip().lower() in words else "text"
    return "nested"


def _type(kinds: Iterable[str]) -> pl.DataType:
    found = set(kinds) - {"nothing", "word"}
    if found == {"boolean"}:
        return pl.Boolean()
    if found == {"integer"}:
        return pl.Int64()
    return pl.Float64() if found and found <= {"integer", "number"} else pl.String()


def _column(name: str, values: list[Any], dtype: pl.DataType) -> pl.Series:
    if dtype == pl.String:
        values = [_text(name, value) for value in values]
    else:
        values = [None if isinstance(value, str) else value for value in values]
    return pl.Series(name, values, dtype=dtype, strict=False)


def _text(name: str, value: Any) -> str | None:
    text = value if value is None or isinstance(value, str) else msgspec.json.encode(value).decode()
    if text is not None and len(text) > MOST_CELL_BYTES:
        raise Unreadable(
            "too_long", f"Column “{name[:60]}” has a value of {len(text):,} characters; the maximum is 1 MB.", "Shorten the value."
        )
    return text
