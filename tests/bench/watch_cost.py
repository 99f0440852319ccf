"""What watching costs a serving process: processor time of counting, handing over and saving, in µs per request of one row. Run: python -m tests.bench.watch_cost

Rows are of the income sample, 14 inputs, with an answer of two values. SQLite, in a file of its own. `hand` is what a request itself waits for; the rest is work of
other threads of the process.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "designer.config.settings")
os.environ["EASEL_DATABASE_URL"] = f"sqlite:///{tempfile.mkdtemp(prefix='easel-bench-')}/cost.sqlite3"

import django

django.setup()

import numpy as np  # noqa: E402
from django.core.management import call_command  # noqa: E402

from designer.endpoints.keeping import Rule  # noqa: E402
from designer.endpoints.limits import EndpointLimits  # noqa: E402
from designer.endpoints.models import Endpoint, Keeping  # noqa: E402
from designer.endpoints.serving.keeping import Keeper  # noqa: E402
from designer.endpoints.serving.model import Model  # noqa: E402
from designer.endpoints.serving.observing import Observer  # noqa: E402
from designer.endpoints.serving.routing import Served  # noqa: E402
from designer.workspaces.models import Workspace  # noqa: E402
from pipelines.monitoring.profile import profile  # noqa: E402
from pipelines.serving.signature import Column, Signature  # noqa: E402
from tests.bench.monitoring import columns_of, income  # noqa: E402

REQUESTS, PORTION = 20_000, 2_000
ANSWER = {"Scored Labels": "<=50K", "Scored Probabilities": 0.123}


class Scorer:
    """A signature without a model."""

    mode = "compiled"

    def __init__(self, signature: Signature) -> None:
        self.signature = signature

    def score(self, rows: Sequence[Any], on_error: str) -> Any:
        raise NotImplementedError


def model() -> Model:
    """A version with the reference of 10,000 rows."""
    known = columns_of(income()[:10_000])
    inputs = tuple(Column(name, "number" if type == "number" else "text", "String", nullable=True) for name, (type, _) in known.items())
    found = Model(1, Scorer(Signature(inputs, (), {})))  # type: ignore[arg-type]
    probabilities = np.random.default_rng(0).random(10_000).tolist()
    labels = ["<=50K", ">50K"] * 5_000
    found.profile = profile(known, {"Scored Labels": ("text", labels), "Scored Probabilities": ("number", probabilities)})
    return found


def processor_us(work: Callable[[], object]) -> float:
    """Processor time of this process, in µs per request."""
    started = time.process_time()
    work()
    return (time.process_time() - started) / REQUESTS * 1e6


def served(found: Model, rule: Rule | None) -> Served:
    return Served("e", "w", "income", EndpointLimits(), "", {1: found}, ((100, found),), rule)


def kept(found: Model, rows: Sequence[Any], rule: Rule | None) -> tuple[float, float]:
    """Handing over, and saving."""
    keeper, endpoint, hand, save = Keeper(), served(found, rule), 0.0, 0.0
    for start in range(0, REQUESTS, PORTION):
        portion = [(f"{rule} {start + place}", [row]) for place, row in enumerate(rows[start : start + PORTION])]

        def hand_over(portion: Sequence[Any] = portion) -> None:
            for request, each in portion:
                keeper.hand(endpoint, found, request, each, [ANSWER])

        hand += processor_us(hand_over)
        save += processor_us(lambda: keeper.save({"e"}))
    return hand, save


def measure() -> dict[str, float]:
    """All figures."""
    call_command("migrate", verbosity=0)
    Endpoint.objects.create(id="e", workspace=Workspace.objects.create(id="w", name="w"), name="income", created_by="a")
    Keeping.objects.create(endpoint_id="e")
    found = model()
    rows = list(income()[:REQUESTS].iter_rows(named=True))
    observer, plain = Observer(), served(found, None)
    count, counted = 0.0, 0.0
    for start in range(0, REQUESTS, PORTION):
        count += processor_us(
            lambda start=start: [observer.observe(plain, found, [row], [ANSWER]) for row in rows[start : start + PORTION]]
        )  # type: ignore[misc]
        counted += processor_us(lambda: observer.drain(pause=0))
    figures = {"count_hand": count, "count": counted}
    everything = tuple(column.name for column in found.columns)
    for name, rule in {"nothing": None, "answers": Rule(answers=True), "rows": Rule(share=100, columns=everything)}.items():
        figures[f"{name}_hand"], figures[f"{name}_save"] = kept(found, rows, rule)
    return {f"watch_{name}_us": round(value, 2) for name, value in figures.items()}


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
