"""The ends of a published graph: the datasets that a request may choose, and the results that it gets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

import msgspec

from designer.datasets.names import name_from
from designer.http.errors import Refusal
from pipelines import flow
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.module import Port
from pipelines.catalogue.params import ParamKind
from pipelines.catalogue.phrases import listed
from pipelines.catalogue.ports import TABLE

MOST_ENDS = 100
LONGEST_NAME = 64


class PublishedInput(msgspec.Struct, frozen=True):
    """A dataset that a request may choose: the node that loads it, its settings, and the dataset that is loaded without a choice."""

    node: str
    param: str
    version_param: Annotated[str | None, msgspec.Meta(description="The setting of its version, if there is one.")]
    dataset: str | None
    version: int | None


class PublishedResult(msgspec.Struct, frozen=True):
    """An output that a request gets. With `save_as`, it becomes a version of that dataset when the run is done."""

    name: str
    node: str
    port: str
    kind: str
    save_as: str | None = None


def inputs_of(graph: flow.Graph, asked: Mapping[str, str] | None) -> dict[str, PublishedInput]:
    """The inputs of a graph by name: those that are asked for as name and node, else every node that loads a dataset, by its id.

    A node whose dataset a parameter chooses is none: requests choose by that parameter.

    Raises:
        Refusal: 422 when a node loads no dataset.
    """
    found = dict(_loading(graph))
    if asked is None:
        return found
    chosen = {}
    for name, node in asked.items():
        if node not in found:
            words = f"The input “{name[:LONGEST_NAME]}” cannot be the node “{node[:LONGEST_NAME]}”, which loads no dataset that a request may choose."
            remedy = f"Name one of {listed([*found])}." if found else "Leave out the inputs: no node of the pipeline loads a dataset."
            raise Refusal(422, "not_an_input", words, remedy=remedy, field="inputs")
        chosen[name] = found[node]
    return chosen


def _loading(graph: flow.Graph) -> Iterator[tuple[str, PublishedInput]]:
    driven = {(node, param) for node, param, _ in flow.references(graph)}
    for node in graph.nodes.values():
        module = catalogue().modules.get(node.module)
        for param in module.params if module else ():
            if param.kind is ParamKind.DATASET and param.holds == TABLE and (node.id, param.name) not in driven:
                version = next((each.name for each in module.params if each.name == "version"), None) if module else None
                number = node.params.get(version) if version else None
                yield (
                    node.id,
                    PublishedInput(node.id, param.name, version, node.params.get(param.name), number if isinstance(number, int) else None),
                )


def results_of(graph: flow.Graph, asked: Sequence[Mapping[str, str]] | None) -> list[PublishedResult]:
    """The results of a graph: those that are asked for, else every output that no node reads.

    Raises:
        Refusal: 422 for an output that does not exist, a name that is given twice, or a dataset that cannot be made of it.
    """
    ports = {f"{node.id}.{port.name}": port.kind for node in graph.nodes.values() for port in _outputs(node.module)}
    if asked is None:
        read = {str(edge.source) for edge in graph.edges}
        asked = [{"output": end} for end in ports if end not in read]
    found: dict[str, PublishedResult] = {}
    for each in asked:
        end = each["output"]
        if end not in ports:
            words = f"The pipeline has no output “{end[:130]}”."
            raise Refusal(422, "unknown_output", words, remedy="Name a node and a port, such as score.table.", field="results")
        node, _, port = end.rpartition(".")
        name, save_as = each.get("name") or end, each.get("save_as") or None
        if name in found:
            raise Refusal(
                422, "result_twice", f"Two results have the name “{name}”.", remedy="Give each a name of its own.", field="results"
            )
        if save_as and ports[end] != TABLE:
            words = f"The result “{name}” is no table, so it cannot be saved as a dataset."
            raise Refusal(422, "not_a_table", words, remedy="Leave out save_as: the result can be downloaded.", field="results")
        if save_as and save_as != name_from(save_as):
            words = f"“{save_as[:60]}” is not a valid name of a dataset."
            raise Refusal(422, "bad_name", words, remedy=f"Use “{name_from(save_as)}”, for example.", field="results")
        found[name] = PublishedResult(name, node, port, ports[end], save_as)
    return [*found.values()]


def _outputs(module: str) -> Sequence[Port]:
    found = catalogue().modules.get(module)
    return found.outputs if found else ()


def asked_nodes(graph: flow.Graph, results: Sequence[PublishedResult]) -> list[str] | None:
    """The nodes that a run must be asked for so that every result is stored; None when that is so anyway, since nothing reads it."""
    read = {edge.source.node for edge in graph.edges}
    inner = {result.node for result in results} & read
    return sorted(inner | (graph.nodes.keys() - read)) if inner else None
