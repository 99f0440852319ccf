"""Reads a draft, the shared Yjs document, into a document's JSON."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pycrdt import Doc, Map

from pipelines.flow import Graph, Problem, UnsoundGraph, dump, read

END = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}\.[A-Za-z_][A-Za-z0-9_]{0,63}\Z")
EXACT = 2**53
UNTITLED = "Untitled"
Shared = Doc[Any]
Json = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """A draft as JSON and as the engine reads it, with its problems. It is shared: copy a part before changing it."""

    graph: Json
    drawing: Graph
    problems: tuple[Problem, ...]

    @classmethod
    def of(cls, candidate: Json, problems: Iterable[Problem]) -> Reading:
        """Read a document.

        Raises:
            UnsoundGraph: When it violates the format.
        """
        drawing = read(candidate)
        return cls(dump(drawing), drawing, tuple(problems))


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
    """Read a draft leniently: invalid parts are left out and reported as problems."""
    problems: list[Problem] = []
    nodes = _nodes(_items(doc, "nodes"), problems)
    candidate: Json = {
        "format": 1,
        "name": name_of(doc),
        "nodes": nodes,
        "edges": _edges(_items(doc, "edges"), problems),
        "parameters": _items(doc, "parameters"),
        "frames": _listed(_items(doc, "frames")),
        "notes": _listed(_items(doc, "notes")),
        "execution": execution_of(doc),
    }
    return _fitting(candidate, problems)


def _fitting(candidate: Json, problems: list[Problem]) -> Reading:
    """Leave out parts that the format rejects; two passes suffice, since leaving out makes nothing else invalid."""
    for _ in range(3):
        candidate["edges"] = _anchored(candidate["edges"], candidate["nodes"], problems)
        try:
            return Reading.of(candidate, problems)
        except UnsoundGraph as unfit:
            problems += unfit.problems
            _leave_out(candidate, unfit.problems)
    return Reading.of({"name": candidate["name"]}, problems)


def _leave_out(candidate: Json, problems: Iterable[Problem]) -> None:
    nodes: Json = candidate["nodes"]
    for problem in problems:
        if problem.node in nodes and problem.param in nodes[problem.node]["params"]:
            del nodes[problem.node]["params"][problem.param]
        elif problem.node in nodes and problem.code == "bad_execution":
            nodes[problem.node].pop("execution", None)
        elif problem.node in nodes:
            del nodes[problem.node]
        elif problem.key in ("parameters", "frames", "notes", "execution"):
            candidate[problem.key] = type(candidate[problem.key])()


def _items(doc: Shared, name: str) -> Json:
    return {str(key): plain(value) for key, value in (root(doc, name).to_py() or {}).items()}


def _nodes(found: Json, problems: list[Problem]) -> Json:
    nodes = {}
    for id, node in sorted(found.items()):
        if not END.match(f"{id}.x") or not isinstance(node, dict) or not isinstance(node.get("module"), str):
            problems.append(Problem("bad_node", f"Node {id[:64]} is not as the format says, and was left out.", node=id[:64]))
            continue
        params, position = node.get("params"), node.get("position")
        fit: Json = {"module": node["module"], "params": params if isinstance(params, dict) else {}}
        fit["position"] = position if _is_position(position) else [0, 0]
        for key in ("title", "comment"):
            if isinstance(words := node.get(key), str) and words and _is_text(words):
                fit[key] = words[:10_000]
        if isinstance(execution := node.get("execution"), dict) and execution:
            fit["execution"] = execution
        nodes[id] = fit
    return nodes


def _edges(found: Json, problems: list[Problem]) -> list[list[str]]:
    edges = set()
    for key, pair in found.items():
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(end, str) and END.match(end) for end in pair):
            edges.add((pair[0], pair[1]))
        else:
            problems.append(Problem("bad_edge", f"The edge {key[:130]} is not as the format says, and was left out."))
    return [list(edge) for edge in sorted(edges)]


def _anchored(edges: list[list[str]], nodes: Json, problems: list[Problem]) -> list[list[str]]:
    """The edges whose nodes exist: one user may remove a node while another connects it."""
    kept = []
    for source, target in edges:
        gone = [end.partition(".")[0] for end in (source, target) if end.partition(".")[0] not in nodes]
        if gone:
            words = f"The edge from {source} to {target} was left out: {gone[0]} is not there."
            problems.append(Problem("dangling_edge", words, node=gone[0], edge=(source, target), severity="warning"))
        else:
            kept.append([source, target])
    return kept


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
            f"Node {id}: setting {name} holds a whole number beyond 53 bits, which browsers cannot hold exactly.",
            node=id,
            param=name,
            remedy="Use a smaller number.",
        )
        for id, node in graph["nodes"].items()
        for name, value in node["params"].items()
        if _has_huge(value)
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


def _is_position(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(
            isinstance(number, int | float) and not isinstance(number, bool) and math.isfinite(number) and abs(number) < 1e9
            for number in value
        )
    )


def _is_text(text: str) -> bool:
    """Whether databases can store it."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
