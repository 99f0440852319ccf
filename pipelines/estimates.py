"""What a step is likely to take, by what earlier ones took, and refusing one that would not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines import rows
from pipelines.compilation import Step
from pipelines.execution.memory import estimate, in_words, machine_bytes
from pipelines.execution.output import Output
from pipelines.graph.problem import Problem
from pipelines.terms import Terms

# What reads less than this is carried out without asking: the question would cost more than the answer is worth.
WORTH_ASKING = 32 * 1024**2


def bytes_of(inputs: Mapping[str, Sequence[Output]]) -> int:
    """The size of what arrives at a step."""
    return sum(output.bytes for outputs in inputs.values() for output in outputs)


def memory_limit(terms: Terms, step: Step) -> int:
    """What a step may take, in bytes: the least of its node's limit, its run's, and what the machine has."""
    of_node = step.execution.get("memory_mb", 0) * 1024**2
    return min(limit for limit in (of_node, terms.limits.get("step_memory_bytes"), machine_bytes()) if limit)


def would_not_fit(terms: Terms, step: Step, inputs: Mapping[str, Sequence[Output]]) -> Problem | None:
    """Why a step is not to be started: steps like it took more than it may have."""
    arriving = bytes_of(inputs) + sum(record["bytes"] for record in step.datasets.values())
    if arriving < WORTH_ASKING:
        return None
    likely = estimate(rows.past_peaks(terms.scope, step.module), arriving)
    limit = memory_limit(terms, step)
    if likely is None or likely <= limit:
        return None
    return Problem(
        "would_not_fit",
        f"{step.node} would need about {in_words(likely)} of memory, and may take {in_words(limit)}; it was not started.",
        step.node,
        remedy="Use fewer rows or columns, raise the limit, or carry this step out again by name to try it all the same.",
    )
