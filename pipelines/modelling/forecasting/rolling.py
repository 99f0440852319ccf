"""Forecasts from several origins, side by side: items of a fan-out, of each series its own, and of methods that learn from all series one for each origin."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from io import BytesIO
from typing import Any
from zlib import crc32

import numpy as np

from pipelines.catalogue.fan_out import fan_out
from pipelines.catalogue.items import Item, ItemResult, Value
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.reporting import log
from pipelines.modelling.forecasting.lags import fit, predict
from pipelines.modelling.forecasting.method import Method, Path, local_path
from pipelines.modelling.forecasting.panel import Panel

ALONE = 8_192  # series: of more of them, an item is the series whose keys have the same remainder of a hash
MOST_MODELS = 3  # that are named in a line of the log


@dataclass(frozen=True, eq=False)
class Job:
    """Forecasts of some series by a method, from origins so many periods before their ends."""

    method: Method
    backs: Sequence[int]
    rows: np.ndarray


def path_from(method: Method, panel: Panel, back: int, horizon: int) -> Path:
    """Return the forecasts of a method that knows what was known at the origin."""
    cut = panel.cut(back)
    if method.is_local:
        return local_path(method, cut, horizon)
    return predict(fit(method, cut, horizon), cut, horizon, panel.ahead(back, horizon))


def rolled(panel: Panel, methods: Sequence[Method], backs: Sequence[int], horizon: int) -> dict[tuple[str, int], Path]:
    """Return the forecasts of each method from each origin; those of plain figures are computed at once, all others as items."""
    found = {(method.name, back): Path(np.full((panel.size, horizon), np.nan)) for method in methods for back in backs}
    asked = [method for method in methods if not method.is_at_once]
    items = [item for method in asked for item in _items(method, panel, backs, horizon)]

    def each(item: Item) -> Value:
        job: Job = item.payload
        paths = [path_from(job.method, panel.rows(job.rows), back, horizon) for back in job.backs]
        held = BytesIO()
        np.save(held, np.stack([path.values for path in paths]), allow_pickle=False)
        return Value([[path.fallbacks, path.notes, path.models] for path in paths], held.getvalue())

    for item, result in zip(items, fan_out(items, each, noun="forecasts") if items else [], strict=True):
        _take(found, item.payload, result)
    for method in methods:
        if method.is_at_once:
            found |= {(method.name, back): path_from(method, panel, back, horizon) for back in backs}
    return found


def _take(found: dict[tuple[str, int], Path], job: Job, result: ItemResult) -> None:
    values = np.load(BytesIO(result.blob()), allow_pickle=False)
    for back, part, said in zip(job.backs, values, result.figures, strict=True):
        path = found[job.method.name, back]
        path.values[job.rows] = part
        path.fallbacks, path.notes, path.models = (
            dict(Counter(known) + Counter(more)) for known, more in zip((path.fallbacks, path.notes, path.models), said, strict=True)
        )


def _items(method: Method, panel: Panel, backs: Sequence[int], horizon: int) -> Iterator[Item]:
    """Yield the items of a method. Where each series is fitted alone, an item depends on the values of its series only: after one has changed, the others are not computed again."""
    name = method.name[:60]
    if not method.is_local:
        for back in backs:
            yield Item(f"{name} · {back} before the end", payload=Job(method, [back], np.arange(panel.size)))
        return
    keys, names = panel.keys.rows(), panel.names()
    libraries = [version(library) for library in method.libraries]
    asked = [method.kind, dict(method.settings), method.season(panel.frequency), libraries, list(backs), horizon]
    head = hashlib.sha256(json.dumps(asked, sort_keys=True).encode())
    for rows in _blocks([repr(key) for key in keys] or [""]):
        own = head.copy()
        for row in rows:
            own.update(np.ascontiguousarray(panel.values[row, panel.periods - panel.lengths[row] :]).tobytes() + b"|")
        of = names[rows[0]][:80].replace("\0", "") + (f" and {len(rows) - 1:,} more" if len(rows) > 1 else "")
        digest = hashlib.sha256("\n".join(repr(keys[row]) for row in rows if keys).encode()).hexdigest()[:16]
        yield Item(f"{name} · {of} · {digest}", own.hexdigest(), False, Job(method, backs, rows))


def _blocks(keys: Sequence[str]) -> Iterator[np.ndarray]:
    """Yield which series an item has: one, or of very many those whose keys have the same remainder, so that a new one moves no other."""
    if len(keys) <= ALONE:
        yield from np.arange(len(keys))[:, None]
        return
    of = np.array([crc32(key.encode()) % ALONE for key in keys])
    order = np.argsort(of, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(of[order])) + 1)


def together(paths: Sequence[Path]) -> Path:
    """Return what is said of the forecasts from several origins, of each reason the largest number."""
    last = paths[-1]
    fallbacks, notes = (_largest([getattr(path, name) for path in paths]) for name in ("fallbacks", "notes"))
    return Path(last.values, fallbacks, notes, last.models)


def _largest(counts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {reason: max(each.get(reason, 0) for each in counts) for count in counts for reason in count}


def say(method: Method, path: Path) -> None:
    """Say which series did not get the forecast of the method, and which models were chosen."""
    for reason, count in path.fallbacks.items():
        log(
            f"{method.name}: {counted(count, 'series', 'series')} {'gets' if count == 1 else 'get'} the last value, because: {reason}.",
            "warning",
        )
    for note, number in path.notes.items():
        log(f"{method.name}: {number:,} {note}.", "warning")
    if path.models:
        most = sorted(path.models.items(), key=lambda model: (-model[1], model[0]))
        named = [f"{model} of {count:,}" for model, count in most[:MOST_MODELS]]
        others = sum(count for _, count in most[MOST_MODELS:])
        log(f"{method.name}: chosen are {', '.join(named)}{f', others of {others:,}' if others else ''} series.")
