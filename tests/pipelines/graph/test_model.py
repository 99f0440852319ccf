"""The drawing itself: parts and copies."""

from dataclasses import FrozenInstanceError

import pytest

from tests.support.graph_builder import chain


def test_a_part_keeps_the_edges_among_its_nodes():
    part = chain(3).only({"n0", "n1"})
    assert set(part.nodes) == {"n0", "n1"}
    assert [edge.place for edge in part.edges] == [("n0.table", "n1.table")]


def test_other_settings_make_a_copy():
    graph = chain(1)
    assert graph.with_params("n0", mark=7).nodes["n0"].params == {"mark": 7}
    assert graph.nodes["n0"].params == {"mark": 0}


def test_a_drawing_is_frozen():
    with pytest.raises(FrozenInstanceError):
        chain(1).name = "other"
