"""The winner of a search for a forecast: a candidate, or the weighted mean of some, and the same as an ordinary pipeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.items import Trial
from pipelines.graph import codec
from pipelines.modelling.automl.ensemble import blended, chosen_weights
from pipelines.modelling.automl.history import ALL, Candidate, History, side_by_side
from pipelines.modelling.forecasting.method import Method
from pipelines.modelling.forecasting.portfolio import REGRESSORS, divided
from pipelines.modelling.forecasting.reading import Names
from pipelines.modules.forecasting._best_trials import ForecastTrials, forecasts_in

MOST_MEMBERS, PICKS = 8, 12  # of a blend
MOST_ROWS = 4_000  # series of origins that choose the weights
DATA = "data"  # the node that stands for what is connected to the search
AVERAGE = "forecasting.average_methods"


@dataclass(frozen=True, eq=False)
class Winner:
    """Candidates, the heaviest first, how often each is in the blend, the method, and its forecasts from the origins with their loss."""

    members: Sequence[Candidate]
    weights: Sequence[int]
    method: Method
    forecasts: np.ndarray
    loss: float

    @property
    def name(self) -> str:
        """Return its name for people."""
        return self.members[0].name if len(self.members) == 1 else f"Blend of {len(self.members)}"


def winner_of(history: History, trials: Sequence[Trial], judged: ForecastTrials, trainings: int, left: Callable[[], float]) -> Winner:
    """Return the best candidate, or a blend of methods that are fitted to each series where it is better over the origins.

    Args:
        history: What was tried; something was tried on all series and origins.
        trials: The trials.
        judged: The trials' judge.
        trainings: From how many origins the winner forecasts at the end.
        left: Returns the seconds that are left.
    """
    blobs = {trial.item.content["candidate"]: trial.result for trial in trials if trial.result and trial.item.content["share"] == ALL}

    def forecasts(candidate: Candidate) -> np.ndarray:
        found = blobs[candidate.number]
        assert found is not None
        return forecasts_in(found.blob())

    best = history.done[0]
    alone = Winner([best], [1], judged.groups[best.learner].method(best.settings), forecasts(best), best.loss)
    locals_ = [each for each in history.done if not judged.groups[each.learner].regressor][:MOST_MEMBERS]
    if len(locals_) < 2:
        return alone
    each = [forecasts(candidate) for candidate in locals_]
    step = max(1, len(each[0]) // MOST_ROWS)
    parts = [part[::step] for part in judged.truth.parts]
    weights = chosen_weights(each, parts, lambda rows, found: judged.truth.loss(rows, found), PICKS)
    order = sorted(weights, key=lambda place: (-weights[place], place))
    while len(order) > 1 and trainings * side_by_side([locals_[place].runs[ALL].fit for place in order]) > left():
        order.pop()
    together = blended([each[place] for place in order], {at: weights[place] for at, place in enumerate(order)})
    loss = judged.truth.loss(np.arange(len(together)), together)
    if len(order) < 2 or loss >= best.loss:
        return alone
    members, shares = [locals_[place] for place in order], [weights[place] for place in order]
    methods = [judged.groups[member.learner].method(member.settings) for member in members]
    average = catalogue().modules[AVERAGE].function(*methods, how="mean", weights=_written(shares))
    return Winner(members, shares, average, together, loss)


def _written(weights: Sequence[int]) -> str:
    return ", ".join(map(str, weights))


@dataclass(frozen=True)
class Judged:
    """How the winner was judged: origins, the periods kept from the search (0 for none), and what the leaderboard and the estimate say."""

    origins: int
    kept: int
    leaderboard: str
    estimate: str


def forecast_graph(winner: Winner, judged: ForecastTrials, names: Names, how: Judged) -> dict[str, Any]:
    """Return the document of an ordinary pipeline that trains the winner and judges it.

    Its first Backtest gives the figures of the leaderboard, its second those of the estimate. The node `data` stands for the table of the search.

    Args:
        winner: The winner.
        judged: The trials' judge.
        names: The columns of the series.
        how: How it was judged.
    """
    nodes: dict[str, Any] = {DATA: {"module": "data.dataset", "params": {}}}
    edges: list[list[str]] = []
    ports = [method_in(place, member, nodes, edges) for place, member in enumerate(winner.members, 1)]
    (method,) = ports if len(ports) == 1 else ["blend.method"]
    if len(ports) > 1:
        nodes["blend"] = {"module": AVERAGE, "params": {"how": "mean", "weights": _written(winner.weights)}, "title": winner.name}
        edges += [[port, "blend.methods"] for port in ports]
    columns = _columns(names)
    asked = {**columns, "horizon": judged.horizon}
    nodes["compare"] = {
        "module": "forecasting.backtest",
        "params": {**asked, "windows": how.origins, "left_out": how.kept},
        "comment": how.leaderboard,
    }
    used = ["compare"]
    if how.kept:
        nodes["estimate"] = {"module": "forecasting.backtest", "params": {**asked, "windows": 1}, "comment": how.estimate}
        used.append("estimate")
    edges += [edge for id in used for edge in ([f"{DATA}.table", f"{id}.table"], [method, f"{id}.methods"])]
    nodes["train"] = {"module": "forecasting.train_forecasting", "params": asked}
    edges += [[f"{DATA}.table", "train.table"], [method, "train.method"]]
    if not names.known:  # else it needs a table of future values
        nodes["forecast"] = {"module": "forecasting.forecast", "params": {}}
        edges.append(["train.forecaster", "forecast.forecaster"])
    return codec.dump(codec.load({"format": 1, "name": "Best forecast", "nodes": nodes, "edges": edges}))


def method_in(place: int, member: Candidate, nodes: dict[str, Any], edges: list[list[str]]) -> str:
    """Add the nodes of a candidate; return its output. Edges into an average are in the order of ids, as its weights are."""
    id, (own, of_regressor) = f"method_{place:02}", divided(member.settings)
    nodes[id] = {"module": member.module, "params": own, "title": member.name}
    if regressor := REGRESSORS.get(member.learner):
        nodes[f"{id}_regressor"] = {"module": regressor, "params": of_regressor}
        edges.append([f"{id}_regressor.model", f"{id}.untrained"])
    return f"{id}.method"


def _columns(names: Names) -> Mapping[str, Any]:
    chosen = {"series": names.series, "known_ahead": names.known, "past_only": names.past, "static": names.static}
    return {
        "time": names.time,
        "value": names.value,
        **{name: [{"include": {"names": list(some)}}] for name, some in chosen.items() if some},
    }
