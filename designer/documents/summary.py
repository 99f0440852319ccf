"""The small picture of a pipeline that lists show: where its nodes lie, their shelves, and who is wired to whom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q
from pycrdt import Doc

from designer.documents import draft as drafts
from designer.documents.models import DraftSnapshot, DraftUpdate, Pipeline

EMPTY: dict[str, Any] = {"nodes": [], "edges": []}
MOST = 500


def summarise(graph: dict[str, Any]) -> dict[str, Any]:
    """The picture of a document, its first 500 nodes."""
    ids = {id: index for index, id in enumerate(list(graph["nodes"])[:MOST])}
    nodes = [[*graph["nodes"][id]["position"], graph["nodes"][id]["module"].partition(".")[0]] for id in ids]
    ends = [[end.partition(".")[0] for end in edge] for edge in graph["edges"]]
    return {"nodes": nodes, "edges": [[ids[source], ids[target]] for source, target in ends if source in ids and target in ids]}


def refresh(pipelines: Iterable[Pipeline]) -> None:
    """Draw the pictures anew of those pipelines that were edited since, with three queries however many they are."""
    stale = {pipeline.pk: pipeline for pipeline in pipelines if pipeline.summary_revision != pipeline.revision}
    if not stale:
        return
    docs = {pk: Doc[Any]() for pk in stale}
    folded = dict.fromkeys(stale, 0)
    for snapshot in DraftSnapshot.objects.filter(pipeline__in=stale):
        docs[snapshot.pipeline_id].apply_update(bytes(snapshot.state))
        folded[snapshot.pipeline_id] = snapshot.revision
    unfolded = Q(pipeline__snapshot__isnull=True) | Q(revision__gt=F("pipeline__snapshot__revision"))
    updates = DraftUpdate.objects.filter(unfolded, pipeline__in=stale).order_by("pipeline", "revision")
    for update in updates.iterator(chunk_size=500):
        docs[update.pipeline_id].apply_update(bytes(update.update))
    for pk, pipeline in stale.items():
        pipeline.summary = summarise(drafts.to_json(docs[pk]).graph)
        pipeline.summary_revision = pipeline.revision
    Pipeline.objects.bulk_update(stale.values(), ["summary", "summary_revision"])
