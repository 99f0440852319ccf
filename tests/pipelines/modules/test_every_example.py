"""The example on every module's help page is sound, shows the module, and runs."""

import json
from functools import cache

import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.example import example
from pipelines.catalogue.help import help_of
from pipelines.graph import codec
from pipelines.graph.shape import Shape
from pipelines.validation import find_problems
from tests.support.module_runner import missing, run

MODULES = [module for id, module in sorted(catalogue().modules.items()) if not id.startswith("trial.")]
every_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.id)


@cache
def result(key):
    """What a node gives: examples share their first steps."""
    id, params, feeds = json.loads(key)
    arriving = {}
    for source, output, port in feeds:
        arriving.setdefault(port, []).append(result(source)[output])
    return run(id, params, **arriving)


@every_module
def test_its_page_says_when_to_use_it(module):
    assert module.when.endswith("."), "the docstring has a section “When to use”"


@every_module
def test_its_example_runs(module):
    document = example(module.id)
    if document is None:
        assert help_of(module.id).no_example.endswith(".")
        return
    graph = codec.load(document)
    problems = find_problems(graph, catalogue())
    assert [problem for problem in problems if problem.code not in ("extra_missing", "needs_unfinished")] == []
    used = [node.module for node in graph.nodes.values()]
    assert module.id in used
    if not all(catalogue().modules[id].is_installed for id in used):
        pytest.skip(missing(module))
    assert problems == []
    keys = {}
    for id in Shape.of(graph).order():
        feeds = [(keys[edge.source.node], edge.source.port, edge.target.port) for edge in graph.edges if edge.target.node == id]
        keys[id] = json.dumps([graph.nodes[id].module, dict(graph.nodes[id].params), feeds], sort_keys=True)
        assert result(keys[id]).keys() == {port.name for port in catalogue().modules[graph.nodes[id].module].outputs}
