"""Made rows for the proof of parity: what clients send that training did not have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from pipelines.serving.signature import Column, Signature

UNSEEN = "a value that training did not have"
MOST = 1_000


def made(signature: Signature, base: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return rows that follow the signature, by what is odd about them."""
    found: dict[str, dict[str, Any]] = {}
    for column in signature.inputs:
        found[f"“{column.name}” missing"] = {**base, column.name: None}
        for what, value in _odd(column):
            found[f"“{column.name}” {what}"] = {**base, column.name: value}
    found["all missing"] = dict.fromkeys((column.name for column in signature.inputs), None)
    return dict(list(found.items())[:MOST])


def refused(signature: Signature, base: Mapping[str, Any]) -> dict[str, tuple[dict[str, Any], str]]:
    """Return rows that do not follow the signature, with the column that is wrong, by what is wrong."""
    found: dict[str, tuple[dict[str, Any], str]] = {}
    for column in signature.inputs:
        if not column.nullable:
            found[f"without “{column.name}”"] = ({name: value for name, value in base.items() if name != column.name}, column.name)
        wrong = 1 if column.type in ("text", "date", "datetime", "time", "boolean") else "12.5"
        found[f"“{column.name}” of another type"] = ({**base, column.name: wrong}, column.name)
    return found


def _odd(column: Column) -> list[tuple[str, Any]]:
    if column.type == "text":
        return [("unseen", UNSEEN), ("empty", ""), ("long", "x" * 1_000)]
    if column.type == "number":
        if column.dtype == "Float32":
            return [("very large", 3e38), ("very small", -3e38)]
        return [("very large", 1e300), ("very small", -1e300), ("zero", 0.0)]
    if column.type == "integer":
        least, most = pl.select(low=column.polars.min(), high=column.polars.max()).row(0)  # type: ignore[attr-defined]
        as_text = [("as text", str(int(column.high)))] if column.high is not None else []
        return [("largest", most), ("smallest", least), *as_text]
    return []
