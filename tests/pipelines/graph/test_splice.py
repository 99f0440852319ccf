"""Nodes that stand for tables are replaced by what made these tables in another graph."""

from pipelines.graph.codec import dump, load
from pipelines.graph.model import Endpoint
from pipelines.graph.splice import spliced


def graph(edges, parameters=None, group=None):
    ids = {end.split(".")[0] for edge in edges for end in edge}
    nodes = {id: {"module": f"a.{id}", "params": {"of": id}} | ({"group": group} if group else {}) for id in sorted(ids)}
    groups = {group: {"title": "Some"}} if group else {}
    return load({"nodes": nodes, "edges": edges, "parameters": parameters or {}, "groups": groups})


WINNER = graph([["data.table", "split.table"], ["split.first", "train.table"], ["other.model", "train.untrained"]])
BASE = graph(
    [
        ["file.table", "split.table"],
        ["split.second", "search.table"],
        ["beside.table", "search.validation"],
        ["search.model", "score.model"],
    ],
    parameters={"p": {"type": "integer", "default": 1}},
    group="g",
)


def test_what_made_the_table_comes_before_and_nodes_keep_their_settings():
    found = spliced(WINNER, {"data": Endpoint("split", "second")}, BASE)
    assert set(found.nodes) == {"file", "split", "split_2", "train", "other"}
    assert [edge.place for edge in found.edges] == [
        ("file.table", "split.table"),
        ("split.second", "split_2.table"),
        ("split_2.first", "train.table"),
        ("other.model", "train.untrained"),
    ]
    assert found.nodes["split_2"].module == "a.split" and not found.parameters
    assert not found.groups and all(node.group is None and node.id == id for id, node in found.nodes.items())
    assert load(dump(found)) == found


def test_no_card_lies_on_another_and_two_nodes_may_stand_for_two_tables():
    both = graph([["data.table", "train.table"], ["validation.table", "score.table"]])
    found = spliced(both, {"data": Endpoint("split", "second"), "validation": Endpoint("beside", "table")}, BASE)
    assert set(found.nodes) == {"file", "split", "beside", "train", "score"}
    assert len({node.position for node in found.nodes.values()}) == len(found.nodes)


def test_a_node_that_stands_for_nothing_stays():
    assert set(spliced(WINNER, {}, BASE).nodes) == set(WINNER.nodes)
