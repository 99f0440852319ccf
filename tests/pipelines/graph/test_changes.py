"""Changed steps: what computes something else, and nothing that only looks so."""

from __future__ import annotations

from dataclasses import replace

from pipelines.graph.changes import changed_steps
from pipelines.graph.model import Graph
from tests.support.graph_builder import TABLE, chain, draw


def test_what_only_looks_changed_is_not() -> None:
    graph = chain(2)
    moved = {id: replace(node, position=(9.0, 9.0), title="Other", comment="Why", group="fold") for id, node in graph.nodes.items()}
    assert changed_steps(replace(graph, nodes=moved, name="Renamed", notes=("note",)), graph) == []


def test_settings_modules_inputs_and_run_options_count_and_so_do_new_and_gone_steps() -> None:
    graph = draw({"source": TABLE, "a": "trial.pass_on", "b": "trial.pass_on"}, "source.table a.table", "a.table b.table")
    assert changed_steps(graph.with_params("a", mark=3), graph) == ["a"]
    assert changed_steps(replace(graph, edges=graph.edges[:1]), graph) == ["b"]
    assert changed_steps(replace(graph, execution={"retries": 2}), graph) == ["a", "b", "source"]
    assert changed_steps(graph.only(["source", "a"]), graph) == ["b"] and changed_steps(graph, graph.only(["source", "a"])) == ["b"]
    assert changed_steps(graph, Graph()) == ["a", "b", "source"]


def test_only_what_leads_to_a_step() -> None:
    graph = draw(
        {"source": TABLE, "used": "trial.pass_on", "beside": "trial.pass_on"}, "source.table used.table", "source.table beside.table"
    )
    assert changed_steps(graph.with_params("beside", mark=3), graph, to="used") == []
    assert changed_steps(graph.with_params("source", text="x\n2"), graph, to="used") == ["source"]
    assert changed_steps(graph.only(["source"]), graph, to="used") == ["used"]
