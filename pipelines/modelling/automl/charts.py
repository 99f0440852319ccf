"""What reports of searches show of their course: the best score so far, and what each learner cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.modelling.automl.history import History
from pipelines.modelling.evaluation.charts import Block, chart, table


def best_so_far(points: Sequence[Mapping[str, Any]], metric: str, words: str) -> Block:
    """Return a chart of the best score over the seconds of all trials.

    Args:
        points: The `seconds`, `score` and `name` of each trial that was better than all before it.
        metric: The title of the metric.
        words: What the scores are of, in a sentence.
    """
    spec = {
        "data": {"values": list(points)},
        "mark": {"type": "line", "interpolate": "step-after", "point": True, "tooltip": True},
        "encoding": {
            "x": {"field": "seconds", "type": "quantitative", "title": "Seconds of all trials so far"},
            "y": {"field": "score", "type": "quantitative", "title": metric, "scale": {"zero": False}},
        },
    }
    return chart("Best so far", "progress", words, spec)


def costs(history: History, title: str, column: str) -> Block:
    """Return a table of the candidates and seconds of each learner, the dearest first."""
    seconds: dict[str, float] = defaultdict(float)
    tried: dict[str, int] = defaultdict(int)
    for candidate in history.candidates:
        tried[candidate.learner] += 1
        seconds[candidate.learner] += sum(run.seconds for run in candidate.runs.values())
    rows = [[name, tried[name], seconds[name]] for name in sorted(seconds, key=lambda name: -seconds[name])]
    return table(title, [column, "Candidates", "Seconds"], rows)
