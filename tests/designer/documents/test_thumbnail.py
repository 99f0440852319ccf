"""The small picture of a pipeline."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest
from django.utils import timezone
from pycrdt import Doc, Map

from designer.documents import repository, yjs_write
from designer.documents import thumbnail as thumbnails
from designer.documents.models import DraftUpdate, Pipeline
from designer.documents.thumbnail import MOST, thumbnail
from tests.designer.conftest import Team


def grid(nodes: int, wide: int = 50) -> dict[str, Any]:
    """Chains of fifty, one beside the other."""
    placed = {f"n{at}": {"module": "transform.normalize", "position": [at // wide * 300, at % wide * 120]} for at in range(nodes)}
    return {"nodes": placed, "edges": [[f"n{at}.table", f"n{at + 1}.table"] for at in range(nodes - 1) if (at + 1) % wide]}


def extent(summary: dict[str, Any]) -> tuple[float, float]:
    return max(x for x, *_ in summary["nodes"]), max(y for _, y, *_ in summary["nodes"])


def test_a_small_pipeline_is_shown_whole() -> None:
    summary = thumbnail(grid(100))
    assert len(summary["nodes"]) == 100 and len(summary["edges"]) == 98
    assert summary["nodes"][0] == [0, 0, "transform.normalize", ""] and summary["edges"][0] == [0, 1, "table"]
    assert summary["ids"][:2] == ["n0", "n1"]


def test_titles_are_kept_where_they_can_be_read() -> None:
    def titles(nodes: int) -> set[str]:
        graph = grid(nodes)
        graph["nodes"]["n0"] |= {"title": "Scale the measurements of each car before they are compared", "position": [1.26, -0.4]}
        assert thumbnail(graph)["nodes"][0][:2] == [1, 0]
        return {title for *_, title in thumbnail(graph)["nodes"]}

    assert titles(60) == {"Scale the measurements of each car befor", ""}
    assert titles(61) == {""}


def test_a_large_pipeline_keeps_its_extent() -> None:
    thousand, three = thumbnail(grid(1000)), thumbnail(grid(3000))
    assert len(thousand["nodes"]) <= MOST and len(three["nodes"]) <= MOST
    assert extent(thousand) == (19 * 300, 49 * 120) and extent(three) == (59 * 300, 49 * 120)


@pytest.mark.django_db
def test_the_edits_of_many_pipelines_are_read_one_pipeline_at_a_time(team: Team) -> None:
    """A list of a hundred pipelines read 23 MB of edits at once, and the process kept as much memory."""
    pipelines = [
        Pipeline.objects.create(workspace=team.workspace, name=f"P{number}", revision=2, summary_revision=0, updated_at=timezone.now())
        for number in range(20)
    ]
    doc: Doc[Any] = Doc()
    doc.get("notes", type=Map)["a"] = "x" * 10_000
    edit = doc.get_update()
    for pipeline in pipelines:
        DraftUpdate.objects.bulk_create(DraftUpdate(pipeline=pipeline, revision=number, update=edit) for number in range(1, 51))
    tracemalloc.start()
    try:
        thumbnails.refresh(pipelines)
        assert tracemalloc.get_traced_memory()[1] < 3_000_000, "all of them are 10 MB"
    finally:
        tracemalloc.stop()
    assert [pipeline.summary for pipeline in pipelines] == [{"format": 2, "ids": [], "nodes": [], "edges": []}] * 20


def document(nodes: int) -> dict[str, Any]:
    placed = {f"n{at}": {"module": "data.enter_data", "params": {}, "position": [at, 0]} for at in range(nodes)}
    return {"name": "P", "nodes": placed, "edges": [], "parameters": {}, "frames": [], "notes": []}


@pytest.mark.django_db
def test_a_snapshot_and_the_edits_after_it_are_drawn_together(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    pipelines = [Pipeline.objects.create(workspace=team.workspace, name="", updated_at=timezone.now()) for _ in range(3)]
    for pipeline in pipelines[:2]:
        repository.edit(pipeline.pk, lambda doc: yjs_write.write(doc, document(1)), None)
    monkeypatch.setattr(repository, "COMPACT_AFTER", 2)
    monkeypatch.setattr(repository, "KEPT_BEHIND", 0)
    for nodes in (2, 3):  # the first edit is folded into a snapshot, the second follows it
        repository.edit(pipelines[0].pk, lambda doc, nodes=nodes: yjs_write.write(doc, document(nodes)), None)
    stale = list(Pipeline.objects.order_by("created_at"))
    thumbnails.refresh(stale)
    assert [len(pipeline.summary.get("nodes", [])) for pipeline in stale] == [3, 1, 0]


@pytest.mark.django_db
def test_a_thumbnail_of_an_earlier_format_is_drawn_again(team: Team) -> None:
    pipeline = Pipeline.objects.create(workspace=team.workspace, name="", updated_at=timezone.now())
    repository.edit(pipeline.pk, lambda doc: yjs_write.write(doc, document(1)), None)
    Pipeline.objects.filter(pk=pipeline.pk).update(summary={"nodes": [[0, 0, "data"]], "edges": []}, summary_revision=1)
    pipeline.refresh_from_db()
    thumbnails.refresh([pipeline])
    pipeline.refresh_from_db()
    assert pipeline.summary["nodes"] == [[0, 0, "data.enter_data", ""]]
