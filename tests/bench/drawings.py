"""Documents for the benchmark; a salt makes one whose results are not cached."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping
from typing import Any

Document = Mapping[str, Any]
SQL, JOIN = "transform.sql", "transform.join"
STRAND = (
    "trial.pass_on",
    "transform.clean_missing",
    "transform.normalize",
    "transform.select_columns",
    "transform.edit_metadata",
    "transform.split_data",
    SQL,
)
CARS = {"module": "data.dataset", "params": {"dataset": "automobile_price"}}


def salt() -> int:
    """A number that no cached result was computed with."""
    return random.randrange(2**31)


def chain(nodes: int) -> Document:
    """A source and a chain of steps that do nothing."""
    mark = salt()
    passed = {f"pass_{step}": _pass_on(mark + step) for step in range(1, nodes)}
    return _document("Chain", {"cars": CARS, **passed}, [_edge(*pair) for pair in itertools.pairwise(["cars", *passed])])


def fan(nodes: int, *, marked: bool = False) -> Document:
    """A source that feeds all but two of the nodes, which do nothing, or mark their tables, and one node that gathers their outputs."""
    mark = salt()
    return _fanned({f"pass_{step}": _pass_on(mark + step, marked=marked) for step in range(nodes - 2)})


def waiting_fan(nodes: int, seconds: float) -> Document:
    """A source that feeds all but two of the nodes, which wait, and one node that gathers their outputs."""
    some = salt() * 1e-15
    return _fanned(
        {f"wait_{step}": {"module": "trial.wait", "params": {"seconds": seconds + some + step * 1e-9}} for step in range(nodes - 2)}
    )


def items(number: int, mark: int) -> Document:
    """A source, and a step that fans out over so many items that do nothing; the same mark makes the same items."""
    spread = {"module": "trial.spread", "params": {"to": number, "deadly": f"none {mark}"}}
    return _document("Items", {"cars": CARS, "spread": spread}, [_edge("cars", "spread")])


def _fanned(passed: Mapping[str, Any]) -> Document:
    edges = [edge for node in passed for edge in (_edge("cars", node), _edge(node, "gather", "tables"))]
    return _document("Fan", {"cars": CARS, **passed, "gather": {"module": "trial.gather", "params": {}}}, edges)


def mixed(nodes: int, deep: int = 100) -> Document:
    """Wide and deep: strands of real modules, each with its own settings, from a shared split; each strand ends in a join."""
    graph: dict[str, Any] = {"cars": CARS, "split": {"module": "transform.split_data", "params": {"seed": salt()}}}
    edges = [_edge("cars", "split")]
    for number in range(nodes - 2):
        strand, place = divmod(number, deep)
        node, before = f"strand_{strand}_{place}", f"strand_{strand}_{place - 1}" if place else "split"
        last = place == deep - 1
        kind = JOIN if last else STRAND[place % len(STRAND)]
        graph[node] = {"module": kind, "params": _settings(kind, number)}
        out = "first" if graph[before]["module"] == "transform.split_data" else "table"
        edges.append([f"{before}.{out}", f"{node}.{'left' if last else 't1' if kind == SQL else 'table'}"])
        if last:
            edges.append(["split.second", f"{node}.right"])
    return _document("Wide and deep", graph, edges)


def _settings(kind: str, number: int) -> dict[str, Any]:
    return {
        SQL: {"query": f"select * from t1 where price > {number}"},
        JOIN: {"left_keys": ["make"], "right_keys": ["make"]},
        "trial.pass_on": {"mark": number},
        "transform.clean_missing": {"columns": ["price"], "value": str(number)},
        "transform.normalize": {"columns": ["price"]},
        "transform.select_columns": {"columns": "all"},
        "transform.edit_metadata": {"columns": ["make"], "categorical": "categorical"},
        "transform.split_data": {"seed": number},
    }[kind]


def million(flights: str) -> Document:
    """Select, filter by SQL, join and split."""
    columns = ["month", "day", "dep_delay", "arr_delay", "carrier", "origin", "dest", "air_time", "distance"]
    query = "select * from t1 where arr_delay > 0 and distance > 500"
    nodes = {
        "flights": {"module": "data.dataset", "params": {"dataset": flights}},
        "airports": {"module": "data.dataset", "params": {"dataset": "airports"}},
        "select": {"module": "transform.select_columns", "params": {"columns": columns}},
        "late": {"module": "transform.sql", "params": {"query": query}},
        "join": {"module": "transform.join", "params": {"left_keys": ["dest"], "right_keys": ["faa"]}},
        "split": {"module": "transform.split_data", "params": {"fraction": 0.7, "seed": 0}},
    }
    edges = [
        _edge("flights", "select"),
        _edge("select", "late", "t1"),
        _edge("late", "join", "left"),
        _edge("airports", "join", "right"),
        _edge("join", "split"),
    ]
    return _document("A million flights", nodes, edges)


def _document(name: str, nodes: Mapping[str, Any], edges: list[list[str]]) -> Document:
    return {"format": 1, "name": name, "nodes": nodes, "edges": edges}


def _pass_on(mark: int, *, marked: bool = False) -> dict[str, Any]:
    return {"module": "trial.pass_on", "params": {"mark": mark, **({"marked": True} if marked else {})}}


def _edge(source: str, target: str, port: str = "table") -> list[str]:
    return [f"{source}.table", f"{target}.{port}"]
