"""Keeping drafts: several processes, folded edits, a database set back."""

from __future__ import annotations

import gc
import weakref
from collections import OrderedDict
from typing import Any

import pytest
from cachetools import LRUCache
from django.db import connection
from pycrdt import Doc, Map

from designer.documents import bounds, open_draft, repository, services, yjs_read, yjs_write
from designer.documents.lib0 import TooDeep
from designer.documents.models import DraftSnapshot, DraftUpdate, Pipeline
from designer.http.errors import Refusal
from tests.designer.conftest import Team
from tests.designer.documents import hostile


def named(name: str) -> Any:
    return lambda doc: yjs_write.rename(doc, name)


def name_of(pipeline: Pipeline) -> str:
    name: str = repository.read_draft(pipeline.pk)[1].graph["name"]
    return name


def test_every_edit_is_a_row_and_a_revision(pipeline: Pipeline, team: Team) -> None:
    assert repository.edit(pipeline.pk, named("Two"), team.people["owner"]).revision == 2
    assert repository.edit(pipeline.pk, named("Two"), None) == repository.EditResult(2, None)
    assert list(DraftUpdate.objects.order_by("revision").values_list("revision", flat=True)) == [1, 2]
    pipeline.refresh_from_db()
    assert (pipeline.revision, pipeline.name, pipeline.updated_by) == (2, "Two", team.people["owner"])


def test_writing_on_an_old_revision_is_a_conflict_that_says_the_present_one(pipeline: Pipeline) -> None:
    repository.edit(pipeline.pk, named("Two"), None)
    with pytest.raises(Refusal) as refused:
        repository.edit(pipeline.pk, named("Other"), None, expected=1)
    assert refused.value.status == 409 and refused.value.body["error"]["revision"] == 2
    assert name_of(pipeline) == "Two"


def test_two_processes_take_turns(pipeline: Pipeline) -> None:
    memories = [OrderedDict(repository._open), OrderedDict[str, open_draft.OpenDraft]()]
    for turn in range(6):
        repository._open.clear()
        repository._open.update(memories[turn % 2])
        repository.edit(
            pipeline.pk,
            lambda doc, turn=turn: yjs_read.root(doc, "parameters").update({f"p{turn}": {"type": "integer", "default": turn}}),
            None,
        )
        memories[turn % 2] = OrderedDict(repository._open)
    assert set(repository.read_draft(pipeline.pk)[1].graph["parameters"]) == {f"p{turn}" for turn in range(6)}


def test_a_failed_write_leaves_nothing_in_memory(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(repository, "_keep", fail)
        with pytest.raises(OSError, match="full"):
            repository.edit(pipeline.pk, named("Lost"), None)
    assert name_of(pipeline) == "Cars"
    assert repository.edit(pipeline.pk, named("Kept"), None).revision == 2


def test_old_edits_are_folded_and_those_far_behind_get_all_in_one(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "COMPACT_AFTER", 10)
    monkeypatch.setattr(repository, "KEPT_BEHIND", 3)
    for number in range(2, 24):
        repository.edit(pipeline.pk, named(f"N{number}"), None)
    assert DraftSnapshot.objects.get().revision == 20
    assert DraftUpdate.objects.order_by("revision").values_list("revision", flat=True)[0] == 18
    repository._open.clear()
    assert name_of(pipeline) == "N23"
    behind: Doc[Any] = Doc()
    revision, updates = repository.since(pipeline.pk, 1)
    assert revision == 23 and len(updates) == 1
    behind.apply_update(updates[0])
    assert yjs_read.name_of(behind) == "N23"
    assert repository.since(pipeline.pk, 20)[0] == 23 and len(repository.since(pipeline.pk, 20)[1]) == 3
    assert repository.since(pipeline.pk, 23) == (23, [])


def test_a_database_set_back_under_a_running_process(pipeline: Pipeline) -> None:
    repository.edit(pipeline.pk, named("Two"), None)
    DraftUpdate.objects.filter(revision=2).delete()
    Pipeline.objects.filter(pk=pipeline.pk).update(revision=1)
    assert name_of(pipeline) == "Cars"


def test_no_more_drafts_stay_open_than_agreed(team: Team, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "MOST_OPEN", 1)
    other = Pipeline.objects.create(workspace=team.workspace, name="B", updated_at=pipeline.updated_at)
    repository.edit(other.pk, named("B"), None)
    assert list(repository._open) == [other.pk]
    assert name_of(pipeline) == "Cars"


def test_open_drafts_are_limited_by_what_was_applied_to_them(team: Team, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "MOST_BYTES", 1_000)
    repository.edit(pipeline.pk, named("x" * 2_000), None)
    assert list(repository._open) == [pipeline.pk], "the draft in use stays, however large"
    other = Pipeline.objects.create(workspace=team.workspace, name="B", updated_at=pipeline.updated_at)
    repository.edit(other.pk, named("B"), None)
    assert list(repository._open) == [other.pk]
    assert name_of(pipeline) == ("x" * 2_000)[:200], "the name of a pipeline has at most 200 characters"


def test_the_json_of_a_draft_is_kept_until_it_changes_and_only_of_the_latest(
    team: Team, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = LRUCache(1_500, getsizeof=lambda kept: kept[2])
    monkeypatch.setattr(open_draft, "_readings", kept)
    repository.edit(pipeline.pk, named("x" * 1_000), None)
    first = repository.read_draft(pipeline.pk)[1]
    assert repository.read_draft(pipeline.pk)[1] is first
    other = Pipeline.objects.create(workspace=team.workspace, name="B", updated_at=pipeline.updated_at)
    repository.edit(other.pk, named("y" * 1_000), None)
    repository.read_draft(other.pk)
    assert list(kept) == [other.pk]
    assert repository.read_draft(pipeline.pk)[1] == first
    repository.edit(pipeline.pk, named("z"), None)
    assert repository.read_draft(pipeline.pk)[1].graph["name"] == "z"


def test_what_is_gone_is_gone(pipeline: Pipeline) -> None:
    id = pipeline.pk
    pipeline.delete()
    for look in (
        lambda: repository.read_draft(id),
        lambda: repository.append(id, b"\x00\x00", None),
        lambda: repository.edit(id, named("x"), None),
    ):
        with pytest.raises(Refusal, match="does not exist"):
            look()


@pytest.mark.parametrize("data", [b"", b"\xff", b"\x01\x01", b"\xff" * 30])
def test_bytes_that_are_no_edit(pipeline: Pipeline, data: bytes) -> None:
    with pytest.raises(repository.BadUpdate):
        repository.append(pipeline.pk, data, None)
    with pytest.raises(repository.BadUpdate):
        repository.missing(pipeline.pk, data or b"\xff")
    assert name_of(pipeline) == "Cars"


def test_an_edit_with_new_content_that_waits_for_another_is_not_called_known(pipeline: Pipeline) -> None:
    far: Doc[Any] = Doc()
    far.apply_update(repository.missing(pipeline.pk, b"\x00"))
    news: list[bytes] = []
    hearing = far.observe(lambda event: news.append(event.update))
    far.get("meta", type=Map)["name"] = "first"
    far.get("meta", type=Map)["name"] = "second"
    assert hearing and repository.append(pipeline.pk, news[1], None).update is not None
    assert repository.append(pipeline.pk, news[0], None).update is not None
    assert name_of(pipeline) == "second"
    assert repository.append(pipeline.pk, far.get_update(), None).update is None


@pytest.mark.parametrize("deep", [61, 500, 20_000, 40_000, 100_000])
@pytest.mark.parametrize(
    "make", [hostile.nested_lists, hostile.nested_objects, hostile.nested_maps, lambda deep: hostile.nested_maps(deep, delete=True)]
)
def test_an_edit_that_is_nested_too_deep_is_not_kept(pipeline: Pipeline, make: Any, deep: int) -> None:
    with pytest.raises(TooDeep):
        repository.append(pipeline.pk, make(deep), None)
    assert repository.read_draft(pipeline.pk)[0] == 1
    assert repository.append(pipeline.pk, hostile.nested_lists(60), None).revision == 2


def test_maps_in_maps_by_many_edits_stop_at_the_same_depth(pipeline: Pipeline) -> None:
    for clock in range(60):
        repository.append(pipeline.pk, hostile.map_in(clock - 1 if clock else None, clock, keyed=clock % 2 == 0), None)
    with pytest.raises(TooDeep):
        repository.append(pipeline.pk, hostile.map_in(59, 60), None)
    assert repository.read_draft(pipeline.pk)[0] == 61, "in memory is what is in the database"
    assert repository.edit(pipeline.pk, named("Still"), None).revision == 62


def test_shared_types_may_not_wait_for_edits_that_never_came(pipeline: Pipeline) -> None:
    with pytest.raises(repository.BadUpdate, match="does not have"):
        repository.append(pipeline.pk, hostile.map_in(0, 1), None)
    assert repository.append(pipeline.pk, hostile.map_in(None, 0), None).revision == 2
    assert repository.append(pipeline.pk, hostile.map_in(0, 1), None).revision == 3


def _kept_before(pipeline: Pipeline, updates: list[bytes]) -> None:
    """What an Easel without bounds left in the database."""
    rows = [DraftUpdate(pipeline=pipeline, revision=2 + number, update=update) for number, update in enumerate(updates)]
    DraftUpdate.objects.bulk_create(rows)
    Pipeline.objects.filter(pk=pipeline.pk).update(revision=1 + len(updates))
    repository._open.clear()


BEFORE = {
    "500 deep": lambda: [hostile.nested_lists(500)],
    "20,000 deep": lambda: [hostile.nested_lists(20_000)],
    "maps in maps": lambda: [hostile.map_in(clock - 1 if clock else None, clock) for clock in range(2000)],
    "damaged": lambda: [b"\xff\xff"],
}


@pytest.mark.parametrize("kind", BEFORE)
def test_a_draft_from_before_that_cannot_be_read_is_refused_and_healed(pipeline: Pipeline, team: Team, kind: str) -> None:
    _kept_before(pipeline, BEFORE[kind]())
    revision = Pipeline.objects.get(pk=pipeline.pk).revision
    for look in (
        lambda: repository.read_draft(pipeline.pk),
        lambda: repository.vector(pipeline.pk),
        lambda: repository.missing(pipeline.pk, b"\x00"),
        lambda: repository.append(pipeline.pk, hostile.nested_lists(1, client=9), None),
        lambda: repository.edit(pipeline.pk, named("x"), None),
    ):
        with pytest.raises(Refusal) as refused:
            look()
        assert refused.value.status == 409 and refused.value.body["error"]["remedy"]
    assert services.replace(pipeline, {**services.EMPTY, "name": "Healed"}, team.people["editor"], revision) == revision + 1
    repository._open.clear()
    assert name_of(pipeline) == "Healed"
    assert repository.edit(pipeline.pk, named("On"), None).revision == revision + 2
    assert repository.since(pipeline.pk, revision)[0] == revision + 2


@pytest.mark.parametrize("edits", [0, 3])
def test_a_draft_that_is_let_go_leaves_the_memory(pipeline: Pipeline, edits: int) -> None:
    for number in range(edits):
        repository.edit(pipeline.pk, named(f"Name {number}"), None)
        repository.append(pipeline.pk, hostile.nested_lists(3, client=number + 7), None)
    repository.read_draft(pipeline.pk)
    (held,) = (weakref.ref(open_.doc) for open_ in repository._open.values())
    repository._open.clear()
    gc.collect()
    assert held() is None


@pytest.mark.parametrize("in_memory", [True, False])
def test_nothing_is_scanned_while_others_wait_for_the_database(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, in_memory: bool
) -> None:
    """A scan of a large edit or draft may take seconds, and on SQLite everybody waits for whoever writes."""
    scan, within = bounds.scan, []

    def noted(update: bytes) -> bounds.Scan:
        within.append(len(connection.savepoint_ids))
        return scan(update)

    monkeypatch.setattr(bounds, "scan", noted)
    if not in_memory:
        repository._open.clear()
    repository.append(pipeline.pk, hostile.nested_lists(3), None)
    assert within == [len(connection.savepoint_ids)] * (1 if in_memory else 2)
