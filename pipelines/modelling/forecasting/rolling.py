"""Forecasts from several origins, side by side: items of a fan-out, named by method, origin and series."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np

from pipelines.catalogue.fan_out import fan_out
from pipelines.catalogue.items import Item, Value
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.reporting import log
from pipelines.modelling.forecasting.lags import fit, predict
from pipelines.modelling.forecasting.method import Method, Path, local_path
from pipelines.modelling.forecasting.panel import Panel

SERIES_OF_AN_ITEM = 50


@dataclass(frozen=True)
class Job:
    """Forecasts of some series by a method, from an origin so many periods before their ends."""

    method: Method
    back: int
    part: slice


def path_from(method: Method, panel: Panel, back: int, horizon: int) -> Path:
    """Return the forecasts of a method that knows what was known at the origin."""
    cut = panel.cut(back)
    if method.is_local:
        return local_path(method, cut, horizon)
    return predict(fit(method, cut, horizon), cut, horizon, panel.ahead(back, horizon))


def rolled(panel: Panel, methods: Sequence[Method], backs: Sequence[int], horizon: int) -> dict[tuple[str, int], Path]:
    """Return the forecasts of each method from each origin; baselines are computed at once, all others as items."""
    jobs = [
        Job(method, back, part) for method in methods if method.kind != "baseline" for back in backs for part in _parts(method, panel.size)
    ]
    names = panel.names()

    def each(item: Item) -> Value:
        job: Job = item.payload
        path = path_from(job.method, panel.rows(job.part), job.back, horizon)
        held = BytesIO()
        np.save(held, path.values, allow_pickle=False)
        return Value({"fallbacks": path.fallbacks, "notes": path.notes}, held.getvalue())

    results = fan_out([Item(_key(job, names), payload=job) for job in jobs], each, noun="forecasts") if jobs else []
    found = {
        (method.name, back): Path(np.full((panel.size, horizon), np.nan))
        for method in methods
        if method.kind != "baseline"
        for back in backs
    }
    for job, result in zip(jobs, results, strict=True):
        path = found[job.method.name, job.back]
        path.values[job.part] = np.load(BytesIO(result.blob()), allow_pickle=False)
        path.fallbacks = dict(Counter(path.fallbacks) + Counter(result.figures["fallbacks"]))
        path.notes |= result.figures["notes"]
    for method in (method for method in methods if method.kind == "baseline"):
        found |= {(method.name, back): path_from(method, panel, back, horizon) for back in backs}
    return found


def _parts(method: Method, size: int) -> list[slice]:
    if not method.is_local:
        return [slice(0, size)]
    return [slice(first, min(size, first + SERIES_OF_AN_ITEM)) for first in range(0, size, SERIES_OF_AN_ITEM)]


def _key(job: Job, names: Sequence[str]) -> str:
    own = names[job.part]
    digest = hashlib.sha256("\n".join(own).encode()).hexdigest()[:8]
    of = "all series" if len(own) == len(names) else f"{own[0][:40]} to {own[-1][:40]}"
    return f"{job.method.name[:60]} · {job.back} before the end · {of.replace(chr(0), '')} · {digest}"


def together(paths: Sequence[Path]) -> Path:
    """Return what is said of the forecasts from several origins, of each reason the largest number."""
    last = paths[-1]
    fallbacks = {reason: max(path.fallbacks.get(reason, 0) for path in paths) for path in paths for reason in path.fallbacks}
    return Path(last.values, fallbacks, last.notes)


def say(method: Method, path: Path) -> None:
    """Say which series did not get the forecast of the method."""
    for reason, count in path.fallbacks.items():
        log(
            f"{method.name}: {counted(count, 'series', 'series')} {'gets' if count == 1 else 'get'} the last value, because: {reason}.",
            "warning",
        )
    for note, number in path.notes.items():
        log(f"{method.name}: {number:,} {note}.", "warning")
