"""A candidate of a search for a forecast as an ordinary pipeline: that of the winner, with the method of the candidate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.catalogue.items import Trial
from pipelines.modelling.automl.opening import candidate_of, frame_of, said_of
from pipelines.modules.forecasting._best_winner import method_in


def opened(held: Mapping[str, Any], trials: Sequence[Trial], name: str) -> Mapping[str, Any]:
    """Return an entry like that of the winner's pipeline for a candidate: its first Backtest gives the figure of the leaderboard.

    Args:
        held: The entry of the report that holds the winner's pipeline.
        trials: The trials of the search.
        name: The name of the candidate.

    Raises:
        ModuleError: `unknown_candidate` or `old_search`.
    """
    candidate = candidate_of(trials, name)
    frame = frame_of(held["pipeline"], "train.method")
    frame.fill(method_in(1, candidate, frame.nodes, frame.edges))
    frame.say("estimate", "")  # the winner's
    frame.say("compare", said_of(candidate, trials, "origin"))
    return frame.entry(held, name)
