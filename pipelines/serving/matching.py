"""The rows of a request that a run scored: each row of its scores is found again in the data that it read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from pipelines.catalogue.ports import Table
from pipelines.serving.checking import Checked, roles_of
from pipelines.serving.narrowing import same_values
from pipelines.serving.scorer import Scorer
from pipelines.serving.signature import json_value

MOST = 1_000  # held-out rows
TRIED = 200  # rows that show which columns the scoring graph leaves as they are
MOST_PREPARED = 100_000  # rows that are prepared where no column is left as it is
PLACE = "__place_of_row__"
Found = tuple[list[dict[str, Any]], Mapping[str, Sequence[Any]], int]


def held_out(scorer: Scorer, scored: Table, source: Table, most: int = MOST) -> Found:
    """Return up to `most` rows that the run scored as a request gives them, the scores of the run, and how many rows were not found.

    A row is found if the scoring graph prepares a row of the data to the same values, to the last bit.
    """
    outputs = [column.name for column in scorer.signature.outputs]
    step = max(1, -(-scored.frame.height // most))
    some = scored.frame.gather_every(step)
    request = _as_request(scorer, source)
    prepared = scorer.prepared(Checked(Table(request.head(TRIED), roles_of(scorer.signature))))
    keys = [name for name in prepared.frame.columns if name in some.columns and name not in outputs]
    if not keys:
        return [], {}, 0
    unchanged = _unchanged(request.head(TRIED), prepared.frame)
    found = _matched(scorer, some, keys, outputs, _candidates(request, some, unchanged))
    # a column that the first rows leave as it is may change in others
    return _matched(scorer, some, keys, outputs, request.head(MOST_PREPARED)) if found[2] and unchanged else found


def _matched(scorer: Scorer, some: pl.DataFrame, keys: Sequence[str], outputs: Sequence[str], candidates: pl.DataFrame) -> Found:
    whole = scorer.prepared(Checked(Table(candidates, roles_of(scorer.signature))), PLACE)
    places = whole.frame.select(*keys, PLACE).unique(keys, keep="first", maintain_order=True)
    joined = some.select(*keys, *outputs).join(places, on=keys, how="left", maintain_order="left", nulls_equal=True)
    known = joined.filter(pl.col(PLACE).is_not_null())
    rows = candidates[known[PLACE].to_list()].to_dicts() if known.height else []
    wanted = {name: [json_value(value) for value in known[name]] for name in outputs}
    return [{name: json_value(value) for name, value in row.items()} for row in rows], wanted, joined.height - known.height


def _as_request(scorer: Scorer, source: Table) -> pl.DataFrame:
    return source.frame.select(pl.col(column.name).cast(column.polars) for column in scorer.signature.inputs)


def _unchanged(before: pl.DataFrame, after: pl.DataFrame) -> list[str]:
    if before.height != after.height:
        return []
    return [name for name in before.columns if name in after.columns and same_values(before[name], after[name])]


def _candidates(request: pl.DataFrame, scored: pl.DataFrame, unchanged: Sequence[str]) -> pl.DataFrame:
    keys = [name for name in unchanged if name in scored.columns and scored[name].dtype == request[name].dtype]
    if not keys:
        return request.head(MOST_PREPARED)
    return request.join(scored.select(keys).unique(), on=keys, how="semi", maintain_order="left", nulls_equal=True)
