"""Sub-pipelines: what they refer to exists, none is before and after the same card, and folding changes nothing about what runs."""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.compilation import compile
from pipelines.graph import codec, groups
from pipelines.graph.model import Group, Promoted
from pipelines.graph.shape import Shape
from tests.support.graph_builder import chain, codes, draw

CASES = json.loads((Path(__file__).parent / "sub_pipelines.json").read_text())


def folded(graph, chosen, id="folded", within=None):
    """The graph with some cards of a level in a new sub-pipeline."""
    nodes = {node.id: replace(node, group=id) if node.id in chosen else node for node in graph.nodes.values()}
    nested = {each.id: replace(each, group=id) if each.id in chosen else each for each in graph.groups.values()}
    return replace(graph, nodes=nodes, groups={**nested, id: Group(id, "Folded", (1.0, 2.0), within)})


def unfolded(graph, id):
    """The graph without a sub-pipeline, whose cards are again where it was."""
    within = graph.groups[id].group
    nodes = {node.id: replace(node, group=within) if node.group == id else node for node in graph.nodes.values()}
    kept = {each.id: replace(each, group=within) if each.group == id else each for each in graph.groups.values() if each.id != id}
    return replace(graph, nodes=nodes, groups=kept)


def case_graph(case):
    ids = {end.split(".")[0] for edge in case["edges"] for end in edge}
    nodes = {id: {"module": "trial.pass_on", **({"group": case["members"][id]} if id in case["members"] else {})} for id in ids}
    return codec.load({"nodes": nodes, "edges": case["edges"], "groups": case["groups"]})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_the_cases_that_the_canvas_is_tested_with(case):
    graph = case_graph(case)
    found = [problem.node for problem in groups.looped(graph)]
    assert found == case["looped"]
    if not found and case["between"]:
        assert codes(groups.looped(folded(graph, case["chosen"], within=case["level"]))) == ["split_group"]


def random_graph(draws):
    size = draws.randint(3, 16)
    needs = [draws.sample(range(index), min(index, draws.randint(0, 3))) for index in range(size)]
    nodes = {f"n{index}": ("trial.gather" if need else ("data.enter_data", {"text": f"a\n{index}"})) for index, need in enumerate(needs)}
    graph = draw(nodes, *(f"n{source}.table n{index}.tables" for index, need in enumerate(needs) for source in need))
    groups = {"around": Group("around", "Around")} if draws.random() < 0.5 else {}
    return replace(graph, groups=groups, nodes={id: replace(node, group="around" if groups else None) for id, node in graph.nodes.items()})


def convex(graph, draws):
    """Some nodes with all that is between them."""
    shape = Shape.of(graph)
    some = set(draws.sample(list(graph.nodes), draws.randint(1, len(graph.nodes) - 1)))
    return some | (shape.downstream(some) & shape.upstream(some))


def test_fold_and_unfold_of_a_thousand_convex_selections():
    """The document is the same again, and the folded one is the same plan: every result is found in the cache."""
    draws = random.Random(12)
    for _ in range(1000):
        graph = random_graph(draws)
        chosen = convex(graph, draws)
        one = codec.load(codec.dump(folded(graph, chosen, within="around" if graph.groups else None)))
        assert not list(groups.looped(one)) and not list(groups.dangling(one))
        assert groups.members(one, "folded") == chosen
        assert compile(one, catalogue(), {}) == compile(graph, catalogue(), {})
        assert codec.dump(unfolded(one, "folded")) == codec.dump(graph)


def test_what_refers_to_nothing_is_named_with_the_key_to_leave_out():
    graph = chain(2)
    graph = replace(
        graph, nodes={**graph.nodes, "n0": replace(graph.nodes["n0"], group="gone"), "n1": replace(graph.nodes["n1"], group="g")}
    )
    nested = {
        "g": Group("g", "G", promoted={"Mark": Promoted("n1", "mark"), "a.b": Promoted("n0", "mark")}),
        "loop": Group("loop", "Loop", group="loop"),
        "far": Group("far", "Far", group="nowhere"),
        "source": Group("source", "Source"),
    }
    found = list(groups.dangling(replace(graph, groups=nested)))
    assert [(problem.node, problem.key) for problem in found] == [
        ("n0", "group"),
        (None, "groups.g.promoted.a.b"),
        (None, "groups.loop.group"),
        (None, "groups.far.group"),
        (None, "groups.source"),
    ]


def test_five_levels_are_the_most():
    nested = {f"g{at}": Group(f"g{at}", f"G{at}", group=f"g{at - 1}" if at else None) for at in range(6)}
    deep = replace(chain(1), groups=nested)
    assert [problem.key for problem in groups.dangling(deep)] == ["groups.g5.group"]
    assert groups.path(deep, "g2") == ["g0", "g1", "g2"]
