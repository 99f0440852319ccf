"""Keeping rows and answers of requests, off their way: the loop hands over, and the thread that reports saves."""

from __future__ import annotations

import json
import time
from collections import Counter, deque
from collections.abc import Container, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from django.db import transaction
from django.db.models import F

from designer.endpoints.keeping import Rule, clean, key_of
from designer.endpoints.models import Keeping, KeptAnswer, SampledRow
from designer.endpoints.serving.model import Model, Row
from designer.endpoints.serving.routing import Served

MOST_WAITING = 20_000  # rows that wait to be saved; further ones are left out
PIECE = 500


class Handed(NamedTuple):
    """The rows of one request with their answers, and whether its inputs are kept too."""

    endpoint: str
    model: Model
    rule: Rule
    at: float
    request: str
    rows: Sequence[Row]
    answers: Sequence[Any]
    sampled: bool


class Keeper:
    """What a process keeps. One thread hands over, another one saves."""

    def __init__(self) -> None:
        self._waiting: deque[Handed] = deque()
        self._handed = self._taken = 0
        self._left_out: Counter[str] = Counter()

    def hand(self, served: Served, model: Model, request: str, rows: Sequence[Row], answers: Sequence[Any]) -> None:
        """Hand over a scored request; rows for which there is no room are counted as left out."""
        rule = served.keeping
        if rule is None or not ((sampled := rule.samples(request)) or rule.answers):
            return
        if self._handed - self._taken + len(rows) > MOST_WAITING:
            self._left_out[served.id] += len(rows)
            return
        self._handed += len(rows)
        self._waiting.append(Handed(served.id, model, rule, time.time(), request, rows, answers, sampled))

    def save(self, known: Container[str]) -> None:
        """Save what waits, of the endpoints that are known. What cannot be saved now waits for the next call, and is not saved twice."""
        handed = [self._waiting.popleft() for _ in range(len(self._waiting))]
        left_out = {id: self._left_out.pop(id) for id in list(self._left_out)}
        there = [each for each in handed if each.endpoint in known]
        try:
            if there or left_out:
                self._write(there, left_out)
        except BaseException:
            self._waiting.extendleft(reversed(handed))
            self._left_out.update(left_out)
            raise
        self._taken += sum(len(each.rows) for each in handed)

    def _write(self, handed: Sequence[Handed], left_out: dict[str, int]) -> None:
        with transaction.atomic():
            samples = [row for each in handed if each.sampled for row in _samples(each)]
            SampledRow.objects.bulk_create(samples, ignore_conflicts=True, batch_size=PIECE)
            answers = [row for each in handed if each.rule.answers for row in _answers(each)]
            KeptAnswer.objects.bulk_create(answers, ignore_conflicts=True, batch_size=PIECE)
            for id, count in left_out.items():
                Keeping.objects.filter(endpoint=id).update(left_out=F("left_out") + count)


def _samples(handed: Handed) -> Iterator[SampledRow]:
    columns = handed.rule.kept([column.name for column in handed.model.columns])
    for place, (row, answer) in enumerate(zip(handed.rows, handed.answers, strict=True)):
        yield SampledRow(**_facts(handed, place, answer), inputs=_json({name: row.get(name) for name in columns}))


def _answers(handed: Handed) -> Iterator[KeptAnswer]:
    for place, (row, answer) in enumerate(zip(handed.rows, handed.answers, strict=True)):
        key = key_of(handed.request, place)
        if handed.rule.key:
            value = row.get(handed.rule.key)
            key = "" if value is None else clean(str(value))
        if answer is not None and key:
            yield KeptAnswer(**_facts(handed, place, answer), key=key)


def _facts(handed: Handed, place: int, answer: Any) -> dict[str, Any]:
    return {
        "endpoint_id": handed.endpoint,
        "version": handed.model.number,
        "at": datetime.fromtimestamp(handed.at, UTC),
        "request": clean(handed.request),
        "place": place,
        "answer": _json(answer),
    }


def _json(value: Any) -> str:
    try:
        return msgspec.json.encode(value).decode()
    except (OverflowError, TypeError):  # integers of any size
        return json.dumps(value, default=str)
