"""What stands against a scoring graph, as a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from designer.http.errors import Refusal
from pipelines import flow
from pipelines.serving.graph import CannotDerive


@contextmanager
def telling() -> Iterator[None]:
    """Turn what stands against a scoring graph into a refusal.

    Raises:
        Refusal: 422 with the node and the reason when no scoring graph follows; 410 when a value is lost.
    """
    try:
        yield
    except CannotDerive as refused:
        problem = refused.problem
        raise Refusal(422, problem.code, problem.words, remedy=problem.remedy, node=problem.node) from refused
    except flow.Damaged:
        words = "The stored result is missing or damaged."
        raise Refusal(410, "result_lost", words, remedy="Run the pipeline again to recompute it.") from None
