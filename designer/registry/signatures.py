"""What a model takes and gives: its inputs and outputs by name and type, from the run's real tables, and one example row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import polars as pl

from designer.registry.schemas import ModelFacts
from pipelines import flow
from pipelines.catalogue.ports import TABLE, Model
from pipelines.flow import Damaged, Output
from pipelines.models import Run
from pipelines.serving.model_signature import model_signature, scores_of

MOST_ROWS = 1_000


def bare(facts: ModelFacts) -> Model:
    """The model of which these are the facts, without its estimator."""
    classes = None if facts.classes is None else tuple(facts.classes)
    return Model(facts.name, facts.task, None, facts.label, tuple(facts.features), classes, facts.settings)


def facts_of(output: Output, scope: str) -> ModelFacts:
    """What the file of a model says of it; nothing is loaded.

    Raises:
        Damaged: When the stored bytes are missing or changed.
    """
    return msgspec.convert(flow.about(output, scope), ModelFacts)


def signature_of(run: Run, node: str, facts: ModelFacts) -> dict[str, Any] | None:
    """The signature of a model of a run; None where no stored table of the run has all its features.

    Raises:
        Damaged: When the stored bytes of a table are missing or changed.
    """
    plan = run.read_plan()
    wanted = {name for name, _ in facts.features}
    direct = [(end.node, end.port) for ends in plan.steps[node].sources.values() for end in ends]
    after = plan.shape.downstream([node])
    fits = [place for place in _tables(run) if wanted <= {column.name for column in place[2].columns or ()}]
    order = sorted(fits, key=lambda place: (place[:2] not in direct, place[0] in after))
    if not facts.features or not order:
        return None
    rows = flow.table(order[0][2], run.scope)
    scored = next(
        (table for name, _, output in _tables(run) if name in after and scores_of(facts.name, table := flow.table(output, run.scope))), None
    )
    found = model_signature(bare(facts), rows, scored)
    return None if found is None else msgspec.to_builtins(found)


def rows_of(run: Run, node: str, facts: ModelFacts) -> tuple[pl.DataFrame, str] | None:
    """Up to MOST_ROWS rows of a run with all features of a model, and their place; those that it has scored first. None if none are kept."""
    after, wanted = run.read_plan().shape.downstream([node]), [name for name, _ in facts.features]
    fits = [place for place in _tables(run) if set(wanted) <= {column.name for column in place[2].columns or ()}]
    for name, port, output in sorted(fits, key=lambda place: place[0] not in after):
        try:
            frame = flow.table(output, run.scope).frame
        except Damaged:
            continue
        if frame.height:
            return frame.select(wanted).gather_every(max(1, -(-frame.height // MOST_ROWS))), f"{name}.{port}"
    return None


def _tables(run: Run) -> Iterator[tuple[str, str, Output]]:
    """The stored tables of a run: node, port and record."""
    for step, outputs in flow.steps(run):
        for port, shown in outputs.items():
            if shown.kind == TABLE and not shown.deferred and (output := flow.output(run, step.node, port)):
                yield step.node, port, output
