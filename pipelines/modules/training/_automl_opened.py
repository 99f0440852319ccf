"""A candidate of a search as an ordinary pipeline: that of the winner, with the learner of the candidate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.catalogue.items import Trial
from pipelines.modelling.automl.opening import candidate_of, frame_of, said_of
from pipelines.modules.training._automl_winner import REFITTED, Winner, learner_in


def opened(held: Mapping[str, Any], trials: Sequence[Trial], name: str) -> Mapping[str, Any]:
    """Return an entry like that of the winner's pipeline for a candidate: its Cross Validate Model gives the figure of the leaderboard.

    Args:
        held: The entry of the report that holds the winner's pipeline.
        trials: The trials of the search.
        name: The name of the candidate.

    Raises:
        ModuleError: `unknown_candidate` or `old_search`.
    """
    candidate = candidate_of(trials, name)
    frame = frame_of(held["pipeline"], "train.untrained")
    figures = [trial.result.figures or {} for trial in trials if trial.result and trial.item.content["candidate"] == candidate.number]
    threshold = next((each["threshold"] for each in reversed(figures) if "threshold" in each), None)
    frame.fill(learner_in(Winner([candidate], [1], threshold), frame.nodes, frame.edges))
    frame.say("evaluate", "")  # the winner's estimate
    said = said_of(candidate, trials, "fold")
    frame.say("validate", said + REFITTED)
    if "validate" not in frame.nodes:
        frame.say("train", said)
    return frame.entry(held, name)
