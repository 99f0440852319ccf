"""Reads a draft, the shared Yjs document, into a document's JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pycrdt import Doc, Map

from pipelines.flow import Graph, Problem, UnsoundGraph, dangling_groups, dump, read

EXACT = 2**53
PASSES = 6  # the format, what it finds in the parts it read only then, references to what does not exist, those to what went with it, and the result
UNTITLED = "Untitled"
Shared = Doc[Any]
Json = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """A draft as JSON and as the engine reads it, with its problems. It is shared: copy a part before changing it."""

    graph: Json
    drawing: Graph
    problems: tuple[Problem, ...]


def root(doc: Shared, name: str) -> Map[Any]:
    """One of the document's top-level maps."""
    found: Map[Any] = doc.get(name, type=Map)
    return found


def name_of(doc: Shared) -> str:
    """The pipeline's name; a default for an invalid value."""
    name = root(doc, "meta").to_py() or {}
    text = name.get("name")
    return text[:200] if isinstance(text, str) and text.strip() and _is_text(text) else UNTITLED


def execution_of(doc: Shared) -> Json:
    """The pipeline's default execution settings, for nodes without their own."""
    execution = (root(doc, "meta").to_py() or {}).get("execution")
    return plain(execution) if isinstance(execution, dict) else {}


def to_json(doc: Shared) -> Reading:
    """Read a draft leniently: whatever the format rejects is left out, and reported as a problem."""
    candidate: Json = {
        "format": 1,
        "name": name_of(doc),
        "nodes": dict(sorted(_items(doc, "nodes").items())),
        "edges": [pair for _, pair in sorted(_items(doc, "edges").items())],
        "parameters": dict(sorted(_items(doc, "parameters").items())),
        "frames": _listed(_items(doc, "frames")),
        "notes": _listed(_items(doc, "notes")),
        "execution": execution_of(doc),
        "groups": dict(sorted(_items(doc, "groups").items())),
        "presets": dict(sorted(_items(doc, "presets").items())),
    }
    problems: list[Problem] = []
    for _ in range(PASSES):
        try:
            drawing = read(candidate)
        except UnsoundGraph as unsound:
            found = tuple(replace(problem, words=f"{problem.words} It is left out.") for problem in unsound.problems)
        else:
            found = tuple(_dangling(drawing))
            if not found:
                return Reading(dump(drawing), drawing, tuple(problems))
        problems += found
        _leave_out(candidate, found)
    drawing = read({"name": candidate["name"]})
    return Reading(dump(drawing), drawing, tuple(problems))


def _dangling(graph: Graph) -> Iterator[Problem]:
    """Edges whose nodes do not exist: one user may remove a node while another connects it."""
    for edge in graph.edges:
        gone = [end.node for end in (edge.source, edge.target) if end.node not in graph.nodes]
        if gone:
            words = f"The connection from {edge.source} to {edge.target} was left out: {gone[0]} does not exist."
            yield Problem("dangling_edge", words, node=gone[0], edge=edge.place, severity="warning")
    for problem in dangling_groups(graph):
        yield replace(problem, words=f"{problem.words} It is left out.", severity="warning", remedy=None)


def _leave_out(candidate: Json, problems: Sequence[Problem]) -> None:
    nodes, edges = candidate["nodes"], candidate["edges"]
    broken = {problem.key for problem in problems}
    candidate["edges"] = [pair for at, pair in enumerate(edges) if f"edges.{at}" not in broken]
    for problem in problems:
        node = nodes.get(problem.node)
        if problem.edge:
            candidate["edges"].remove([*problem.edge])
        elif isinstance(node, dict) and problem.key:
            node.pop(problem.key, None)
        elif isinstance(node, dict) and problem.param in node.get("params", ()):
            del node["params"][problem.param]
        elif problem.node is not None:
            nodes.pop(problem.node, None)
        elif problem.key in candidate:
            del candidate[problem.key]
        elif problem.key:
            _remove(candidate, problem.key.split(".", 3))


def _remove(held: Any, place: Sequence[str]) -> None:
    """Remove a value inside objects, and nothing when an earlier problem has removed it already."""
    *within, last = place
    for key in within:
        held = held.get(key) if isinstance(held, dict) else None
    if isinstance(held, dict):
        held.pop(last, None)


def _items(doc: Shared, name: str) -> Json:
    return {str(key): plain(value) for key, value in (root(doc, name).to_py() or {}).items()}


def _listed(found: Json) -> list[Json]:
    return [{**value, "id": id} for id, value in sorted(found.items()) if isinstance(value, dict)]


def plain(value: Any) -> Any:
    """A Yjs value as JSON data: JavaScript has one number type, so integral floats become ints again."""
    match value:
        case float() if value.is_integer() and abs(value) < EXACT:
            return int(value)
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
    return value


def unholdable(graph: Json) -> list[Problem]:
    """Numbers of a document that a browser cannot represent exactly."""
    return [
        Problem(
            "bad_value",
            f"Node {id}: setting {name} is a whole number beyond 53 bits, which browsers cannot store exactly.",
            node=id,
            param=name,
            remedy="Use a smaller number.",
        )
        for id, node in graph["nodes"].items()
        for name, value in node["params"].items()
        if _has_huge(value)
    ] + [
        Problem(
            "bad_value",
            f"{called} {name} has a whole number beyond 53 bits, which browsers cannot store exactly.",
            key=f"{key}.{name}",
            remedy="Use a smaller number.",
        )
        for key, called in (("parameters", "Parameter"), ("presets", "Preset"))
        for name, held in graph.get(key, {}).items()
        if _has_huge(held)
    ]


def _has_huge(value: Any) -> bool:
    match value:
        case bool():
            return False
        case int():
            return abs(value) > EXACT
        case dict():
            return any(_has_huge(item) for item in value.values())
        case list():
            return any(_has_huge(item) for item in value)
    return False


def _is_text(text: str) -> bool:
    """Whether databases can store it."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
