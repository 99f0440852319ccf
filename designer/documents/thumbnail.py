"""The thumbnail of a pipeline in lists: node positions, shelves and edges."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q
from pycrdt import Doc

from designer.documents import bounds
from designer.documents import yjs_read as drafts
from designer.documents.models import DraftSnapshot, DraftUpdate, Pipeline
from designer.http.outages import best_effort

log = logging.getLogger(__name__)
UNREADABLE: dict[str, Any] = {"nodes": [], "edges": [], "unreadable": True}
MOST = 500


def thumbnail(graph: dict[str, Any]) -> dict[str, Any]:
    """The thumbnail of a document: of more than 500 nodes an even sample along the flow, and the outermost, so that its extent stays."""
    ids = {id: index for index, id in enumerate(_shown(graph["nodes"]))}
    nodes = [[*graph["nodes"][id]["position"], graph["nodes"][id]["module"].partition(".")[0]] for id in ids]
    ends = [[end.partition(".")[0] for end in edge] for edge in graph["edges"]]
    return {"nodes": nodes, "edges": [[ids[source], ids[target]] for source, target in ends if source in ids and target in ids]}


def _shown(nodes: dict[str, Any]) -> list[str]:
    if len(nodes) <= MOST:
        return list(nodes)
    by_x, by_y = (sorted(nodes, key=lambda id: nodes[id]["position"][axis]) for axis in (0, 1))
    evenly = [by_y[at * len(by_y) // (MOST - 4)] for at in range(MOST - 4)]
    return list(dict.fromkeys([by_x[0], by_x[-1], by_y[0], by_y[-1], *evenly]))


def refresh(pipelines: Iterable[Pipeline]) -> None:
    """Redraw the thumbnails of pipelines edited since, with three queries for any number of them."""
    stale = {pipeline.pk: pipeline for pipeline in pipelines if pipeline.summary_revision != pipeline.revision}
    if not stale:
        return
    edits: dict[str, list[bytes]] = {pk: [] for pk in stale}
    for snapshot in DraftSnapshot.objects.filter(pipeline__in=stale):
        edits[snapshot.pipeline_id].append(bytes(snapshot.state))
    unfolded = Q(pipeline__snapshot__isnull=True) | Q(revision__gt=F("pipeline__snapshot__revision"))
    updates = DraftUpdate.objects.filter(unfolded, pipeline__in=stale).order_by("pipeline", "revision")
    for update in updates.iterator(chunk_size=500):
        edits[update.pipeline_id].append(bytes(update.update))
    for pk, pipeline in stale.items():
        pipeline.summary = _picture(pk, edits.pop(pk))
        pipeline.summary_revision = pipeline.revision
    with best_effort():
        Pipeline.objects.bulk_update(stale.values(), ["summary", "summary_revision"])


def _picture(pipeline: str, edits: list[bytes]) -> dict[str, Any]:
    """The thumbnail of a draft; a draft that cannot be read loses its thumbnail and does not fail the list."""
    doc: Doc[Any] = Doc()
    try:
        bounds.apply_kept(doc, edits)
        return thumbnail(drafts.to_json(doc).graph)
    except Exception as fault:
        log.warning("pipeline %s cannot be read: %s", pipeline, fault)
        return UNREADABLE
