"""What errors cost at each threshold, and the threshold at which they cost least.

A row is predicted positive from the threshold on. The threshold that probabilities without error need is the cost of a false positive as a share of
both costs (C. Elkan, "The foundations of cost-sensitive learning", IJCAI 2001).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np

from pipelines.catalogue.params import Range
from pipelines.catalogue.reporting import log
from pipelines.modelling.evaluation import intervals
from pipelines.modelling.evaluation.charts import Block, chart, curves, guide, table, thinned
from pipelines.modelling.evaluation.scored import Scored

MOST_POINTS = 250
COLUMNS = (
    "Model", "Best threshold", "Threshold by the costs alone", "Cost per row", "From", "To", "Cost per row as predicted", "Saved per row", "Saved from",
    "Saved to", "Cost per row if all are positive", "Cost per row if none is",
)  # fmt: skip


@dataclass(frozen=True)
class Costs:
    """What errors cost, in any unit.

    Args:
        false_positive_cost: For two classes, what it costs to predict the positive class for a row of the negative class. If one of the costs is above
            0, the report shows the cost at each threshold, and the threshold at which it is lowest: give that to Set Threshold, which
            can also find it in training.
        false_negative_cost: What it costs to predict the negative class for a row of the positive class.
    """

    false_positive_cost: Annotated[float, Range(0, 1e12)] = 0.0
    false_negative_cost: Annotated[float, Range(0, 1e12)] = 0.0

    @property
    def given(self) -> bool:
        """Whether an error costs something."""
        return self.false_positive_cost > 0 or self.false_negative_cost > 0

    def of_rows(self, one: Scored, guess: np.ndarray) -> np.ndarray:
        """Return what each row costs, as `guess` says which are predicted positive."""
        found: np.ndarray = np.where(guess & (one.truth == 0), self.false_positive_cost, 0.0)
        return np.where(~guess & (one.truth == 1), self.false_negative_cost, found)

    def curve(self, one: Scored) -> tuple[np.ndarray, np.ndarray]:
        """Return all thresholds that differ, from the highest on, and the mean cost of a row at each; at the first, infinite one no row is positive."""
        order = np.argsort(-one.score, kind="stable")
        score, truth, weight = one.score[order], one.truth[order], one.weights[order]
        last = np.append(np.flatnonzero(np.diff(score)), len(score) - 1)
        positive = np.insert(np.cumsum(weight * truth)[last], 0, 0.0)
        negative = np.insert(np.cumsum(weight * (1 - truth))[last], 0, 0.0)
        costs = self.false_positive_cost * negative + self.false_negative_cost * (positive[-1] - positive)
        return np.insert(score[last], 0, np.inf), costs / max(weight.sum(), 1e-300)

    def best(self, one: Scored) -> float:
        """Return the threshold with the lowest cost, of several the one closest to that by the costs alone; infinite if none should be positive."""
        thresholds, costs = self.curve(one)
        lowest = thresholds[costs <= costs.min() * (1 + 1e-12)]
        return float(lowest[np.abs(np.minimum(lowest, 2.0) - self.by_costs).argmin()])

    @property
    def by_costs(self) -> float:
        """The best threshold of probabilities that are exact."""
        return self.false_positive_cost / (self.false_positive_cost + self.false_negative_cost)


def cost_blocks(read: Sequence[Scored], costs: Costs) -> list[Block]:
    """Return the best threshold of each model with what it saves, and the cost at each threshold. Empty without costs or without two classes."""
    judged = [one for one in read if one.positive is not None and one.weights.sum() > 0]
    if not costs.given:
        return []
    if not judged:
        log("The costs of errors are not used, because there are no two classes.", "warning")
        return []
    words = f"false positive {costs.false_positive_cost:g}, false negative {costs.false_negative_cost:g}"
    rows = [_row(one, costs) for one in judged]
    return [_chart(judged, costs, words), table(f"Threshold with the lowest cost on these rows ({words})", COLUMNS, rows)]


def _row(one: Scored, costs: Costs) -> list[Any]:
    best, weight = costs.best(one), one.weights
    cost, predicted = costs.of_rows(one, one.score >= best), costs.of_rows(one, one.guess)
    mean, as_predicted = (float(np.average(each, weights=weight)) for each in (cost, predicted))
    saved = intervals.around(as_predicted - mean, predicted - cost, weight)
    _, all_costs = costs.curve(one)
    return [
        one.name,
        best if np.isfinite(best) else "none: no row positive",
        costs.by_costs,
        mean,
        *(intervals.around(mean, cost, weight, low=0) or (None, None)),
        as_predicted,
        as_predicted - mean,
        *(saved or (None, None)),
        float(all_costs[-1]),
        float(all_costs[0]),
    ]


def _chart(read: Sequence[Scored], costs: Costs, words: str) -> Block:
    points = []
    for one in read:
        thresholds, means = costs.curve(one)
        places = [place for place in thinned(len(thresholds), MOST_POINTS) if np.isfinite(thresholds[place])]
        places = sorted({*places, int(np.argmin(np.where(np.isfinite(thresholds), means, np.inf)))})
        points += [{"model": one.name, "at": place, "x": float(thresholds[place]), "y": float(means[place])} for place in places]
    same = {(one.positive, round(float(min(costs.curve(one)[1][[0, -1]])), 12)) for one in read}
    levels = [
        part
        for _, height in sorted(same, key=str)
        for part in guide("the same for all rows", [{"x": 0, "y": height}, {"x": 1, "y": height}], {"x": 0, "y": height})
    ]
    spec = curves(points, levels, x=("x", "Threshold"), y=("y", "Cost per row"), shares="x")
    told = f"Mean cost of a row at each threshold ({words}). The dashed line is the lower cost of predicting the same class for all rows."
    return chart("Cost by threshold", "cost", told, spec)
