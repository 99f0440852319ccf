"""Sub-pipelines as components: the content is the same however the instance is placed, named and renamed, and plans are those of the flat nodes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalogue.discover import catalogue
from pipelines.compilation import compile
from pipelines.graph.codec import dump, load
from pipelines.graph.components import ROOT, content_of, uses
from pipelines.graph.groups import dangling
from pipelines.graph.model import Graph
from pipelines.graph.problem import UnsoundGraph

CHAIN = {
    "data": {"module": "data.enter_data", "params": {"text": "x\n1\n2"}},
    "half": {"module": "transform.split_data", "params": {"fraction": {"$parameter": "share"}}, "group": "g"},
    "again": {"module": "transform.split_data", "group": "inner"},
}
DOCUMENT: dict[str, Any] = {
    "nodes": CHAIN,
    "edges": [["data.table", "half.table"], ["half.first", "again.table"]],
    "parameters": {"share": {"type": "number", "default": 0.5}, "other": {"type": "number", "default": 1}},
    "groups": {
        "g": {"title": "Halves", "position": [40, 80], "promoted": {"Share": {"node": "half", "param": "fraction"}}},
        "inner": {"title": "Inner", "position": [0, 9], "group": "g", "component": {"id": "abc", "version": 3, "parts": {"again": "step"}}},
    },
}


def test_the_content_is_a_document_of_its_own() -> None:
    content = content_of(load(DOCUMENT), "g")
    graph = content.graph
    assert dump(load(dump(graph))) == dump(graph) and not [*dangling(graph)]
    assert (graph.nodes.keys(), graph.parameters.keys()) == ({"half", "again"}, {"share"})
    assert [edge.place for edge in graph.edges] == [("half.first", "again.table")]
    assert graph.groups[ROOT].promoted["Share"].node == "half" and graph.groups["inner"].group == ROOT
    assert uses(graph) == ["abc"] and content.parts == {"g": ROOT, "half": "half", "again": "again", "inner": "inner"}


def renamed(content: Graph, names: dict[str, str], place: tuple[float, float]) -> dict[str, Any]:
    """The content as it stands in a pipeline: other ids, another place, and a record of what it is."""
    document = dump(content)
    end = lambda each: f"{names[each.split('.')[0]]}.{each.split('.')[1]}"  # noqa: E731
    groups = {}
    for id, group in document["groups"].items():
        promoted = {name: {**each, "node": names[each["node"]]} for name, each in group.get("promoted", {}).items()}
        around = {"group": names[group["group"]]} if "group" in group else {}
        groups[names[id]] = {**group, "promoted": promoted, **around}
        if origin := group.get("component"):
            groups[names[id]]["component"] = {**origin, "parts": {names[here]: there for here, there in origin["parts"].items()}}
    parts = {here: there for there, here in names.items() if there != ROOT}
    groups[names[ROOT]] |= {"title": "Mine", "position": list(place), "component": {"id": "xyz", "version": 1, "parts": parts}}
    nodes = {names[id]: {**node, "group": names[node["group"]]} for id, node in document["nodes"].items()}
    return {**document, "nodes": nodes, "groups": groups, "edges": [[end(one), end(other)] for one, other in document["edges"]]}


@given(st.permutations(["half", "again", "inner", "component", "z9"]), st.tuples(st.integers(-99, 99), st.integers(-99, 99)))
def test_an_instance_has_the_content_that_it_was_made_from(names: list[str], place: tuple[float, float]) -> None:
    content = content_of(load(DOCUMENT), "g").graph
    given_names = dict(zip([*content.nodes, *content.groups], names, strict=False))
    instance = load(renamed(content, given_names, place))
    again = content_of(instance, given_names[ROOT])
    assert dump(again.graph) == dump(content)


def test_a_module_that_is_added_to_an_instance_takes_no_id_of_the_component() -> None:
    content = content_of(load(DOCUMENT), "g").graph
    document = renamed(content, {"half": "one", "again": "two", "inner": "three", ROOT: "g"}, (0, 0))
    document["nodes"]["half"] = {"module": "transform.split_data", "group": "g"}
    again = content_of(load(document), "g")
    assert again.parts["one"] == "half" and again.parts["half"] == "half_2" and again.graph.nodes.keys() == {"half", "again", "half_2"}


def test_the_plan_is_that_of_the_same_nodes_drawn_flat() -> None:
    document = {**DOCUMENT, "parameters": {}, "nodes": {**CHAIN, "half": {**CHAIN["half"], "params": {"fraction": 0.25}}}}
    document["groups"] = {**DOCUMENT["groups"], "g": {**DOCUMENT["groups"]["g"], "component": {"id": "xyz", "version": 2}}}
    flat = {**document, "groups": {}, "nodes": {id: {k: v for k, v in n.items() if k != "group"} for id, n in document["nodes"].items()}}
    assert compile(load(document), catalogue(), {}) == compile(load(flat), catalogue(), {})


@pytest.mark.parametrize(
    "component",
    [
        7,
        {"id": "abc"},
        {"id": "A b", "version": 1},
        {"id": "abc", "version": 0},
        {"id": "abc", "version": True},
        {"id": "abc", "version": 1, "x": 1},
    ]
    + [{"id": "abc", "version": 1, "parts": parts} for parts in ([], {"a b": "c"}, {"a": 1})],
)
def test_a_malformed_record_is_refused_by_name(component: Any) -> None:
    with pytest.raises(UnsoundGraph, match="component"):
        load({**DOCUMENT, "groups": {**DOCUMENT["groups"], "g": {"title": "G", "component": component}}})


def test_an_instance_within_an_instance_of_the_same_component_is_refused() -> None:
    document = {**DOCUMENT, "groups": {**DOCUMENT["groups"], "g": {"title": "Outer", "component": {"id": "abc", "version": 1}}}}
    (problem,) = dangling(load(document))
    assert (problem.code, problem.key) == ("component_in_itself", "groups.inner.component") and "cannot be in itself" in problem.words
