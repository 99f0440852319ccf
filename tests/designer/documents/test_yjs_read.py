"""The Yjs document and the document's JSON: there and back, and what does not fit."""

from __future__ import annotations

import random
from typing import Any

import pytest
from pycrdt import Array, Doc, Map

from designer.documents import bounds, yjs_read, yjs_write
from designer.documents.lib0 import BadUpdate
from designer.documents.services import EMPTY

GRAPH: dict[str, Any] = {
    "format": 1,
    "name": "Cars",
    "nodes": {
        "data": {
            "module": "data.enter_data",
            "params": {"text": "x", "header": True, "deep": [1, {"a": None}]},
            "position": [0.0, 1.5],
            "title": "Cars",
        },
        "split": {
            "module": "transform.split_data",
            "params": {"fraction": 0.7, "seed": 7},
            "position": [0.0, 100.0],
            "comment": "70/30",
            "execution": {"retries": 2},
            "group": "prepare",
        },
    },
    "edges": [["data.table", "split.table"]],
    "parameters": {"p": {"type": "integer", "default": 1}},
    "frames": [{"id": "f", "title": "Frame"}],
    "notes": [{"id": "n", "text": "Note", "position": [1, 2], "size": [3, 4]}],
    "execution": {"target": "sandbox"},
    "groups": {
        "around": {"title": "Around", "position": [0.0, 1.0]},
        "prepare": {
            "title": "Prepare",
            "position": [5.0, 6.0],
            "group": "around",
            "promoted": {"Share": {"node": "split", "param": "fraction"}},
        },
    },
}


def written(graph: dict[str, Any]) -> Doc[Any]:
    doc: Doc[Any] = Doc()
    yjs_write.write(doc, graph)
    return doc


def shared(doc: Doc[Any], name: str) -> Map[Any]:
    return doc.get(name, type=Map)


def test_there_and_back() -> None:
    reading = yjs_read.to_json(written(GRAPH))
    assert reading.graph == GRAPH and reading.problems == ()


def test_what_a_sub_pipeline_refers_to_may_be_gone() -> None:
    """One user may unfold a sub-pipeline, or delete a node, while another folds it."""
    doc = written(GRAPH)
    del shared(doc, "groups")["around"]
    shared(doc, "groups")["prepare"]["promoted"]["Gone"] = {"node": "data", "param": "text"}
    shared(doc, "groups")["odd"] = {"title": 1}
    shared(doc, "nodes")["data"]["group"] = "nowhere"
    reading = yjs_read.to_json(doc)
    prepare = {key: value for key, value in GRAPH["groups"]["prepare"].items() if key != "group"}
    assert reading.graph["groups"] == {"prepare": prepare} and "group" not in reading.graph["nodes"]["data"]
    assert sorted(problem.code for problem in reading.problems) == ["bad_group", "unknown_group", "unknown_group", "unknown_promoted"]


def test_execution_that_does_not_fit_is_left_out_and_told() -> None:
    graph = {
        **GRAPH,
        "execution": {"target": "moon"},
        "nodes": {"data": {**GRAPH["nodes"]["data"], "execution": {"retries": 99}}},
        "edges": [],
        "groups": {},
    }
    reading = yjs_read.to_json(written(graph))
    assert [problem.code for problem in reading.problems] == ["bad_execution"] * 2
    assert "execution" not in reading.graph and "execution" not in reading.graph["nodes"]["data"]


def test_an_empty_document_is_an_empty_graph() -> None:
    assert yjs_read.to_json(Doc()).graph == EMPTY


@pytest.mark.parametrize(
    "node",
    [
        1,
        "text",
        None,
        [1],
        Array([1]),
        Map({}),
        Map({"module": 1}),
        Map({"module": "Bad Module"}),
        {"module": "data.enter_data", "params": {"x": b"bytes"}},
    ],
)
def test_a_node_that_does_not_fit_is_left_out_and_told(node: Any) -> None:
    doc = written(GRAPH)
    shared(doc, "nodes")["odd"] = node
    reading = yjs_read.to_json(doc)
    assert {"data", "split"} <= set(reading.graph["nodes"])
    assert reading.problems[0].node == "odd"


def test_odd_places_words_and_ids() -> None:
    doc = written(GRAPH)
    nodes = shared(doc, "nodes")
    nodes["data"]["position"] = ["a", float("inf")]
    nodes["data"]["title"] = 7
    nodes["split"]["params"]["bad"] = float("nan")
    nodes["no id"] = Map({"module": "data.enter_data"})
    shared(doc, "meta")["name"] = ["not", "text"]
    reading = yjs_read.to_json(doc)
    assert reading.graph["name"] == yjs_read.UNTITLED
    assert reading.graph["nodes"]["data"]["position"] == [0, 0] and "title" not in reading.graph["nodes"]["data"]
    assert "bad" not in reading.graph["nodes"]["split"]["params"] and "fraction" in reading.graph["nodes"]["split"]["params"]
    assert [(problem.node, problem.key or problem.param) for problem in reading.problems] == [
        ("data", "position"),
        ("data", "title"),
        ("no id", None),
        ("split", "bad"),
    ]
    assert all(problem.words.endswith("It is left out.") for problem in reading.problems)


def test_an_edge_to_a_node_that_another_person_removed_is_left_out() -> None:
    doc = written(GRAPH)
    del shared(doc, "nodes")["data"]
    shared(doc, "edges")["a pair twice"] = ["data.table", "split.table"]
    shared(doc, "edges")["no pair"] = "no pair"
    reading = yjs_read.to_json(doc)
    assert reading.graph["edges"] == []
    assert {problem.code for problem in reading.problems} == {"dangling_edge", "bad_edge", "duplicate_edge"}


@pytest.mark.parametrize("kind", [Array, Map])
def test_roots_of_another_kind_do_no_harm(kind: Any) -> None:
    doc: Doc[Any] = Doc()
    doc["nodes"] = kind([1, 2]) if kind is Array else Map({"a": 1})
    other: Doc[Any] = Doc()
    other.apply_update(doc.get_update())
    assert yjs_read.to_json(other).graph["nodes"] == {}


@pytest.mark.slow
def test_whatever_bytes_apply_can_be_read() -> None:
    dice = random.Random(3)
    good = written(GRAPH).get_update()
    read = 0
    for _ in range(3000):
        data = bytearray(good)
        for _ in range(dice.randrange(1, 4)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        doc: Doc[Any] = Doc()
        try:
            bounds.apply(doc, bytes(data))
        except BadUpdate:
            continue
        read += 1
        assert set(yjs_read.to_json(doc).graph) | {"execution", "groups"} == set(GRAPH)
    assert read > 100


def test_numbers_a_browser_cannot_hold() -> None:
    graph = {"nodes": {"a": {"params": {"fine": 2**53, "true": True, "huge": [{"x": 2**60}]}}}}
    assert [(problem.node, problem.param) for problem in yjs_read.unholdable(graph)] == [("a", "huge")]
