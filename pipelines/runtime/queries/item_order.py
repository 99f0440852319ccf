"""The order of items: by a column or a figure, page by page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Case, F, FloatField, Func, QuerySet, TextField, Value, When
from django.db.models.functions import Cast
from django.db.models.lookups import Exact

from pipelines.execution.schedule import State
from pipelines.models import Item

SAMPLED = 20  # items whose figures are looked at for their names
COLUMNS = ("ordinal", "key", "state", "seconds")
Path = Sequence[str]


def figure_paths(items: QuerySet[Item]) -> dict[str, Path]:
    """Return where the numbers among the figures of items are, by name: at the top, or one level below it."""
    paths: dict[str, Path] = {}
    for figures in items.filter(state=State.DONE).order_by("ordinal").values_list("figures", flat=True)[:SAMPLED]:
        top = figures if isinstance(figures, dict) else {}
        paths |= {name: (name,) for name, value in top.items() if _is_number(value)}
        for outer, inner in top.items():
            for name, value in inner.items() if isinstance(inner, dict) else ():
                if _is_number(value):
                    paths.setdefault(name, (outer, name))
    return paths


def ordered(items: QuerySet[Item], sort: str, paths: Mapping[str, Path], found: int, offset: int, limit: int) -> list[Item]:
    """Return a page of items in an order; items without the value come last.

    Only ids are sorted, and from the nearer end: the last page is as quick as the first.

    Args:
        items: All items.
        sort: A column or a figure, after a minus if descending. By a figure that no item has, all are equal.
        paths: Where figures are.
        found: How many items there are.
        offset: How many to leave out.
        limit: How many to return.
    """
    name, descending = sort.removeprefix("-"), sort.startswith("-")
    limit = min(limit, found - offset)
    if limit <= 0:
        return []
    backwards = offset > found - offset - limit
    start = found - offset - limit if backwards else offset
    by: list[Any] = [F("ordinal").desc() if backwards != (descending and name == "ordinal") else F("ordinal").asc()]
    if (value := _value(name, paths)) is not None:
        ends = {"nulls_first": True} if backwards else {"nulls_last": True}
        by.insert(0, value.desc(**ends) if backwards != descending else value.asc(**ends))
    ids = list(items.order_by(*by).values_list("pk", flat=True)[start : start + limit])
    rows = items.model._default_manager.in_bulk(ids)
    return [rows[id] for id in (reversed(ids) if backwards else ids)]


def _value(name: str, paths: Mapping[str, Path]) -> Any:
    if name in COLUMNS:
        return F(name) if name != "ordinal" else None
    path = paths.get(name.removeprefix("figures."))
    return None if path is None else number_at(path)


def number_at(path: Path) -> Any:
    """Return the number at a path of the figures; null where there is none."""
    if connection.vendor == "sqlite":
        place = "$" + "".join(f".{json.dumps(name, ensure_ascii=False)}" for name in path)
        return Func(F("figures"), Value(place), function="json_extract", output_field=FloatField())
    names = [Value(name) for name in path]
    kind = Func(Func(F("figures"), *names, function="jsonb_extract_path"), function="jsonb_typeof", output_field=TextField())
    text = Func(F("figures"), *names, function="jsonb_extract_path_text", output_field=TextField())
    return Case(When(Exact(kind, Value("number")), then=Cast(text, FloatField())))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
