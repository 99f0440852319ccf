"""A trial of a search over settings as an ordinary pipeline: its learner, judged as in the search, and trained on all rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.items import Trial
from pipelines.catalogue.ports import Report, UntrainedModel
from pipelines.graph import codec
from pipelines.modelling.automl.opening import Frame, frame_of
from pipelines.modelling.search.space import remade
from pipelines.modelling.search.study import run_of
from pipelines.modules.training._tuning import Judging

OF_SHARE = "The search judged it by one share of the rows, which no module repeats."
Part = Mapping[str, Any]


def winner_entry(
    learner: UntrainedModel, trains: Mapping[str, Any], judging: Judging, seed: int, said: str, *, has_table: bool
) -> dict[str, Any]:
    """Return what an entry of the report holds of the best trial: its pipeline, what its nodes stand for, and its learner.

    Args:
        learner: The learner with the best settings.
        trains: The settings of what trains: the label, and the positive class.
        judging: What trials were judged by.
        seed: The seed of the folds.
        said: What the search says of it.
        has_table: Whether trials were judged by a table of their own.
    """
    nodes: dict[str, Any] = {"data": {"module": "data.dataset", "params": {}}}
    frame = Frame(nodes, [], ["train.untrained"])
    nodes["train"] = {"module": "training.train_model", "params": dict(trains)}
    frame.edges.append(["data.table", "train.table"])
    inputs = {"data": "table"}
    if has_table:
        inputs["validation"] = "validation"
        nodes["validation"] = {"module": "data.dataset", "params": {}}
        nodes["score"] = {"module": "scoring.score_model", "params": {}}
        nodes["evaluate"] = {"module": "evaluation.evaluate_model", "params": {}}
        frame.edges.extend([["train.model", "score.model"], ["validation.table", "score.table"], ["score.table", "evaluate.scored"]])
    elif judging.validate_by != "share":
        window = {"window": judging.window} if judging.window else {}
        by = {"split_by": judging.split_by, "column": judging.column, "folds": judging.folds, "gap": judging.gap, "seed": seed, **window}
        nodes["validate"] = {
            "module": "training.cross_validate",
            "params": {**trains, **{name: each for name, each in by.items() if each is not None}},
        }
        frame.edges.append(["data.table", "validate.table"])
        frame = Frame(nodes, frame.edges, ["train.untrained", "validate.untrained"])
    frame.fill(_learner("model", learner.as_part, frame))
    _say(frame, said)
    document = codec.dump(codec.load({"format": 1, "name": "Best settings", "nodes": frame.nodes, "edges": frame.edges}))
    return {"pipeline": document, "inputs": inputs, "learner": learner.as_part}


def with_entry(report: Report, entry: Mapping[str, Any]) -> Report:
    """Return a report whose first metrics, those of the best trial, hold its pipeline."""
    best, *others = report.metrics
    return replace(report, metrics=[{**best, **entry}, *others])


def opened(held: Mapping[str, Any], trials: Sequence[Trial], name: str) -> Mapping[str, Any]:
    """Return an entry like that of the best trial for another one.

    Args:
        held: The entry of the report that holds the pipeline of the best trial.
        trials: The trials of the search.
        name: The name of the trial, such as “trial 7”.

    Raises:
        ModuleError: `unknown_candidate`.
    """
    mine = [trial for trial in trials if trial.item.key.partition(" on ")[0] == name.lower()]
    if not mine:
        remedy = f"Use the name of a trial, such as {trials[0].item.key}." if trials else "Run the search again."
        raise ModuleError("unknown_candidate", f"The search has no trial “{name[:60]}”.", remedy=remedy)
    last = mine[-1]
    frame = frame_of(held["pipeline"], "train.untrained")
    frame.fill(_learner("model", remade(held["learner"], run_of(last).found), frame))
    _say(frame, said_of(last))
    return frame.entry(held, name)


def said_of(trial: Trial) -> str:
    """Return what came of a trial in the search, in sentences."""
    run, result = run_of(trial), trial.result
    if result is None or result.failure:
        return f"In the search it has no score. {result.failure.words if result and result.failure else 'It had not ended.'}"
    if run.stopped:
        return f"In the search it was stopped after {len(run.folds)} folds, since the best was clearly better: {run.score:.6g} so far."
    part = f" It was tried on 1/{round(1 / run.share)} only." if run.share < 1 else ""
    return f"In the search: {run.score:.6g}.{part}"


def _say(frame: Frame, said: str) -> None:
    place = next(node for node in ("validate", "evaluate", "train") if node in frame.nodes)
    frame.say(place, said if place != "train" else f"{said} {OF_SHARE}")


def _learner(id: str, part: Part, frame: Frame) -> str:
    """Add the nodes of a learner and of those that it is made of; return its output."""
    frame.nodes[id] = {"module": part["module"], "params": dict(part["arguments"])}
    inner = [_learner(f"{id}_{place}", each, frame) for place, each in enumerate(part["parts"], 1)]
    frame.edges.extend([each, f"{id}.untrained"] for each in inner)
    return f"{id}.model"
