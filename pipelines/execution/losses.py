"""Lost steps: whether a step whose worker died is started again."""

from __future__ import annotations

from pipelines.execution.memory import in_words
from pipelines.graph.problem import Problem

MOST_LOSSES = 3


def give_up_reason(node: str, losses: int, large: int | None) -> Problem | None:
    """Return why a step is not started again; None when it is.

    Args:
        node: The step's node.
        losses: How often its worker died, this time included.
        large: The memory it held, in bytes, if that may have caused the loss: it would most likely kill the next worker too.
    """
    if large:
        words = f"The worker stopped while this step used {in_words(large)} of memory; the machine probably ran out of memory."
        return Problem("out_of_memory", words, node, remedy="Use fewer rows or columns, or a machine with more memory.")
    if losses >= MOST_LOSSES:
        words = f"The worker stopped {losses} times during this step; it probably ran out of memory."
        return Problem("worker_lost", words, node, remedy="Use fewer rows or columns, or give the worker more memory.")
    return None
