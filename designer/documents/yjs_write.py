"""Writes a document's JSON into a draft: only the differences, so that concurrent edits survive."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from pycrdt import Map

from designer.documents.yjs_read import Json, Shared, plain, root


def write(doc: Shared, graph: Json) -> None:
    """Write a document into the draft, changing only the differences, so that others' edits and undo history survive."""
    with doc.transaction():
        _set(root(doc, "meta"), "name", graph["name"])
        if graph.get("execution") or "execution" in root(doc, "meta"):
            _set(root(doc, "meta"), "execution", graph.get("execution", {}))
        _write_nodes(root(doc, "nodes"), graph["nodes"])
        _fill(root(doc, "edges"), {f"{source}->{target}": [source, target] for source, target in graph["edges"]})
        _fill(root(doc, "parameters"), graph["parameters"])
        _fill(root(doc, "frames"), _by_id(graph["frames"]))
        _fill(root(doc, "notes"), _by_id(graph["notes"]))
        _write_groups(root(doc, "groups"), graph.get("groups", {}))
        _fill(root(doc, "presets"), graph.get("presets", {}))


def rename(doc: Shared, name: str) -> None:
    """Rename the draft."""
    _set(root(doc, "meta"), "name", name)


def set_component(doc: Shared, group: str, origin: Json) -> None:
    """Set the component of a sub-pipeline, if it is there still."""
    shared = root(doc, "groups").get(group)
    if isinstance(shared, Map):
        _set(shared, "component", origin)


def _write_nodes(shared: Map[Any], nodes: Mapping[str, Json]) -> None:
    for id in set(shared.keys()) - nodes.keys():
        del shared[id]
    for id, node in nodes.items():
        there = shared.get(id)
        if isinstance(there, Map):
            _write_node(there, node)
        else:
            shared[id] = Map({**node, "params": Map(dict(node["params"])), "position": list(node["position"])})


def _write_node(shared: Map[Any], node: Json) -> None:
    params = shared.get("params")
    if isinstance(params, Map):
        _fill(params, node["params"])
    else:
        shared["params"] = Map(dict(node["params"]))
    for key in ("module", "position", "title", "comment", "execution", "group"):
        if key in node:
            _set(shared, key, node[key])
        elif key in shared:
            del shared[key]


def _write_groups(shared: Map[Any], groups: Mapping[str, Json]) -> None:
    for id in set(shared.keys()) - groups.keys():
        del shared[id]
    for id, group in groups.items():
        there = shared.get(id)
        if isinstance(there, Map):
            _write_group(there, group)
        else:
            shared[id] = Map({**group, "promoted": Map(dict(group.get("promoted", {}))), "position": list(group["position"])})


def _write_group(shared: Map[Any], group: Json) -> None:
    promoted = shared.get("promoted")
    if isinstance(promoted, Map):
        _fill(promoted, group.get("promoted", {}))
    else:
        shared["promoted"] = Map(dict(group.get("promoted", {})))
    for key in ("title", "position", "group", "component"):
        if key in group:
            _set(shared, key, group[key])
        elif key in shared:
            del shared[key]


def _fill(shared: Map[Any], wanted: Mapping[str, Any]) -> None:
    for key in set(shared.keys()) - wanted.keys():
        del shared[key]
    for key, value in wanted.items():
        _set(shared, key, value)


def _set(shared: Map[Any], key: str, value: Any) -> None:
    there = shared.get(key)
    if key not in shared or isinstance(there, Map) or not _same(plain(there), plain(value)):
        shared[key] = value


def _same(one: Any, other: Any) -> bool:
    """Equality in JSON terms: true is not 1, and the order of keys does not count."""
    return json.dumps(one, sort_keys=True, default=repr) == json.dumps(other, sort_keys=True, default=repr)


def _by_id(items: Iterable[Any]) -> Json:
    """Frames and notes by their id; one without an id gets one."""
    found: Json = {}
    for item in items:
        if isinstance(item, dict):
            id = item.get("id")
            key = id if isinstance(id, str) and id and id not in found else uuid4().hex[:12]
            found[key] = {name: value for name, value in item.items() if name != "id"}
    return found
