"""A candidate of a search in place of the winner: what came of it, and the winner's pipeline without its learner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.items import Trial
from pipelines.catalogue.phrases import counted
from pipelines.modelling.automl.history import ALL, OUT_OF_TIME, Candidate, History


@dataclass(frozen=True)
class Frame:
    """What is around a learner in a pipeline: nodes, edges, and the input ports that the learner goes into. Nodes and edges are there to be added to."""

    nodes: dict[str, dict[str, Any]]
    edges: list[list[str]]
    sockets: Sequence[str]

    def fill(self, learner: str) -> None:
        """Connect the output port of a learner."""
        self.edges.extend([learner, socket] for socket in self.sockets)

    def say(self, node: str, words: str) -> None:
        """Comment a node; one that is not there is no error, and no words take its comment away."""
        if node in self.nodes:
            self.nodes[node] = {key: value for key, value in self.nodes[node].items() if key != "comment"} | (
                {"comment": words} if words else {}
            )

    def entry(self, held: Mapping[str, Any], name: str) -> dict[str, Any]:
        """Return the entry of a report with this pipeline, and another name, in place of the winner's."""
        return {**held, "name": name, "pipeline": {**held["pipeline"], "name": name, "nodes": self.nodes, "edges": self.edges}}


def frame_of(document: Mapping[str, Any], socket: str) -> Frame:
    """Return a pipeline without the learner that goes into a port, and without all that this learner is made of.

    Args:
        document: The pipeline.
        socket: The input port, as NODE.PORT.
    """
    edges = [list(edge) for edge in document["edges"]]
    learner = next(source for source, target in edges if target == socket)
    gone, found = set[str](), [learner]
    while found:
        node = found.pop().partition(".")[0]
        if node not in gone:
            gone.add(node)
            found += [source for source, target in edges if target.partition(".")[0] == node]
    nodes = {id: dict(node) for id, node in document["nodes"].items() if id not in gone}
    kept = [edge for edge in edges if not {end.partition(".")[0] for end in edge} & gone]
    return Frame(nodes, kept, [target for source, target in edges if source == learner])


def candidate_of(trials: Sequence[Trial], name: str) -> Candidate:
    """Return a candidate by its name.

    Raises:
        ModuleError: `unknown_candidate`; `old_search`, of one whose trials do not say what they tried.
    """
    try:
        known = {each.name: each for each in History.of(trials).candidates}
    except (KeyError, TypeError) as wrong:
        words, remedy = "The trials of this search are of an older version, and do not say what they tried.", "Run the search again."
        raise ModuleError("old_search", words, remedy=remedy) from wrong
    if name not in known:
        remedy = f"Use a name of the leaderboard, such as {next(iter(known))}." if known else "Run the search again."
        raise ModuleError("unknown_candidate", f"The search has no candidate “{name[:60]}”.", remedy=remedy)
    return known[name]


def said_of(candidate: Candidate, trials: Sequence[Trial], part: str) -> str:
    """Return what came of a candidate in the search, in sentences.

    Args:
        candidate: The candidate.
        trials: All trials of the search.
        part: What its score is a mean over, such as “fold”.
    """
    last = [trial for trial in trials if trial.item.content["candidate"] == candidate.number][-1]
    if why := why_unfinished(last, part):
        trees = " Its number of trees was not found over all folds." if candidate.stops else ""
        return f"In the search it has no figure of all {part}s. {why}{trees}"
    figures: Mapping[str, Any] = (last.result and last.result.figures) or {}
    error = f" ± {figures['error']:.4g}" if figures.get("error") is not None else ""
    of = f"Mean over {counted(figures['folds'], part)}" if figures.get("folds", 1) > 1 else f"Of one {part}"
    return f"In the search: {figures.get('metric', 'Score')} {figures['score']:.6g}{error}. {of}."


def why_unfinished(last: Trial, part: str) -> str:
    """Return why a candidate has no figure of all folds, in a sentence; empty where it has one.

    Args:
        last: Its last trial.
        part: What it is judged on, such as “fold”.
    """
    where = last.item.key.rpartition(", ")[2]
    if last.result is None:
        return "Its trial had not ended."
    if last.result.failure:
        came = "ran out of time" if last.result.failure.code in OUT_OF_TIME else "failed"
        return f"Its trial on {where} {came}. {last.result.failure.words}"
    figures: Mapping[str, Any] = last.result.figures or {}
    if "stopped" in figures:
        return f"Given up after {figures['stopped']} of {counted(figures['folds'], part)}, since it was clearly worse than the best."
    if figures.get("score") is not None and last.item.content["share"] == ALL:
        return ""
    value = figures.get("first_fold", figures.get("loss"))
    return f"Tried on a part only: {where}" + (f", {figures.get('metric', 'score')} {value:.6g}." if value is not None else ".")


def seed_of(settings: Mapping[str, Any]) -> int | None:
    """Return the seed among settings, or among the parameters of an estimator; None without one."""
    found = settings.get("seed", (settings.get("parameters") or {}).get("random_state"))
    return found if isinstance(found, int) else None
