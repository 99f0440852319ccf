"""Order, cycles and ancestry."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.graph.shape import Shape
from tests.support.graph_builder import chain, draw

nodes = st.integers(0, 12)
pairs = st.sets(st.tuples(nodes, nodes), max_size=30)
dags = pairs.map(lambda found: {(f"n{min(pair):02}", f"n{max(pair):02}") for pair in found if pair[0] != pair[1]})


def shape(edges):
    return Shape({node for edge in edges for node in edge}, edges)


@given(dags)
def test_every_node_comes_after_all_that_feed_it(edges):
    order = shape(edges).order()
    assert len(order) == len({node for edge in edges for node in edge})
    assert all(order.index(source) < order.index(target) for source, target in edges)


@given(dags)
def test_equal_graphs_have_equal_orders(edges):
    assert shape(edges).order() == shape(sorted(edges, reverse=True)).order()


def walk(start, edges):
    found = {start}
    while more := {target for source, target in edges if source in found} - found:
        found |= more
    return found


@given(dags)
def test_upstream_and_downstream_are_what_walking_finds(edges):
    for node in {node for edge in edges for node in edge}:
        assert shape(edges).downstream([node]) == walk(node, edges) - {node}
        assert shape(edges).upstream([node]) == walk(node, {(target, source) for source, target in edges})


@given(dags)
def test_a_graph_without_cycles_has_none(edges):
    assert shape(edges).cycles() == []


@given(pairs)
def test_a_cycle_is_told_along_its_edges(edges):
    for cycle in shape(edges).cycles():
        assert all(pair in edges for pair in zip(cycle, [*cycle[1:], cycle[0]], strict=True))


def test_every_knot_tells_one_cycle():
    knots = [("a", "b"), ("b", "a"), ("c", "c"), ("b", "c"), ("c", "d")]
    assert sorted(sorted(cycle) for cycle in shape(knots).cycles()) == [["a", "b"], ["c"]]


def test_a_long_chain_needs_no_deep_stack():
    assert shape([(f"n{index:05}", f"n{index + 1:05}") for index in range(5000)]).order()[-1] == "n05000"


def test_edges_to_nodes_that_are_not_there_are_left_out():
    assert Shape.of(draw({"a": "x.y"}, "a.b ghost.c", "ghost.c a.b")).order() == ["a"]


def test_a_drawing_feeds_along_its_edges():
    assert Shape.of(chain(2)).feeds() == {"source": ("n0",), "n0": ("n1",), "n1": ()}
