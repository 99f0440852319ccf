"""The winner: a candidate or a blend of some, and the same as an ordinary pipeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.catalogue.ports import UntrainedModel
from pipelines.graph import codec
from pipelines.modelling.automl.history import Candidate
from pipelines.modelling.automl.logarithms import LOGARITHM, LOGARITHM_FOLDS
from pipelines.modelling.automl.portfolio import CALIBRATED, CALIBRATION_FOLDS, STACKED
from pipelines.modules.training._automl_problem import KEPT, Problem
from pipelines.modules.training._automl_trials import untrained_of
from pipelines.modules.training.set_threshold import set_threshold
from pipelines.modules.training.voting import voting


@dataclass(frozen=True)
class Winner:
    """Candidates, the heaviest first, how often each is in the blend, and the threshold that is best for the metric, if it depends on one."""

    members: Sequence[Candidate]
    weights: Sequence[int]
    threshold: float | None = None

    @property
    def name(self) -> str:
        """Return its name for people."""
        return self.members[0].name if len(self.members) == 1 else f"Blend of {len(self.members)}"

    def untrained(self) -> UntrainedModel:
        """Return the learner: of several the module Voting with their weights; with a threshold that of Set Threshold."""
        parts = [untrained_of(member.module, member.final_settings()) for member in self.members]
        found = parts[0] if len(parts) == 1 else voting(*parts, weights=self.written_weights)
        return found if self.threshold is None else set_threshold(found, by="fixed", threshold=self.threshold)

    @property
    def written_weights(self) -> str:
        """Return the weights as Voting takes them."""
        return ", ".join(str(weight) for weight in self.weights)


REFITTED = " Modules before it that learn from rows are fitted again in each fold here."  # in a Cross Validate Model
DATA, VALIDATION = "data", "validation"  # nodes that stand for what is connected to the search


@dataclass(frozen=True)
class Figures:
    """What the leaderboard and the estimate say of the winner, for people; empty where there is none."""

    leaderboard: str
    estimate: str


def winner_graph(winner: Winner, problem: Problem, figures: Figures) -> dict[str, Any]:
    """Return the document of an ordinary pipeline that trains the winner and judges it.

    Its Evaluate Model gives the figures of the rows kept from the search, and its Cross Validate Model those of the leaderboard. A second Train Model
    makes the model of all rows. The nodes `data` and `validation` stand for the tables of the search: no dataset is selected.

    Args:
        winner: The winner.
        problem: What was searched for.
        figures: What the search says of it.
    """
    nodes: dict[str, Any] = {DATA: {"module": "data.dataset", "params": {}}}
    edges: list[list[str]] = []
    source = f"{DATA}.table"
    if problem.left_out:
        columns = [{"include": "all"}, {"exclude": {"names": list(problem.left_out)}}]
        source = _add(nodes, edges, "columns", "transform.select_columns", {"columns": columns}, {"table": source})
    learner = learner_in(winner, nodes, edges)
    trains = {"label": problem.label} | ({"positive_class": problem.positive} if problem.positive else {})
    seen, unseen = source, None
    if problem.is_split:
        stratified = {} if problem.task.id == "regression" else {"stratify_by": problem.label}
        settings = {"fraction": 1 - KEPT, "seed": problem.seed, **stratified}
        _add(nodes, edges, "split", "transform.split_data", settings, {"table": source})
        seen, unseen = "split.first", "split.second"
    elif problem.kept is not None:
        nodes[VALIDATION] = {"module": "data.dataset", "params": {}}
        unseen = f"{VALIDATION}.table"
    if len(problem.folds) > 1:
        by = {"split_by": problem.split_by} | ({"column": problem.column} if problem.column else {})
        folds = by | ({"folds": problem.asked} if problem.split_by != "column" else {})
        seeded = {"seed": problem.seed} if problem.split_by not in ("time", "column") else {}
        _add(nodes, edges, "validate", "training.cross_validate", trains | folds | seeded, {"untrained": learner, "table": seen})
        nodes["validate"]["comment"] = figures.leaderboard + REFITTED
    model = _add(nodes, edges, "train", "training.train_model", trains, {"untrained": learner, "table": source})
    if unseen:
        if problem.is_split:
            model = _add(nodes, edges, "train_for_test", "training.train_model", trains, {"untrained": learner, "table": seen})
        scored = _add(nodes, edges, "score", "scoring.score_model", {}, {"model": model, "table": unseen})
        _add(nodes, edges, "evaluate", "evaluation.evaluate_model", {}, {"scored": scored})
        nodes["evaluate"]["comment"] = figures.estimate
    return codec.dump(codec.load({"format": 1, "name": "Best model", "nodes": nodes, "edges": edges}))


def learner_in(winner: Winner, nodes: dict[str, Any], edges: list[list[str]]) -> str:
    """Add the nodes of the learner of a winner; return its output."""
    ports = [
        _candidate(f"model_{place:02}", member.name, member.module, member.final_settings(), nodes, edges)
        for place, member in enumerate(winner.members, 1)
    ]
    found = ports[0]
    if len(ports) > 1:
        found = _add(nodes, edges, "blend", "training.voting", {"weights": winner.written_weights}, {})
        nodes["blend"]["title"] = winner.name
        edges += [[port, "blend.untrained"] for port in ports]
    if winner.threshold is None:
        return found
    return _add(nodes, edges, "threshold", "training.set_threshold", {"by": "fixed", "threshold": winner.threshold}, {"untrained": found})


def _candidate(id: str, title: str, module: str, settings: dict[str, Any], nodes: dict[str, Any], edges: list[list[str]]) -> str:
    """Add the nodes of a candidate; return its output. Edges into Voting and Stacking are in the order of ids, and the weights of Voting follow it."""
    calibrated, stacked = settings.pop(CALIBRATED, None), settings.pop(STACKED, ())
    logarithm = settings.pop(LOGARITHM, None)
    own = f"{id}_uncalibrated" if calibrated else f"{id}_of_logarithm" if logarithm else id
    parts = [
        _candidate(f"{id}_{place}", each["name"], each["module"], dict(each["settings"]), nodes, edges)
        for place, each in enumerate(stacked, 1)
    ]
    port = _add(nodes, edges, own, module, settings, {})
    nodes[own]["title"] = title
    edges += [[part, f"{own}.untrained"] for part in parts]
    if calibrated:
        method = {"method": calibrated, "folds": CALIBRATION_FOLDS}
        port = _add(nodes, edges, id, "training.calibrate_classifier", method, {"untrained": port})
    if logarithm:
        method = {"predicts": logarithm, "folds": LOGARITHM_FOLDS}
        port = _add(nodes, edges, id, "training.transform_label", method, {"untrained": port})
    return port


OUTPUTS = {
    "transform.select_columns": "table",
    "scoring.score_model": "table",
    "training.cross_validate": "table",
    "transform.split_data": "first",
    "evaluation.evaluate_model": "report",
}


def _add(nodes: dict[str, Any], edges: list[list[str]], id: str, module: str, params: Mapping[str, Any], inputs: Mapping[str, str]) -> str:
    """Add a node and its edges; return its first output."""
    nodes[id] = {"module": module, "params": dict(params)}
    edges += [[source, f"{id}.{port}"] for port, source in inputs.items()]
    return f"{id}.{OUTPUTS.get(module, 'model')}"
