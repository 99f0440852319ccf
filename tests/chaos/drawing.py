"""Random graphs of tallies, and the expected total of each node."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.easel_modules.trial.tally import MODULUS, weigh
from tests.easel_modules.trial.tally_items import share
from tests.support.graph_builder import document

FANS = 0.25  # the share of steps that fan out
SEARCHED = 50  # the most items of a search: each is a chunk of its own
SOURCE = ("data.enter_data", {"text": "total\n1"})


@dataclass(frozen=True)
class Drawn:
    """A graph to start. `tag` is the prefix of each step's mark in the ledger file."""

    tag: str
    document: Mapping[str, Any]
    totals: Mapping[str, int]

    def mark(self, node: str) -> str:
        """The name of a step in the ledger file."""
        return f"{self.tag}/{node}"


def draw(rng: random.Random, tag: str, ledger: Path, longest: float = 2.0, deaf: float = 0.1) -> Drawn:
    """Five to fifteen steps in chains, fans and in between, each of 0 seconds to the longest, and one that gathers all ends. Some fan out over up to 300 items, or search."""
    size, reach = rng.randint(4, 13), rng.choice([1, 2, 20])
    needs = {"n0": ["source"]}
    for number in range(1, size):
        near = [*list(needs)[-reach:], *(["source"] if reach > 1 else [])]
        needs[f"n{number}"] = sorted(rng.sample(near, rng.randint(1, min(3, len(near)))))
    read = {name for names in needs.values() for name in names}
    needs["all"] = sorted(node for node in needs if node not in read)  # inputs come in the order of their nodes' names
    totals, nodes = {"source": 1}, {"source": SOURCE}
    for node, sources in needs.items():
        salt = rng.randrange(2**40)
        totals[node] = weigh(salt, [totals[source] for source in sources])
        settings = {"salt": salt, "seconds": _seconds(rng, longest), "deaf": rng.random() < deaf}
        module = "trial.tally"
        if rng.random() < FANS:
            module, settings["items"] = "trial.tally_items", rng.choice([1, rng.randint(2, 20), rng.randint(20, 300)])
            settings["wave"] = rng.choice([0, 1, 4]) if settings["items"] <= SEARCHED else 0
            totals[node] = (totals[node] + sum(share(salt, number) for number in range(settings["items"]))) % MODULUS
        nodes[node] = (module, {**settings, "ledger": str(ledger), "mark": f"{tag}/{node}"})
    edges = [f"{source}.table {node}.tables" for node, sources in needs.items() for source in sources]
    return Drawn(tag, document(nodes, *edges), totals)


def _seconds(rng: random.Random, longest: float) -> float:
    """Many steps of no time, so that faults hit claims and commits too."""
    return round(rng.choice([0.0, rng.uniform(0, longest / 8), rng.uniform(0, longest / 4), rng.uniform(0, longest)]), 3)
