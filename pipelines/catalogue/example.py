"""Runnable examples: the document of a small pipeline for each module, made of its ports and of the section `Example` of its docstring.

A line of that section is `NAME: VALUE`, where NAME is
- a setting; VALUE is JSON;
- an input port; VALUE says where its values come from: the id of a module, with the port if it is not the first that fits
  (`transform.split_data.second`), several ids with commas, or JSON such as {"data.dataset": {"dataset": "movies"}};
- the id of another module of the example; VALUE is JSON of its settings and ports;
- `in`; VALUE is the id of the module whose example shows this one;
- `none`; VALUE says in a sentence why there is no example: the module needs what sample data cannot give.
Ports without a line get what the example of their kind gives.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.kind import kinds
from pipelines.catalogue.module import Module
from pipelines.graph import codec
from pipelines.graph.layout import with_positions

IN, NONE = "in", "none"


@cache
def example(id: str) -> dict[str, Any] | None:
    """Return the document of a module's example, laid out; a caller must not change it. None where the module says that it has none."""
    module = catalogue().modules[id]
    own = lines(module)
    if NONE in own:
        return None
    shown_in = own.get(IN) or next((kinds()[port.kind].shown_in for port in module.outputs[:1]), "")
    drawing = Drawing(module, module.outputs[0].kind if shown_in else "")
    if shown_in:
        drawing.others |= _of_others(lines(catalogue().modules[shown_in]))
    drawing.others |= _of_others(own)
    drawing.node(shown_in or id)
    document = {"format": 1, "name": f"{module.title} (example)", "nodes": drawing.nodes, "edges": drawing.edges}
    return codec.dump(with_positions(codec.load(document)))


def lines(module: Module) -> dict[str, Any]:
    """Return what a module says of its example, by name."""
    found = {}
    for line in module.example.splitlines():
        name, _, value = line.partition(":")
        if line.strip():
            found[name.strip()] = _value(module, name.strip(), value.strip())
    return found


def _value(module: Module, name: str, text: str) -> Any:
    if text.startswith("{") or module.param(name):
        return json.loads(text)
    if module.input(name) or name in (IN, NONE):
        return text
    raise ValueError(f"{module.id}: the line “{name}” of its example is unknown: it must name a setting, an input port or a module.")


def _of_others(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if "." in name}


@dataclass
class Drawing:
    """A document that grows from a module back to the data; equal nodes are one node.

    Args:
        subject: The module that the example is of.
        instead: The kind that the subject gives wherever a module needs a value of it.
        others: What the example says of other modules, by their ids.
    """

    subject: Module
    instead: str = ""
    others: dict[str, Any] = field(default_factory=dict)
    nodes: dict[str, Any] = field(default_factory=dict)
    edges: list[list[str]] = field(default_factory=list)
    _made: dict[str, str] = field(default_factory=dict)

    def node(self, id: str, given: Mapping[str, Any] | None = None) -> str:
        """Draw a module with what feeds it; returns the name of its node."""
        module = catalogue().modules[id]
        own = {name: value for name, value in lines(module).items() if name != IN and "." not in name}
        said = own | self.others.get(id, {}) | dict(given or {})
        feeds = [(source, port.name) for port in module.inputs for source in self._sources(module, port.name, said)]
        params = {name: value for name, value in said.items() if module.param(name)}
        key = json.dumps([id, params, feeds], sort_keys=True)
        if key not in self._made:
            name = self._made[key] = self._unused(id.rpartition(".")[2])
            self.nodes[name] = {"module": id, "params": params, "position": [0, 0]}
            self.edges += [[source, f"{name}.{port}"] for source, port in feeds]
        return self._made[key]

    def _sources(self, module: Module, port: str, said: Mapping[str, Any]) -> Iterator[str]:
        """The output ports that feed an input port."""
        declared = module.input(port)
        assert declared is not None
        wanted = said.get(port) or ("" if declared.optional else self._of_kind(module, declared.kind))
        asked = wanted.items() if isinstance(wanted, Mapping) else ((each.strip(), {}) for each in wanted.split(",") if each.strip())
        for place, given in asked:
            id, output = (place.rpartition(".")[0], place.rpartition(".")[2]) if place.count(".") > 1 else (place, "")
            fitting = (each.name for each in catalogue().modules[id].outputs if each.kind == declared.kind)
            yield f"{self.node(id, given)}.{output or next(fitting)}"

    def _of_kind(self, module: Module, kind: str) -> str:
        """What gives a value of a kind: the module that the example is of, where it does."""
        return self.subject.id if kind == self.instead and module is not self.subject else kinds()[kind].example

    def _unused(self, name: str) -> str:
        return next(each for each in (name, *(f"{name}_{number}" for number in range(2, 99))) if each not in self.nodes)
