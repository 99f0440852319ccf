"""The scoring graph: an ordinary document in which fitted values are pinned, with the decision on each node of the training graph."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from pipelines.execution.output import Output
from pipelines.graph.codec import load
from pipelines.graph.model import Endpoint, Graph
from pipelines.graph.problem import Problem
from pipelines.serving.signature import Signature

Fate = Literal["kept", "replaced", "passed", "cut"]


class Decision(msgspec.Struct, frozen=True):
    """What became of a node of the training graph, and why.

    Args:
        node, title, module: The node, its name on the canvas, and the id of its module.
        fate: `kept` as drawn, `replaced` by what it has fitted or by the request, `passed` by every row of a request, or `cut`.
        reason: Why, as a sentence.
        became: The nodes of the scoring graph that stand for it.
    """

    node: str
    title: str
    module: str
    fate: Fate
    reason: str
    became: tuple[str, ...] = ()


class Pinned(msgspec.Struct, frozen=True):
    """A value of the run that stands in the scoring graph: the output of a node that is not executed.

    Args:
        node, port: The output of the scoring graph.
        output: The record of the value: its kind and digest, of a table its columns.
        made_by: The output of the training graph that gave it, as `node.port`.
        only: The columns that a fitted transformation is narrowed to; None for all.
    """

    node: str
    port: str
    output: Output
    made_by: str
    only: tuple[str, ...] | None = None


class ScoringGraph(msgspec.Struct, frozen=True):
    """A scoring graph.

    Args:
        document: The graph as a document; its request node stands for the rows of a request.
        request, answer: The output where the rows of a request enter, and the output with their scores, as `node.port`.
        pinned: The values that stand in it.
        decisions: What became of each node of the training graph, in its order.
        signature: The columns of requests and answers.
        scored: The output of the training graph that it gives for new rows, as `node.port`.
        choices: Further outputs that a scoring graph can be derived for, as `node.port`.
        notes: What people should know, as sentences.
    """

    document: dict[str, Any]
    request: str
    answer: str
    pinned: tuple[Pinned, ...]
    decisions: tuple[Decision, ...]
    signature: Signature
    scored: str
    choices: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def graph(self) -> Graph:
        """Return the document as a graph."""
        return load(self.document)

    @property
    def request_end(self) -> Endpoint:
        """Return the output where the rows of a request enter."""
        return end_of(self.request)

    @property
    def answer_end(self) -> Endpoint:
        """Return the output with the scores."""
        return end_of(self.answer)


class CannotDerive(Exception):
    """No scoring graph follows from a run; `problem` names the node, the reason and the remedy."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.words)
        self.problem = problem


def end_of(text: str) -> Endpoint:
    """Return an output of its text, `node.port`."""
    node, _, port = text.rpartition(".")
    return Endpoint(node, port)


def refused(code: str, words: str, node: str | None, remedy: str) -> CannotDerive:
    """Return the refusal to derive a scoring graph."""
    return CannotDerive(Problem(code, words, node=node, remedy=remedy))
