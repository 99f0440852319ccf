"""The names of nodes in sentences."""

from __future__ import annotations

from pipelines.catalogue.discover import catalogue
from pipelines.graph.model import Node
from pipelines.validation.naming import called


def test_a_node_is_called_by_its_title_its_module_or_its_id():
    module = catalogue().modules["transform.sort_rows"]
    assert called(Node("a", module.id, title="Mine"), module) == "Mine"
    assert called(Node("a", module.id), module) == "Sort Rows"
    assert called(Node("a", "gone.module"), None) == "a"
