"""The thumbnail of a pipeline in lists: node positions, shelves and edges."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
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
    drawn = {pk: _picture(pk, edits) for pk, edits in _edits(stale)}
    for pk, pipeline in stale.items():
        pipeline.summary = drawn[pk] if pk in drawn else _picture(pk, [])
        pipeline.summary_revision = pipeline.revision
    with best_effort():
        Pipeline.objects.bulk_update(stale.values(), ["summary", "summary_revision"])


def _edits(pipelines: Collection[str]) -> Iterator[tuple[str, list[bytes]]]:
    """The edits of each draft since its snapshot, one draft at a time: those of all together may take more memory than the process has."""
    snapshots = DraftSnapshot.objects.filter(pipeline__in=pipelines).order_by("pipeline").values_list("pipeline", "revision", "state")
    unfolded = Q(pipeline__snapshot__isnull=True) | Q(revision__gt=F("pipeline__snapshot__revision"))
    updates = DraftUpdate.objects.filter(unfolded, pipeline__in=pipelines).order_by("pipeline", "revision")
    rows = updates.values_list("pipeline", "revision", "update").iterator(chunk_size=50)
    for pk, found in groupby(merge(snapshots.iterator(chunk_size=1), rows, key=itemgetter(0, 1)), itemgetter(0)):
        yield pk, [bytes(edit) for _, _, edit in found]


def _picture(pipeline: str, edits: list[bytes]) -> dict[str, Any]:
    """The thumbnail of a draft; a draft that cannot be read loses its thumbnail and does not fail the list."""
    doc: Doc[Any] = Doc()
    try:
        bounds.apply_kept(doc, edits)
        return thumbnail(drafts.to_json(doc).graph)
    except Exception as fault:
        log.warning("pipeline %s cannot be read: %s", pipeline, fault)
        return UNREADABLE
