"""Writing a document into a draft touches only what differs."""

from __future__ import annotations

from typing import Any

from pycrdt import Doc

from designer.documents import yjs_read, yjs_write
from designer.documents.services import EMPTY
from tests.designer.documents.test_yjs_read import GRAPH, shared, written


def test_writing_the_same_again_changes_nothing() -> None:
    doc = written(GRAPH)
    news: list[bytes] = []
    hearing = doc.observe(lambda event: news.append(event.update))
    yjs_write.write(doc, yjs_read.to_json(doc).graph)
    assert news == [] and hearing


def test_writing_touches_only_what_differs() -> None:
    """What another window changes at the same time stays."""
    one, other = written(GRAPH), Doc[Any]()
    other.apply_update(one.get_update())
    shared(other, "nodes")["split"]["params"]["seed"] = 8
    nodes = {**GRAPH["nodes"], "data": {**GRAPH["nodes"]["data"], "params": {"text": "y"}}}
    yjs_write.write(one, {**GRAPH, "nodes": nodes})
    one.apply_update(other.get_update())
    merged = yjs_read.to_json(one).graph["nodes"]
    assert merged["split"]["params"]["seed"] == 8 and merged["data"]["params"] == {"text": "y"}


def test_what_is_taken_out_goes() -> None:
    doc = written(GRAPH)
    bare = {"module": "data.enter_data", "params": {}, "position": [0, 0]}
    yjs_write.write(doc, {**EMPTY, "nodes": {"data": bare}})
    assert yjs_read.to_json(doc).graph == {**EMPTY, "nodes": {"data": bare}}


def test_true_is_not_one() -> None:
    doc = written(GRAPH)
    yjs_write.write(doc, {**GRAPH, "parameters": {"p": {"type": "boolean", "default": True}}})
    assert yjs_read.to_json(doc).graph["parameters"]["p"]["default"] is True
