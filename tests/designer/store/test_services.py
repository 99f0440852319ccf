"""Rows that would only grow: each kind goes by its rule, and what is in use stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from designer.documents import services as documents
from designer.imports.models import Import, Refresh
from designer.published.models import PublishedPipeline, PublishedRun, PublishedVersion
from designer.registry.models import ModelImport, TransferState
from designer.store.services import forget_histories
from designer.store.tasks import clean_all
from pipelines.models import Run
from tests.designer.conftest import Team
from tests.designer.store.management.commands.test_clean import said
from tests.support.graph_builder import chain
from tests.support.ledger_driver import run

NOW = timezone.now()
OLD, YOUNG = NOW - timedelta(days=91), NOW - timedelta(days=89)
MISSING = ("a" * 32, "b" * 32, "c" * 32, "d" * 32)


@pytest.fixture
def kept(team: Team) -> Run:
    return run(chain(1), team.workspace.pk)


@pytest.fixture
def requests(team: Team, kept: Run) -> PublishedPipeline:
    """Old: one whose run is kept, one that is not saved yet, and one that can go; and a young one."""
    published = PublishedPipeline.objects.create(workspace=team.workspace, name="a", default=1)
    PublishedVersion.objects.create(published=published, number=1, graph=kept.graph)
    for id, at, saved in ((kept.pk, OLD, OLD), (MISSING[0], OLD, None), (MISSING[1], OLD, OLD), (MISSING[2], YOUNG, YOUNG)):
        key = f"key of {id}"
        PublishedRun.objects.create(
            run=id, published=published, version=1, created_at=at, saved_at=saved, asked="0" * 64, idempotency_key=key
        )
    return published


def test_rows_of_published_runs_go_once_the_run_was_deleted_and_time_is_over(team: Team, kept: Run, requests: PublishedPipeline) -> None:
    assert forget_histories()["deleted runs of published pipelines, with their idempotency keys"] == 1
    assert set(requests.runs.values_list("run", flat=True)) == {kept.pk, MISSING[0], MISSING[2]}
    assert team.client("viewer").get(f"/api/published/{requests.pk}/runs/").status_code == 200


def test_of_refreshes_the_newest_of_each_import_stays(team: Team, kept: Run) -> None:
    drawn = [documents.make(team.workspace, team.people["editor"], name, documents.sound_document({"nodes": {}})) for name in "ab"]
    one, other = (Import.objects.create(workspace=team.workspace, title=each.name, source="a", pipeline=each, since=OLD) for each in drawn)
    for of, id in ((one, kept.pk), (one, MISSING[0]), (one, MISSING[1]), (other, MISSING[2])):
        Refresh.objects.create(of=of, run=id, at=OLD, outcome="new", words="")
    assert forget_histories()["refreshes whose runs were deleted"] == 1
    assert set(Refresh.objects.values_list("run", flat=True)) == {kept.pk, MISSING[1], MISSING[2]}


def test_imports_of_models_go_once_they_have_ended(team: Team) -> None:
    for state in TransferState.values:
        row = ModelImport.objects.create(workspace=team.workspace, name=state, file_name="a", digest="0" * 64, state=state)
        ModelImport.objects.filter(pk=row.pk).update(asked_at=OLD)
    ModelImport.objects.create(workspace=team.workspace, name="young", file_name="a", digest="0" * 64, state=TransferState.DONE)
    assert forget_histories(dry_run=True)["ended imports of models"] == 2 and ModelImport.objects.count() == 4
    assert forget_histories()["ended imports of models"] == 2
    assert set(ModelImport.objects.values_list("name", flat=True)) == {TransferState.GOING, "young"}


def test_without_an_end_nothing_goes(settings: Any, requests: PublishedPipeline) -> None:
    settings.EASEL_HISTORY_DAYS = 0
    assert forget_histories() == {} and requests.runs.count() == 4


def test_the_hourly_cleaning_and_the_command_do_it(requests: PublishedPipeline) -> None:
    assert "1 rows of deleted runs of published pipelines, with their idempotency keys would be deleted." in said("--dry-run")
    assert requests.runs.count() == 4
    Session.objects.create(session_key="ended", session_data="", expire_date=OLD)
    Session.objects.create(session_key="lasting", session_data="", expire_date=NOW + timedelta(days=1))
    clean_all()
    assert requests.runs.count() == 3 and set(Session.objects.values_list("pk", flat=True)) == {"lasting"}
