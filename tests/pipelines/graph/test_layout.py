"""Documents without places get some: no card lies on another, and what feeds stands above what is fed."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.graph.codec import dump, load
from pipelines.graph.layout import ACROSS, DOWN

NODES = [f"n{number}" for number in range(9)]


def placed(edges, nodes=NODES):
    document = {"nodes": {id: {"module": "a.b"} for id in nodes}, "edges": [[f"{one}.out", f"{other}.in"] for one, other in edges]}
    return {id: node.position for id, node in load(document).nodes.items()}


@given(st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=30, unique=True))
def test_no_card_lies_on_another_even_in_a_graph_with_cycles(edges):
    assert len(set(placed(edges).values())) == len(NODES)


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda pair: pair[0] < pair[1]), max_size=30, unique=True))
def test_what_feeds_stands_above(pairs):
    edges = [(NODES[one], NODES[other]) for one, other in pairs]
    places = placed(edges)
    assert all(places[one][1] + DOWN <= places[other][1] for one, other in edges)


def test_a_chain_is_straight_and_a_fork_is_even():
    assert placed([("a", "b"), ("b", "c")], "abc") == {"a": (0, 0), "b": (0, DOWN), "c": (0, 2 * DOWN)}
    assert placed([("a", "b"), ("a", "c")], "abc") == {"a": (0, 0), "b": (-ACROSS / 2, DOWN), "c": (ACROSS / 2, DOWN)}


def test_what_nothing_feeds_stands_just_above_what_it_feeds():
    places = placed([("data", "split"), ("learner", "train"), ("split", "train")], ["learner", "data", "split", "train"])
    assert places["learner"][1] == places["split"][1] and places["learner"][0] < places["split"][0]


def test_strands_do_not_cross():
    places = placed([("a", "z"), ("b", "y")], "abzy")
    assert places["z"][0] < places["y"][0]


def test_one_place_that_was_given_leaves_all_as_they_are():
    document = {"nodes": {"a": {"module": "a.b", "position": [5, 6]}, "b": {"module": "a.b"}}, "edges": []}
    assert {id: node["position"] for id, node in dump(load(document))["nodes"].items()} == {"a": [5, 6], "b": [0, 0]}
