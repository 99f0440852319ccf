"""Charts of a search: the best score so far, what each setting did, and how much it counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from pipelines.modelling.evaluation.charts import Block, chart
from pipelines.modelling.search.distributions import Distribution, Numbers, Values
from pipelines.modelling.search.samplers import FIRST
from pipelines.modelling.search.study import Run, Study
from pipelines.modelling.task import Metric

MOST_LINES, MOST_SLICES, MOST_CURVES = 300, 12, 60
REPEATS = 10  # how often each setting is shuffled


def best_so_far(study: Study, runs: Sequence[Run], metric: Metric) -> Block | None:
    """The score of each trial and the best so far, by trials and by seconds of computation."""
    points, best, spent = [], None, 0.0
    for place, run in enumerate(runs, 1):
        spent += run.seconds
        if run.score is None or run.stopped or run.share < 1:
            continue
        best = run.score if best is None or study.sign * (run.score - best) > 0 else best
        points.append({"trials": place, "seconds": round(spent, 3), "score": run.score, "best": best, "trial": f"trial {run.number}"})
    if len(points) < 2:
        return None
    views = [_course(points, "trials", "Trials", metric), _course(points, "seconds", "Seconds of computation", metric)]
    words = f"{metric.title} of each trial as a dot and the best so far as a line, by the number of trials and by seconds of computation."
    return chart("Best so far", "best_so_far", words, {"data": {"values": points}, "concat": views, "columns": 2, "spacing": 24})


def _course(points: Sequence[Any], by: str, title: str, metric: Metric) -> Any:
    x = {"field": by, "type": "quantitative", "title": title}
    y = {"type": "quantitative", "title": metric.title, "scale": {"zero": False}}
    return {
        "width": 220,
        "height": 200,
        "encoding": {"x": x},
        "layer": [
            {
                "mark": {"type": "point", "size": 20, "opacity": 0.5},
                "encoding": {"y": {**y, "field": "score"}, "tooltip": {"field": "trial"}},
            },
            {"mark": {"type": "line", "interpolate": "step-after"}, "encoding": {"y": {**y, "field": "best"}}},
        ],
    }


def learning_curves(study: Study, runs: Sequence[Run], metric: Metric) -> Block | None:
    """The score of each trial by the share of rows or trees, of those that went on; none where all have one share."""
    scored = [run for run in runs if run.score is not None and not run.stopped]
    curves: dict[int, list[Run]] = defaultdict(list)
    for run in sorted(scored, key=lambda run: run.share):
        curves[run.number].append(run)
    went_on = [curve for curve in curves.values() if len(curve) > 1]
    if not went_on or (best := study.best(runs)) is None:
        return None
    drawn = sorted(went_on, key=lambda curve: (-curve[-1].share, -study.sign * (curve[-1].score or 0.0)))[:MOST_CURVES]
    values = [
        {
            "share": run.share,
            "score": run.score,
            "trial": f"trial {run.number}",
            "which": "the best" if run.number == best.number else "others",
        }
        for curve in reversed(drawn)
        for run in curve
    ]
    spec = {
        "data": {"values": values},
        "mark": {"type": "line", "point": True, "tooltip": True},
        "encoding": {
            "x": {
                "field": "share",
                "type": "quantitative",
                "title": "Share",
                "scale": {"type": "log", "nice": False},
                "axis": {"format": ".1~%"},
            },
            "y": {"field": "score", "type": "quantitative", "title": metric.title, "scale": {"zero": False}},
            "detail": {"field": "trial", "type": "nominal"},
            "color": {"field": "which", "type": "nominal", "title": None, "sort": ["the best", "others"]},
        },
    }
    words = f"{metric.title} of each trial that went on, on more and more of the rows or trees."
    return chart("Learning curves", "learning_curves", words, spec)


def importance(study: Study, runs: Sequence[Run], metric: Metric) -> Block | None:
    """How much the score of a forest over the trials falls when a setting is shuffled; none with few trials."""
    some = _comparable(runs)
    if len(some) < FIRST or len(study.space.over) < 2:
        return None
    from sklearn.ensemble import RandomForestRegressor

    over = study.space.over
    matrix = np.array([[_place(each, run.found[name]) for name, each in over.items()] for run in some])
    scores = np.array([run.score for run in some])
    forest = RandomForestRegressor(100, random_state=0).fit(matrix, scores)
    order = [np.random.default_rng(repeat).permutation(len(some)) for repeat in range(REPEATS)]
    shuffled = np.tile(matrix, (len(over), REPEATS, 1, 1))
    for place in range(len(over)):
        shuffled[place, :, :, place] = [matrix[each, place] for each in order]
    guesses = forest.predict(shuffled.reshape(-1, len(over))).reshape(len(over), -1, len(some))
    found = np.maximum(((guesses - scores) ** 2).mean(axis=(1, 2)) - ((forest.predict(matrix) - scores) ** 2).mean(), 0)
    total = float(found.sum())
    if not total > 0:
        return None
    values = [{"setting": study.space.title(name), "share": float(each) / total} for name, each in zip(over, found, strict=True)]
    spec = {
        "data": {"values": values},
        "mark": "bar",
        "encoding": {
            "y": {"field": "setting", "type": "nominal", "sort": "-x", "title": None},
            "x": {"field": "share", "type": "quantitative", "title": "Share of the importance", "axis": {"format": "%", "tickCount": 5}},
        },
    }
    words = f"How much worse a forest of {len(some)} trials predicts {metric.title} when the values of a setting are shuffled."
    return chart("Importance of settings", "importance", words, spec)


def parallel(study: Study, runs: Sequence[Run], metric: Metric) -> Block | None:
    """Each trial as a line over the settings and the score."""
    some = sorted(_comparable(runs), key=lambda run: study.sign * (run.score or 0.0))[-MOST_LINES:]
    if len(some) < 2:
        return None
    over = study.space.over
    axes = [
        {"title": study.space.title(name), "log": isinstance(each, Numbers) and each.log, "values": _words(each)}
        for name, each in over.items()
    ]
    lines = [
        {"name": f"trial {run.number}", "values": [_shown(each, run.found[name]) for name, each in over.items()] + [run.score]}
        for run in some
    ]
    return {
        "type": "parallel",
        "title": "Settings and scores",
        "description": f"Each of {len(some)} trials as a line over its settings and its {metric.title}.",
        "axes": [*axes, {"title": metric.title, "log": False, "values": None}],
        "better": metric.better,
        "lines": lines,
    }


def slices(study: Study, runs: Sequence[Run], metric: Metric) -> Block | None:
    """The score over each setting."""
    some = _comparable(runs)
    if len(some) < 2:
        return None
    views = [_slice(study, name, each, some, metric) for name, each in list(study.space.over.items())[:MOST_SLICES]]
    words = f"{metric.title} of each trial over each setting."
    return chart("Score by setting", "slices", words, {"concat": views, "columns": 3, "spacing": 16})


def _slice(study: Study, name: str, each: Distribution, runs: Sequence[Run], metric: Metric) -> Any:
    x: dict[str, Any] = {"field": "value", "title": study.space.title(name), "type": "nominal" if _words(each) else "quantitative"}
    if not _words(each):
        x["scale"] = {"zero": False, "type": "log" if isinstance(each, Numbers) and each.log else "linear"}
    values = [
        {"value": _shown(each, run.found[name]), "score": run.score, "trial": f"trial {run.number}"}
        for run in runs
        if _words(each) or not (isinstance(each, Numbers) and each.log) or (run.found[name] or 0) > 0
    ]
    return {
        "width": 180,
        "height": 120,
        "data": {"values": values},
        "mark": {"type": "point", "size": 24},
        "encoding": {
            "x": x,
            "y": {"field": "score", "type": "quantitative", "title": metric.title, "scale": {"zero": False}},
            "tooltip": [{"field": "trial"}, {"field": "value"}, {"field": "score"}],
        },
    }


def _comparable(runs: Sequence[Run]) -> list[Run]:
    """The trials with a score and the share that most of them have."""
    scored = [run for run in runs if run.score is not None and not run.stopped]
    shares = Counter(run.share for run in scored)
    most = max(shares, key=lambda share: (shares[share], share), default=1.0)
    return [run for run in scored if run.share == most]


def _words(each: Distribution) -> list[str] | None:
    """The names of values that are no numbers."""
    if isinstance(each, Numbers) or all(isinstance(value, int | float) and not isinstance(value, bool) for value in each.values):
        return None
    return [_word(value) for value in each.values]


def _shown(each: Distribution, value: Any) -> Any:
    return _word(value) if _words(each) else value


def _word(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _place(each: Distribution, value: Any) -> float:
    """A value as a number; the learner's own may be outside the range, or none."""
    if isinstance(each, Values):
        return float(each.values.index(value)) if each.holds(value) else -1.0
    return each.share_of(value) if isinstance(value, int | float) else -1.0
