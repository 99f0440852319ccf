"""The document's JSON: what is written is read again, and whatever else comes is refused with places."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.graph import codec
from pipelines.graph.model import Edge, Endpoint, Graph, Group, Node, Promoted
from pipelines.graph.problem import UnsoundGraph
from tests.support.graph_builder import TABLE, codes, document

ids = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,9}", fullmatch=True)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
scalars = st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False) | texts
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=8)
numbers = st.floats(-1e8, 1e8)
modules = st.sampled_from(["data.enter_data", "trial.pass_on"])


@st.composite
def graphs(draw):
    nodes = {
        id: Node(
            id,
            draw(modules),
            draw(st.dictionaries(texts, values, max_size=3)),
            (draw(numbers), draw(numbers)),
            draw(texts) or None,
            group=draw(st.none() | ids),
        )
        for id in draw(st.lists(ids, max_size=5, unique=True))
    }
    edges = draw(st.sets(st.builds(Edge, st.builds(Endpoint, ids, ids), st.builds(Endpoint, ids, ids)), max_size=5))
    ordered = tuple(sorted(edges, key=lambda edge: (edge.target, edge.source)))
    folded = {
        id: Group(id, draw(texts), (draw(numbers), draw(numbers)), draw(st.none() | ids), {"A": Promoted("a", "b")})
        for id in draw(st.sets(ids, max_size=2))
    }
    parameter = st.builds(lambda value, words: {"type": "number", "default": value, "help": words}, numbers, texts)
    parameters = draw(st.dictionaries(ids, parameter, max_size=2))
    frames = tuple(draw(st.lists(values, max_size=2)))
    return Graph(draw(texts), nodes, ordered, parameters, frames, groups=folded)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8) | st.sampled_from(sorted(codec.KEYS | codec.NODE_KEYS | codec.GROUP_KEYS)), inner)
    ),
    max_leaves=12,
)


def problems(data):
    with pytest.raises(UnsoundGraph) as refused:
        codec.load(data)
    return refused.value.problems


@given(graphs())
def test_a_written_graph_is_read_again(graph):
    assert codec.load(json.loads(json.dumps(codec.dump(graph)))) == graph


def read_or_refused(data):
    try:
        graph = codec.load(data)
    except UnsoundGraph as refused:
        return len(refused.problems) > 0
    return codec.load(codec.dump(graph)) == graph


@given(json_values)
def test_any_json_is_read_or_refused(data):
    assert read_or_refused(data)


@given(json_values, st.sampled_from(sorted(codec.KEYS)))
def test_any_json_in_any_place_is_read_or_refused(data, key):
    assert read_or_refused({**document({"cars": TABLE}), key: data})


@given(json_values, st.sampled_from(sorted(codec.NODE_KEYS)))
def test_any_json_in_any_place_of_a_node_is_read_or_refused(data, key):
    assert read_or_refused({"nodes": {"cars": {"module": "data.enter_data", key: data}}})


def test_json_nested_too_deep_is_refused_wherever_it_stands():
    deep = []
    for _ in range(5000):
        deep = [deep]
    for data in (deep, {"name": deep}, {"edges": [deep]}, {"nodes": {"a": deep}}, {"notes": deep}, {"nodes": {"a": {"module": deep}}}):
        assert problems(data)


def test_equal_drawings_are_equal_whatever_the_order_of_their_edges():
    nodes = {"a": TABLE, "b": TABLE, "on": "trial.gather"}
    one = codec.load(document(nodes, "a.table on.tables", "b.table on.tables"))
    assert one == codec.load(document(nodes, "b.table on.tables", "a.table on.tables"))


def test_what_a_document_leaves_out_has_defaults():
    assert codec.load({}) == Graph()
    assert codec.load({"nodes": {"a": {"module": "x.y", "title": ""}}}).nodes["a"] == Node("a", "x.y")


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ([], "document_not_object"),
        ({"format": 2}, "unknown_format"),
        ({"format": True}, "unknown_format"),
        ({"colour": 1}, "unknown_key"),
        ({"name": 3}, "bad_name"),
        ({"name": "x" * 201}, "bad_name"),
        ({"name": "a\x00b"}, "bad_name"),
        ({"name": "\ud800"}, "bad_name"),
        ({"nodes": []}, "bad_nodes"),
        ({"nodes": {"1a": {}}}, "bad_node_id"),
        ({"nodes": {"a\n": {}}}, "bad_node_id"),
        ({"nodes": {"a": 1}}, "bad_node"),
        ({"nodes": {"a": {"module": "nodot"}}}, "bad_module"),
        ({"nodes": {"a": {"module": "x.y", "params": []}}}, "bad_params"),
        ({"nodes": {"a": {"module": "x.y", "params": {"p": 2**63}}}}, "bad_value"),
        ({"nodes": {"a": {"module": "x.y", "params": {"p": float("nan")}}}}, "bad_value"),
        ({"nodes": {"a": {"module": "x.y", "params": {"p": "\x00"}}}}, "bad_value"),
        ({"nodes": {"a": {"module": "x.y", "params": {"\ud800": 1}}}}, "bad_value"),
        ({"nodes": {"a": {"module": "x.y", "position": [0]}}}, "bad_position"),
        ({"nodes": {"a": {"module": "x.y", "position": [0, 10**400]}}}, "bad_position"),
        ({"nodes": {"a": {"module": "x.y", "title": []}}}, "bad_title"),
        ({"nodes": {"a": {"module": "x.y", "title": "\x00"}}}, "bad_title"),
        ({"nodes": {"a": {"module": "x.y", "comment": "x" * 10_001}}}, "bad_comment"),
        ({"nodes": {"a": {"module": "x.y", "colour": 1}}}, "unknown_key"),
        ({"edges": {}}, "bad_edges"),
        ({"edges": [["a.b"]]}, "bad_edge"),
        ({"edges": [["a.b", "c"]]}, "bad_edge"),
        ({"edges": [["a.b", "c.d.e"]]}, "bad_edge"),
        ({"edges": [["a.b", "c.d"], ["a.b", "c.d"]]}, "duplicate_edge"),
        ({"parameters": []}, "bad_parameters"),
        ({"frames": {}}, "bad_frames"),
        ({"notes": [float("inf")]}, "bad_value"),
    ],
)
def test_what_is_not_as_the_format_says_has_a_code(part, code):
    assert codes(problems(part)) == [code]


def test_every_strange_place_of_a_node_is_named():
    found = problems({"nodes": {"a": {"module": 1, "params": {"p": 2**64}, "position": "x"}, "b": 3}})
    assert [(problem.node, problem.param) for problem in found] == [("a", None), ("a", "p"), ("a", None), ("b", None)]


def test_too_many_nodes_are_refused_unread():
    assert codes(problems({"nodes": dict.fromkeys(map(str, range(codec.MOST_NODES + 1)))})) == ["too_many_nodes"]
    assert codes(problems({"edges": [None] * (codec.MOST_EDGES + 1)})) == ["too_many_edges"]
