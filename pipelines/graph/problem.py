"""A problem: what is wrong, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

# A node with nothing but unfinished problems is left out of a run, with all that needs it; an error refuses the run.
Severity = Literal["error", "warning", "unfinished"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. Places that are not its own stay None.

    Args:
        code: What is wrong, for programs.
        words: What is wrong, as a sentence.
        node: The node's id.
        port: The port's name.
        param: The setting's name.
        column: The column's name.
        edge: The edge as ("node.port", "node.port").
        remedy: What to do about it.
        severity: How grave it is.
        key: The key of the document that it is about, where that is none of its nodes and edges.
        subject: How `words` begin: the name of the node, then that of the setting, each with what separates it from the rest. A place that
            shows these names already leaves them out.
    """

    code: str
    words: str
    node: str | None = None
    port: str | None = None
    param: str | None = None
    column: str | None = None
    edge: tuple[str, str] | None = None
    remedy: str | None = None
    severity: Severity = "error"
    key: str | None = None
    subject: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The problem as the API sends it and a run keeps it."""
        return asdict(self)


class UnsoundGraph(Exception):
    """A graph that cannot be read or run; carries every problem found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.words for problem in problems))
        self.problems = tuple(problems)
