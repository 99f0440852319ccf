"""The simple form: rows of values by column name in, rows of results out. Also MLflow's split form, one bare object, and CSV."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from io import StringIO
from typing import Any

import msgspec

from designer.endpoints.serving.model import Model, Scored
from designer.endpoints.serving.replies import Refused, Reply, encode

Row = dict[str, Any]
FORMS = ({"rows"}, {"columns", "data"})
OPTIONS = {"request_id", "on_error"}
ON_ERROR = ("refuse", "null")
LONGEST_ID = 200
HOW = 'Send {"rows": [{"column": value}]}, {"columns": ["column"], "data": [[value]]}, or one object of values by column.'


@dataclass(slots=True)
class Asked:
    """A request of any form. With `null_on_error` a row that cannot be scored gives null, and the others their results."""

    rows: list[Row]
    request_id: str
    null_on_error: bool = False
    from_text: bool = False  # all values are texts, as in CSV


def new_id() -> str:
    """The id of a request that has none."""
    return os.urandom(16).hex()  # a UUID takes three times as long


def decode(body: bytes) -> Any:
    """Parse JSON.

    Raises:
        Refused: 400 when it is not JSON.
    """
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as wrong:
        raise not_json(wrong) from None


def not_json(wrong: Exception) -> Refused:
    """The 400 of a body that cannot be parsed. Many clients write NaN, which JSON does not have."""
    return Refused(400, "not_json", f"The body is not JSON: {wrong}.", remedy="Send JSON in UTF-8, with null in place of NaN and Infinity.")


def read(body: bytes, content_type: bytes, request_id: str) -> Asked:
    """Read a request.

    Args:
        body: The whole body.
        content_type: The header in lower case; empty for JSON.
        request_id: The id given in a header, or an empty text.

    Raises:
        Refused: 400, 415 or 422, naming the place in the body.
    """
    kind = content_type.partition(b";")[0].strip()
    if kind == b"text/csv":
        return Asked(_from_csv(body), request_id or new_id(), from_text=True)
    if kind and kind != b"application/json" and not kind.endswith(b"+json"):
        words = f"The content type {kind.decode('ascii', 'replace')} is not supported."
        raise Refused(415, "unsupported_type", words, remedy="Send application/json or text/csv.")
    return _from_json(decode(body), request_id)


def _from_json(value: Any, request_id: str) -> Asked:
    if not isinstance(value, dict):
        raise Refused(422, "wrong_form", "The body is not an object.", remedy=HOW)
    if isinstance(value.get("rows"), list):
        rows = _rows(value["rows"])
    elif isinstance(value.get("columns"), list) and isinstance(value.get("data"), list):
        rows = _split(value["columns"], value["data"])
    elif {"rows", "columns", "data"} & value.keys() and not value.keys() - {"rows", "columns", "data", *OPTIONS}:
        raise Refused(422, "wrong_form", "The rows are not a list.", remedy=HOW, field=min({"rows", "columns", "data"} & value.keys()))
    else:
        return Asked([_bare(value)], request_id or new_id())
    form = FORMS[0] if "rows" in value else FORMS[1]
    if unknown := value.keys() - form - OPTIONS:
        words = f"The body has the unknown key {min(unknown)}."
        raise Refused(422, "unknown_key", words, remedy="Beside the rows it may have request_id and on_error.", field=min(unknown))
    on_error = value.get("on_error", "refuse")
    if on_error not in ON_ERROR:
        raise Refused(422, "wrong_option", "on_error is neither refuse nor null.", remedy='Leave it out, or send "null".', field="on_error")
    return Asked(rows, _id(value.get("request_id")) or request_id or new_id(), on_error == "null")


def _bare(row: Row) -> Row:
    """One row. Another protocol's form, such as dataframe_split, would else be told as a row that lacks every column."""
    name, value = next(iter(row.items()), ("", None))
    if isinstance(value, dict | list):
        words = f"“{name}” is {'an object' if isinstance(value, dict) else 'a list'}, which is neither the value of a column nor the rows."
        raise Refused(422, "wrong_form", words, remedy=HOW, field=name)
    return row


def _id(given: Any) -> str:
    if given is None:
        return ""
    if isinstance(given, str) and len(given) <= LONGEST_ID:
        return given
    words = f"request_id is not a text of at most {LONGEST_ID} characters."
    raise Refused(422, "wrong_option", words, remedy="Send a short text, or leave it out.", field="request_id")


def _rows(rows: list[Any]) -> list[Row]:
    for place, row in enumerate(rows):
        if type(row) is not dict:
            raise Refused(422, "wrong_form", f"Row {place} is not an object.", remedy=HOW, field=f"rows[{place}]")
    return rows


def _split(columns: list[Any], data: list[Any]) -> list[Row]:
    if not all(isinstance(name, str) for name in columns) or len(set(columns)) < len(columns):
        raise Refused(422, "wrong_form", "The names of the columns are not distinct texts.", remedy=HOW, field="columns")
    for place, row in enumerate(data):
        if not isinstance(row, list) or len(row) != len(columns):
            words = f"Row {place} is not a list of {len(columns)} values, one for each column."
            raise Refused(422, "wrong_form", words, remedy=HOW, field=f"data[{place}]")
    return [dict(zip(columns, row, strict=True)) for row in data]


def _from_csv(body: bytes) -> list[Row]:
    try:
        lines = list(csv.reader(StringIO(body.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as wrong:
        raise Refused(
            400, "not_csv", f"The body is not CSV in UTF-8: {wrong}.", remedy="Send a header line and one line per row."
        ) from None
    lines = [line for line in lines if line]
    if not lines or len(set(lines[0])) < len(lines[0]):
        raise Refused(422, "wrong_form", "The first line does not have distinct names of columns.", remedy="Send a header line.")
    head, rows = lines[0], lines[1:]
    for place, line in enumerate(rows):
        if len(line) != len(head):
            words = f"Row {place} has {len(line)} values; the header has {len(head)}."
            raise Refused(422, "wrong_form", words, remedy="Send as many values in each line as in the header.", field=f"rows[{place}]")
    return [{name: text or None for name, text in zip(head, line, strict=True)} for line in rows]


def write(asked: Asked, model: Model, scored: Scored) -> Reply:
    """The answer, with the version that gave it."""
    body: dict[str, Any] = {
        "rows": scored.rows,
        "model": {"version": model.number},
        "request_id": asked.request_id,
        "warnings": scored.warnings,
    }
    if scored.reasons:
        body["errors"] = [{"row": row, "words": words} for row, words in scored.reasons.items()]
    return Reply(200, encode(body), version=model.number, rows=len(asked.rows), warnings=len(scored.warnings) + len(scored.reasons))
