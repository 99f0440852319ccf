"""The thumbnail of a pipeline in lists: where its nodes are, what they are called, and what flows between them."""

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
FORMAT = 2  # a thumbnail of another format is drawn again
UNREADABLE: dict[str, Any] = {"format": FORMAT, "ids": [], "nodes": [], "edges": [], "unreadable": True}
MOST = 500
MOST_TITLED = 60  # of more, no title could be read in a thumbnail
TITLE_LENGTH = 40


def thumbnail(graph: dict[str, Any]) -> dict[str, Any]:
    """The thumbnail of a document: of more than 500 nodes an even sample along the flow, and the outermost, so that its extent stays.

    A node is its position, its module, and its title if it has one of its own; an edge is its two nodes, and the port that it leaves.
    """
    ids = {id: index for index, id in enumerate(_shown(graph["nodes"]))}
    titled = len(ids) <= MOST_TITLED
    nodes = [_node(graph["nodes"][id], titled) for id in ids]
    ends = [(*source.partition(".")[::2], target.partition(".")[0]) for source, target in graph["edges"]]
    edges = [[ids[source], ids[target], port] for source, port, target in ends if source in ids and target in ids]
    return {"format": FORMAT, "ids": list(ids), "nodes": nodes, "edges": edges}


def _node(node: dict[str, Any], titled: bool) -> list[Any]:
    x, y = node["position"]
    return [round(x), round(y), node["module"], (node.get("title") or "")[:TITLE_LENGTH] if titled else ""]


def _shown(nodes: dict[str, Any]) -> list[str]:
    if len(nodes) <= MOST:
        return list(nodes)
    by_x, by_y = (sorted(nodes, key=lambda id: nodes[id]["position"][axis]) for axis in (0, 1))
    evenly = [by_y[at * len(by_y) // (MOST - 4)] for at in range(MOST - 4)]
    return list(dict.fromkeys([by_x[0], by_x[-1], by_y[0], by_y[-1], *evenly]))


def refresh(pipelines: Iterable[Pipeline]) -> None:
    """Redraw the thumbnails of pipelines edited since, and those of another format, with three queries for any number of them."""
    stale = {pipeline.pk: pipeline for pipeline in pipelines if _is_stale(pipeline)}
    if not stale:
        return
    drawn = {pk: _picture(pk, edits) for pk, edits in _edits(stale)}
    for pk, pipeline in stale.items():
        pipeline.summary = drawn[pk] if pk in drawn else _picture(pk, [])
        pipeline.summary_revision = pipeline.revision
    with best_effort():
        Pipeline.objects.bulk_update(stale.values(), ["summary", "summary_revision"])


def _is_stale(pipeline: Pipeline) -> bool:
    return pipeline.summary_revision != pipeline.revision or pipeline.summary.get("format") != FORMAT


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
