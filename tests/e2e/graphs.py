"""Pipelines that the browser tests draw on."""

from __future__ import annotations

from typing import Any

SAMPLES: dict[str, str] = {"automobile": "automobile_price", "income": "income"}
TABLE = "id,kind,size\n" + "\n".join(f"{row},{'ab'[row % 2]},{row * 10}" for row in range(1, 9))


def chain(*modules: tuple[str, str, dict[str, Any]], text: str = TABLE, name: str = "Chain") -> dict[str, Any]:
    """A typed-in table `source`, and steps (id, module, settings) behind each other, top to bottom."""
    nodes: dict[str, Any] = {"source": {"module": "data.enter_data", "params": {"text": text}, "position": [0, 0]}}
    edges, last = [], "source.table"
    for place, (node, module, params) in enumerate(modules, 1):
        nodes[node] = {"module": module, "params": params, "position": [0, 130 * place]}
        edges.append([last, f"{node}.table"])
        last = f"{node}.table"
    return {"format": 1, "name": name, "nodes": nodes, "edges": edges, "parameters": {}, "frames": [], "notes": []}
