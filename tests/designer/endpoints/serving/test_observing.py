"""Counting off the way of requests."""

from __future__ import annotations

import pytest

from designer.endpoints.serving.observing import MOST_WAITING, Observer
from designer.endpoints.serving.routing import Served
from tests.designer.endpoints.conftest import REFERENCE
from tests.designer.endpoints.serving.support import Adder, app_of, ask, served

ROW = {"a": 1.5, "make": "bmw"}
SCORE = "/serve/w1/cars/score"


@pytest.fixture
def cars() -> Served:
    found = served({1: 100})
    for model in found.versions.values():
        model.profile = REFERENCE
    return found


async def test_requests_of_both_protocols_are_counted_by_column_and_refused_types_too(cars: Served) -> None:
    app = app_of(cars)
    app.observer = Observer()
    await ask(app, "POST", SCORE, {"rows": [ROW, {"a": 2, "make": None}]})
    await ask(app, "POST", "/v2/models/cars/infer", {"inputs": [{"name": "a", "shape": [1], "datatype": "FP64", "data": [3]}]})
    assert (await ask(app, "POST", SCORE, {"a": "x"})).status == 422
    app.observer.drain(0)
    ((key, count),) = app.observer.unsaved()
    assert (key[1], count.rows, count.left_out) == (("e1", 1), 3, 0)
    assert {name: (each.present, each.missing, each.invalid) for name, each in count.tallies.items()} == {
        "a": (3, 0, 1), "make": (1, 2, 0), "sum": (3, 0, 0),
    }  # fmt: skip


def test_a_row_without_an_answer_has_no_score(cars: Served) -> None:
    observer, model = Observer(), cars.versions[1]
    observer.observe(cars, model, [ROW, ROW], [{"sum": 1.0}, None])
    observer.drain(0)
    ((_, count),) = observer.unsaved()
    assert (count.rows, count.tallies["a"].rows, count.tallies["sum"].rows) == (2, 2, 1)


def test_rows_that_come_too_fast_are_thinned_out_and_counted(cars: Served) -> None:
    observer, model = Observer(), cars.versions[1]
    for rows in (MOST_WAITING - 100, 1000, 1):
        observer.observe(cars, model, [ROW] * rows, [{"sum": 1.0}] * rows)
    observer.drain(0)
    ((_, count),) = observer.unsaved()
    assert (count.rows, count.left_out) == (MOST_WAITING, 901)
    observer.observe(cars, model, [ROW], [{"sum": 1.0}])
    observer.drain(0)
    assert observer.unsaved()[0][1].rows == MOST_WAITING + 1


def test_what_grew_while_it_was_saved_is_saved_again(cars: Served) -> None:
    observer, model = Observer(), cars.versions[1]
    observer.observe(cars, model, [ROW], [{"sum": 1.0}])
    observer.drain(0)
    seen = observer.unsaved()
    observer.observe(cars, model, [ROW], [{"sum": 1.0}])
    observer.drain(0)
    observer.saved(seen)
    (again,) = observer.unsaved()
    assert again[1].rows == 2
    observer.saved([again])
    assert observer.unsaved() == []


def test_a_version_without_a_reference_is_not_counted():
    observer, cars = Observer(), served({1: 100}, scorers={1: Adder(1)})
    observer.observe(cars, cars.versions[1], [ROW], [{}])
    observer.refuse(cars, cars.versions[1], "a")
    observer.drain(0)
    assert observer.unsaved() == []
