"""Guardrails: what a table, its label and a plan of training have that spoils models, in plain words."""

from __future__ import annotations

from pipelines.catalogue.ports import Table
from pipelines.modelling.guardrails.columns import of_columns
from pipelines.modelling.guardrails.copies import of_shared
from pipelines.modelling.guardrails.drift import of_drift
from pipelines.modelling.guardrails.guardrail import Guardrail, Plan
from pipelines.modelling.guardrails.label import of_label
from pipelines.modelling.guardrails.rows import of_rows
from pipelines.modelling.guardrails.times import times_of

__all__ = ["Guardrail", "Plan", "guardrails"]
MOST_ROWS = 200_000  # looked at: the first ones, so that repeated keys stay together


def guardrails(table: Table, label: str, task: str, plan: Plan, later: Table | None = None) -> list[Guardrail]:
    """Return every guardrail with its state, those that want attention first.

    Args:
        table: The rows.
        label: The column to predict.
        task: `two_class`, `multi_class` or `regression`.
        plan: How models are to be trained and validated.
        later: Other rows by which models are judged, which should be like these.
    """
    looked_at = table.with_frame(table.frame.head(MOST_ROWS))
    features = [column for column in table.frame.columns if column != label and table.role(column).role == "feature"]
    times = times_of(looked_at.frame, features)
    columns = list(of_columns(looked_at, label, task, times))
    ids = next(each.columns for each in columns if each.id == "id_columns")
    found = [
        *of_label(table.frame[label], task, plan),
        *columns,
        *of_rows(
            looked_at.only([column for column in looked_at.frame.columns if column not in ids]), table.frame.height, label, times, plan
        ),
    ]
    if later is not None:
        compared = [*(column for column in features if column not in ids), label]
        found.append(of_shared(looked_at.frame, later.frame.head(MOST_ROWS), compared))
        found.append(of_drift(looked_at.frame, later.frame.head(MOST_ROWS), compared))
    return sorted(found, key=lambda guardrail: ("alerted", "done", "passed").index(guardrail.state))
