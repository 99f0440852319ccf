"""Problem: what is wrong, where, and how to fix it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

# A node with nothing but unfinished problems is left out of a run, with its dependents; an error refuses the run.
Severity = Literal["error", "warning", "unfinished"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. Places that do not apply are None.

    Args:
        code: The kind of problem, for programs.
        words: The problem, as a sentence.
        node: The node's id.
        port: The port's name.
        param: The setting's name.
        column: The column's name.
        edge: The edge as ("node.port", "node.port").
        remedy: How to fix it.
        severity: How severe it is.
        key: The key of the document, or of its node, that does not follow the format; `edges.N` for an edge, counted from 0.
        subject: The beginning of `words`: the names of the node and of the setting, each with its separator. A view that shows these names
            already leaves them out.
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
        """Return the problem as the API sends it and a run stores it."""
        return asdict(self)


class UnsoundGraph(Exception):
    """A graph that cannot be read or run; holds every problem found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.words for problem in problems))
        self.problems = tuple(problems)
