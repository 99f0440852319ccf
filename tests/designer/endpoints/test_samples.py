"""Sampled rows become versions of a dataset, and go when they have to."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from designer.audit.models import AuditEntry
from designer.datasets.models import Dataset, DatasetVersion
from designer.endpoints import samples
from designer.endpoints.models import Endpoint, Keeping
from pipelines import flow
from tests.designer.conftest import Team
from tests.designer.endpoints import test_views
from tests.designer.endpoints.test_monitoring import cars

__all__ = ["cars"]
NOON = (datetime.now(UTC) - timedelta(days=30)).replace(hour=12, minute=0, second=0, microsecond=0)
DAY = timedelta(days=1)


def call(team: Team, who: str, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    answer = test_views.call(team, method, path, body, who=who)
    assert answer.status_code == status, answer.content
    return answer.json()


def keep(cars: Endpoint, request: str, at: datetime, *, rows: int = 1, **inputs: Any) -> None:
    Keeping.objects.get_or_create(endpoint=cars, defaults={"rule": {"share": 100}})
    for place in range(rows):
        facts = {"version": 1, "at": at, "request": request, "place": place, "answer": '{"sum": 2.5, "label": "x"}'}
        cars.samples.create(inputs=json.dumps({"a": 1.5, "make": "bmw", **inputs}), **facts)
        cars.answers.create(key=f"{request}#{place}", **facts)


def table(cars: Endpoint, version: DatasetVersion) -> pl.DataFrame:
    return flow.table(version.output, cars.workspace_id).frame


def test_yesterdays_rows_become_one_version_however_many_make_it(cars: Endpoint) -> None:
    keep(cars, "r1", NOON, rows=2)
    keep(cars, "r2", NOON + DAY)
    for _ in range(2):
        samples.tend(NOON + DAY)
        samples.make_version(cars, (NOON + DAY).replace(hour=0))
    version = DatasetVersion.objects.get()
    assert (version.number, version.rows, version.dataset.title) == (1, 2, "Requests to cars")
    frame = table(cars, version)
    assert frame.columns == ["request_id", "row", "scored_at", "model_version", "a", "make", "sum", "label"]
    assert frame.row(1)[:2] == ("r1", 1) and frame.row(1)[3:] == (1, 1.5, "bmw", 2.5, "x")
    samples.tend(NOON + 2 * DAY)
    assert [each.rows for each in DatasetVersion.objects.order_by("number")] == [2, 3]
    samples.tend(NOON + 3 * DAY)
    assert DatasetVersion.objects.count() == 2  # nothing new came


def test_columns_with_the_names_of_facts_get_other_names(cars: Endpoint) -> None:
    """However many have the same."""
    keep(cars, "r1", NOON, row=5, **{f"row ({number})": number for number in (2, 3)})
    version = samples.make_version(cars, NOON + DAY)
    assert version is not None
    frame = table(cars, version)
    names = [name for name in frame.columns if name.startswith("row")]
    assert len(names) == len(set(names)) == 4 and frame["row"].to_list() == [0]


def test_rows_and_the_versions_with_them_go_after_their_days(cars: Endpoint) -> None:
    keep(cars, "r1", NOON)
    keep(cars, "r2", NOON + 5 * DAY)
    Keeping.objects.update(days=7, answer_days=9)
    samples.tend(NOON + 6 * DAY)
    assert DatasetVersion.objects.get().rows == 2
    samples.tend(NOON + 8 * DAY)
    version = DatasetVersion.objects.get()
    assert (version.number, table(cars, version)["request_id"].to_list()) == (2, ["r2"])
    assert cars.samples.count() == 1 and cars.answers.count() == 2
    samples.tend(NOON + 20 * DAY)
    assert not Dataset.objects.exists() and not cars.samples.exists() and not cars.answers.exists()
    assert Keeping.objects.get().dataset is None


def test_a_request_is_deleted_by_its_id_also_from_the_dataset(team: Team, cars: Endpoint) -> None:
    keep(cars, "r1", NOON, rows=2)
    keep(cars, "r2", NOON)
    assert call(team, "editor", "post", f"{cars.pk}/keeping/dataset/") == {"version": 1}
    call(team, "editor", "delete", f"{cars.pk}/keeping/rows/?request_id=r1", status=403)
    assert call(team, "admin", "delete", f"{cars.pk}/keeping/rows/?request_id=r1") == {"rows": 4}
    version = DatasetVersion.objects.get()
    assert (version.number, table(cars, version)["request_id"].to_list()) == (2, ["r2"])
    assert call(team, "admin", "delete", f"{cars.pk}/keeping/rows/?request_id=r1") == {"rows": 0}
    assert call(team, "admin", "delete", f"{cars.pk}/keeping/rows/?request_id=r2") == {"rows": 2}
    assert not Dataset.objects.exists()
    call(team, "admin", "delete", f"{cars.pk}/keeping/rows/", status=400)
    assert AuditEntry.objects.filter(action="endpoint.forget", outcome="allowed").count() == 3


def test_deleting_that_was_interrupted_is_done_by_doing_it_again(cars: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(cars, "r1", NOON)
    keep(cars, "r2", NOON)
    samples.make_version(cars, NOON + DAY)
    with monkeypatch.context() as broken:
        broken.setattr(samples.DatasetVersion.objects, "filter", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            samples.forget_request(cars, "r1")
    assert samples.forget_request(cars, "r1") == 2
    assert table(cars, DatasetVersion.objects.get())["request_id"].to_list() == ["r2"]


def test_what_is_kept_is_shown_changed_checked_and_audited(team: Team, cars: Endpoint) -> None:
    address = f"{cars.pk}/keeping/"
    nothing = call(team, "viewer", "get", address)
    assert (nothing["share"], nothing["answers"], nothing["kept"], nothing["samples"]) == (
        0,
        False,
        ["a", "make"],
        {"rows": 0, "oldest": None},
    )
    call(team, "editor", "put", address, {"share": 5}, status=403)
    saved = call(team, "admin", "put", address, {"share": 5, "sensitive": ["make"], "days": 7})
    assert (saved["share"], saved["kept"], saved["left_out"], saved["guessed"], saved["days"]) == (5, ["a"], ["make"], False, 7)
    assert call(team, "admin", "put", address, {"columns": ["make"], "key": "make", "answers": True})["kept"] == ["make"]
    assert AuditEntry.objects.filter(action="endpoint.keep", outcome="allowed").count() == 2
    for body, code in (({"share": 101}, "wrong_setting"), ({"columns": ["b"]}, "unknown_column"), ({"key": "b"}, "unknown_column")):
        assert call(team, "admin", "put", address, body, status=422)["error"]["code"] == code


def test_a_full_store_is_said(team: Team, cars: Endpoint) -> None:
    keep(cars, "r1", NOON)
    team.workspace.limits = {"store_bytes": 1}
    team.workspace.save()
    call(team, "editor", "post", f"{cars.pk}/keeping/dataset/", status=409)
    assert "storage" in call(team, "viewer", "get", f"{cars.pk}/keeping/")["problem"]
    samples.tend(NOON + DAY)
    assert not Dataset.objects.exists() and cars.samples.count() == 1
