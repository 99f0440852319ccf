"""Kept rows are handed over beside a request, saved once, and never more than was asked for."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from django.db import OperationalError

from designer.endpoints.keeping import Rule
from designer.endpoints.models import Endpoint, Keeping, KeptAnswer, SampledRow
from designer.endpoints.serving import keeping
from designer.endpoints.serving.app import ServingApp
from designer.endpoints.serving.routing import Served
from tests.designer.conftest import Team
from tests.designer.endpoints.serving.support import app_of, ask, served

ALL = Rule(share=100, columns=("a", "make"), answers=True)
ROWS: dict[str, Any] = {"rows": [{"a": 1, "make": "bmw"}, {"a": 2, "make": None}], "request_id": "r1"}


@pytest.fixture
def endpoint(team: Team) -> Endpoint:
    found = Endpoint.objects.create(id="e1", workspace=team.workspace, name="cars", created_by="a")
    Keeping.objects.create(endpoint=found)
    return found


def app_with(rule: Rule | None, **more: Any) -> ServingApp:
    plain = served({1: 100}, **more)
    return app_of(Served(plain.id, plain.workspace, plain.name, plain.limits, "", plain.versions, plain.choices, rule))


def send(app: ServingApp, body: Any, **more: Any) -> None:
    assert asyncio.run(ask(app, "POST", "/serve/w1/cars/score", body, **more)).status == 200


def save(app: ServingApp) -> None:
    app.keeper.save(app.routing.endpoints)


def test_rows_and_answers_are_saved_once(endpoint: Endpoint) -> None:
    app = app_with(ALL)
    send(app, ROWS)
    assert not SampledRow.objects.exists()
    for _ in range(2):
        save(app)
    rows = list(SampledRow.objects.order_by("place"))
    assert [json.loads(row.inputs) for row in rows] == [{"a": 1, "make": "bmw"}, {"a": 2, "make": None}]
    assert [json.loads(row.answer)["sum"] for row in rows] == [2, 3] and {(row.version, row.request) for row in rows} == {(1, "r1")}
    assert list(KeptAnswer.objects.order_by("place").values_list("key", flat=True)) == ["r1#0", "r1#1"]


def test_what_was_not_saved_is_saved_later_and_not_twice(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    app = app_with(ALL)
    send(app, ROWS)
    write = keeping.Keeper._write

    def lost(keeper: Any, *given: Any) -> None:
        write(keeper, *given)
        raise OperationalError("the answer to the commit was lost")

    monkeypatch.setattr(keeping.Keeper, "_write", lost)
    with pytest.raises(OperationalError):
        save(app)
    monkeypatch.setattr(keeping.Keeper, "_write", write)
    save(app)
    assert SampledRow.objects.count() == KeptAnswer.objects.count() == 2


@pytest.mark.parametrize(("rule", "kept"), [(None, 0), (Rule(), 0), (Rule(share=0, answers=True), 0), (Rule(share=100), 1)])
def test_nothing_is_kept_that_was_not_asked_for(endpoint: Endpoint, rule: Rule | None, kept: int) -> None:
    app = app_with(rule)
    send(app, {"a": 1})
    save(app)
    assert SampledRow.objects.count() == kept
    assert KeptAnswer.objects.count() == (1 if rule and rule.answers else 0)


def test_the_test_page_is_neither_kept_nor_counted(endpoint: Endpoint) -> None:
    app = app_with(ALL)
    send(app, ROWS, key="ticket.e1")
    save(app)
    assert not SampledRow.objects.exists() and not KeptAnswer.objects.exists()


def test_truth_may_be_joined_by_a_column(endpoint: Endpoint) -> None:
    app = app_with(Rule(answers=True, key="make"))
    send(app, ROWS)
    save(app)
    assert list(KeptAnswer.objects.values_list("key", flat=True)) == ["bmw"]  # a row without the key cannot be joined


def test_what_comes_too_fast_is_left_out_and_counted(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_WAITING", 3)
    app = app_with(ALL)
    for _ in range(3):
        send(app, ROWS)
    save(app)
    send(app, ROWS)
    save(app)
    assert Keeping.objects.get().left_out == 4 and SampledRow.objects.count() == 4


def test_strange_values_and_a_deleted_endpoint_keep_nothing_up(endpoint: Endpoint) -> None:
    app = app_with(ALL)
    send(app, {"rows": [{"a": 1, "make": "\0x"}], "request_id": "a\0b"})
    send(app, {"rows": [{"a": 1, "make": "x", "b": 10**40}], "request_id": "c"})
    save(app)
    assert sorted(SampledRow.objects.values_list("request", flat=True)) == ["a\ufffdb", "c"]
    send(app, ROWS)
    app.keeper.save({})
    send(app, ROWS)
    save(app)
    assert SampledRow.objects.count() == 4
