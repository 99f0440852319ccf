"""Graph from and to JSON; reading reports every place that does not follow the format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipelines.graph import parameters, presets, run_options
from pipelines.graph.json_shapes import ID, is_endpoint, is_group, is_position, is_text, short, trouble_of
from pipelines.graph.layout import with_positions
from pipelines.graph.model import FORMAT, Edge, Endpoint, Graph, Group, Node, Origin, Promoted, in_order
from pipelines.graph.problem import Problem, UnsoundGraph

MODULE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+\Z")
COMPONENT = re.compile(r"[a-z0-9]{1,64}\Z")
MOST_NODES = 20_000
MOST_EDGES = 100_000
MOST_GROUPS = 2_000
MOST_PROMOTED = 200
KEYS = frozenset({"format", "name", "nodes", "edges", "parameters", "frames", "notes", "execution", "groups", "presets"})
NODE_KEYS = frozenset({"module", "params", "position", "title", "comment", "execution", "group"})
GROUP_KEYS = frozenset({"title", "position", "group", "promoted", "component"})


def dump(graph: Graph) -> dict[str, Any]:
    """Serialize a graph to a document, as JSON data."""
    document = {
        "format": FORMAT,
        "name": graph.name,
        "nodes": {id: _dump_node(node) for id, node in graph.nodes.items()},
        "edges": [list(edge.place) for edge in graph.edges],
        "parameters": dict(graph.parameters),
        "frames": list(graph.frames),
        "notes": list(graph.notes),
    }
    if graph.execution:
        document["execution"] = dict(graph.execution)
    if graph.groups:
        document["groups"] = {id: _dump_group(group) for id, group in graph.groups.items()}
    if graph.presets:
        document["presets"] = {name: dict(values) for name, values in graph.presets.items()}
    return document


def _dump_node(node: Node) -> dict[str, Any]:
    data: dict[str, Any] = {"module": node.module, "params": dict(node.params), "position": list(node.position)}
    if node.title:
        data["title"] = node.title
    if node.comment:
        data["comment"] = node.comment
    if node.execution:
        data["execution"] = dict(node.execution)
    if node.group:
        data["group"] = node.group
    return data


def _dump_group(group: Group) -> dict[str, Any]:
    data: dict[str, Any] = {"title": group.title, "position": list(group.position)}
    if group.group:
        data["group"] = group.group
    if group.promoted:
        data["promoted"] = {name: {"node": each.node, "param": each.param} for name, each in group.promoted.items()}
    if group.component:
        data["component"] = {"id": group.component.id, "version": group.component.version, "parts": dict(group.component.parts)}
    return data


def load(data: object) -> Graph:
    """Parse a document; nodes of a document without any positions are laid out.

    Args:
        data: Any value that a JSON parser returned.

    Raises:
        UnsoundGraph: With a problem for every place that does not follow the format.
    """
    problems = list(_unreadable(data))
    if problems or not isinstance(data, dict):
        raise UnsoundGraph(problems)
    graph = Graph(
        name=data.get("name", "Untitled"),
        nodes={id: _node(id, node) for id, node in data.get("nodes", {}).items()},
        edges=in_order(_edge(pair) for pair in data.get("edges", [])),
        parameters=data.get("parameters", {}),
        frames=tuple(data.get("frames", [])),
        notes=tuple(data.get("notes", [])),
        execution=data.get("execution") or {},
        groups={id: _group(id, group) for id, group in data.get("groups", {}).items()},
        presets=data.get("presets", {}),
    )
    return graph if any("position" in node for node in data.get("nodes", {}).values()) else with_positions(graph)


def _node(id: str, data: dict[str, Any]) -> Node:
    x, y = data.get("position", (0, 0))
    return Node(
        id=id,
        module=data["module"],
        params=data.get("params", {}),
        position=(float(x), float(y)),
        title=data.get("title") or None,
        comment=data.get("comment") or None,
        execution=data.get("execution") or {},
        group=data.get("group") or None,
    )


def _group(id: str, data: dict[str, Any]) -> Group:
    x, y = data.get("position", (0, 0))
    promoted = {name: Promoted(**each) for name, each in data.get("promoted", {}).items()}
    component = Origin(**data["component"]) if data.get("component") else None
    return Group(id, data.get("title", id), (float(x), float(y)), data.get("group") or None, promoted, component)


def _edge(pair: list[str]) -> Edge:
    source, target = (Endpoint(*text.split(".", 1)) for text in pair)
    return Edge(source, target)


def _unreadable(data: object) -> Iterator[Problem]:
    if not isinstance(data, dict):
        yield Problem("document_not_object", "A pipeline document must be a JSON object.")
        return
    if data.get("format", FORMAT) != FORMAT or isinstance(data.get("format"), bool):
        yield Problem(
            "unknown_format",
            f"The document's format is {short(data['format'])}; this version of Easel reads format {FORMAT}.",
            remedy="Open it with the version of Easel that saved it, or a newer one.",
        )
        return
    for key in sorted(str(key) for key in data.keys() - KEYS):
        yield Problem("unknown_key", f"The document has an unknown key {short(key)}.", remedy="Remove it.", key=key)
    if not is_text(data.get("name", ""), 200):
        yield Problem("bad_name", "The name of a pipeline must be text of at most 200 characters.", key="name")
    for unfit in run_options.errors(data.get("execution", {})):
        yield Problem("bad_execution", f"The document's execution: {unfit}.", remedy="Change the value, or remove it.", key="execution")
    yield from _unreadable_nodes(data.get("nodes", {}))
    yield from _unreadable_edges(data.get("edges", []))
    yield from _unreadable_groups(data.get("groups", {}))
    yield from parameters.unreadable(data.get("parameters", {}))
    yield from presets.unreadable(data.get("presets", {}))
    for key in ("parameters", "presets", "frames", "notes"):
        if key in ("frames", "notes") and not isinstance(data.get(key, []), list):
            yield Problem(f"bad_{key}", f"The document's {key} must be a list.", key=key)
        elif trouble := trouble_of(data.get(key)):
            yield Problem("bad_value", f"The document's {key} contain {trouble}.", key=key)


def _unreadable_nodes(nodes: object) -> Iterator[Problem]:
    if not isinstance(nodes, dict):
        yield Problem("bad_nodes", "The document's nodes must be an object of ids and nodes.")
        return
    if len(nodes) > MOST_NODES:
        yield Problem("too_many_nodes", f"The document has {len(nodes):,} nodes; the maximum is {MOST_NODES:,}.")
        return
    for id, node in nodes.items():
        yield from _unreadable_node(id, node)


def _unreadable_node(id: object, node: object) -> Iterator[Problem]:
    if not isinstance(id, str) or not ID.match(id):
        yield Problem(
            "bad_node_id",
            f"{short(id)} is not a valid node id.",
            node=id if isinstance(id, str) else None,
            remedy="Use letters, digits and underscores, at most 64, not starting with a digit.",
        )
        return
    if not isinstance(node, dict):
        yield Problem("bad_node", f"Node {id} must be an object.", node=id)
        return
    for key in sorted(str(key) for key in node.keys() - NODE_KEYS):
        yield Problem("unknown_key", f"Node {id} has an unknown key {short(key)}.", node=id, remedy="Remove it.", key=key)
    module = node.get("module")
    if not isinstance(module, str) or not MODULE.match(module):
        yield Problem("bad_module", f"Node {id} must name its module, such as transform.split_data.", node=id)
    params = node.get("params", {})
    if not isinstance(params, dict):
        yield Problem("bad_params", f"Node {id}: settings must be an object of names and values.", node=id, key="params")
    else:
        for name, value in params.items():
            if trouble := trouble_of(name) or trouble_of(value):
                yield Problem("bad_value", f"Node {id}: setting {short(name)} contains {trouble}.", node=id, param=name)
    if not is_position(node.get("position", [0, 0])):
        yield Problem("bad_position", f"Node {id}: the position must be two numbers.", node=id, key="position")
    for key in ("title", "comment"):
        if node.get(key) is not None and not is_text(node[key], 10_000):
            yield Problem(f"bad_{key}", f"Node {id}: the {key} must be text of at most 10,000 characters.", node=id, key=key)
    for trouble in run_options.errors(node.get("execution", {})):
        yield Problem("bad_execution", f"Node {id}: {trouble}.", node=id, remedy="Change the value, or remove it.", key="execution")
    if not is_group(node.get("group")):
        yield Problem("bad_group", f"Node {id}: the group must be the id of a sub-pipeline.", node=id, key="group")


def _unreadable_edges(edges: object) -> Iterator[Problem]:
    if not isinstance(edges, list):
        yield Problem("bad_edges", 'The document\'s edges must be a list of pairs ["node.port", "node.port"].')
        return
    if len(edges) > MOST_EDGES:
        yield Problem("too_many_edges", f"The document has {len(edges):,} edges; the maximum is {MOST_EDGES:,}.")
        return
    seen: set[tuple[str, str]] = set()
    for index, pair in enumerate(edges):
        if not (isinstance(pair, list) and len(pair) == 2 and all(is_endpoint(end) for end in pair)):
            yield Problem(
                "bad_edge", f'Edge {index + 1} must be a pair ["node.port", "node.port"], not {short(pair)}.', key=f"edges.{index}"
            )
        elif (place := (pair[0], pair[1])) in seen:
            yield Problem(
                "duplicate_edge", f"The edge from {place[0]} to {place[1]} occurs twice.", edge=place, remedy="Remove one of them."
            )
        else:
            seen.add(place)


def _unreadable_groups(groups: object) -> Iterator[Problem]:
    if not isinstance(groups, dict):
        yield Problem("bad_groups", "The document's groups must be an object of ids and sub-pipelines.", key="groups")
        return
    if len(groups) > MOST_GROUPS:
        yield Problem("too_many_groups", f"The document has {len(groups):,} sub-pipelines; the maximum is {MOST_GROUPS:,}.", key="groups")
        return
    for id, group in groups.items():
        if trouble := _group_trouble(id, group):
            yield Problem("bad_group", f"Sub-pipeline {short(id)}: {trouble}.", key=f"groups.{id}")


def _group_trouble(id: object, group: object) -> str | None:
    """Return the first thing that does not follow the format, as the end of a sentence."""
    if not isinstance(id, str) or not ID.match(id):
        return "its id must be of letters, digits and underscores, at most 64, not starting with a digit"
    if not isinstance(group, dict):
        return "it must be an object"
    if unknown := sorted(str(key) for key in group.keys() - GROUP_KEYS):
        return f"it has an unknown key {short(unknown[0])}"
    if not is_text(group.get("title", ""), 200):
        return "the title must be text of at most 200 characters"
    if not is_position(group.get("position", [0, 0])):
        return "the position must be two numbers"
    if not is_group(group.get("group")):
        return "the group that it is nested in must be the id of a sub-pipeline"
    promoted = group.get("promoted", {})
    if not isinstance(promoted, dict) or len(promoted) > MOST_PROMOTED or not all(map(_is_promoted, promoted, promoted.values())):
        return f'the promoted settings must be an object of at most {MOST_PROMOTED} names and {{"node", "param"}}'
    if not _is_component(group.get("component")):
        return 'its component must be {"id", "version"}, and "parts" an object of ids here and in the component'
    return None


def _is_promoted(name: object, value: object) -> bool:
    named = is_text(name, 100) and isinstance(value, dict) and value.keys() == {"node", "param"}
    return named and isinstance(value, dict) and all(isinstance(part, str) and ID.match(part) for part in value.values())


def _is_component(value: object) -> bool:
    if not isinstance(value, dict):
        return value is None
    id, version, parts = value.get("id"), value.get("version"), value.get("parts", {})
    known = {"id", "version"} <= value.keys() <= {"id", "version", "parts"} and isinstance(id, str) and COMPONENT.match(id) is not None
    numbered = isinstance(version, int) and not isinstance(version, bool) and 1 <= version <= 2**31 - 1
    return (
        known
        and numbered
        and isinstance(parts, dict)
        and all(isinstance(each, str) and ID.match(each) for pair in parts.items() for each in pair)
    )
