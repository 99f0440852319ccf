"""Guardrails: what a table, its label and a plan of training have that spoils models, in plain words."""

from __future__ import annotations

from pipelines.catalogue.ports import Table
from pipelines.modelling.guardrails.columns import of_columns
from pipelines.modelling.guardrails.guardrail import Guardrail, Plan
from pipelines.modelling.guardrails.label import of_label
from pipelines.modelling.guardrails.rows import of_rows

__all__ = ["Guardrail", "Plan", "guardrails"]
MOST_ROWS = 200_000  # looked at: the first ones, so that repeated keys stay together


def guardrails(table: Table, label: str, task: str, plan: Plan) -> list[Guardrail]:
    """Return every guardrail with its state, those that want attention first.

    Args:
        table: The rows.
        label: The column to predict.
        task: `two_class`, `multi_class` or `regression`.
        plan: How models are to be trained and validated.
    """
    looked_at = table.with_frame(table.frame.head(MOST_ROWS))
    found = [
        *of_label(table.frame[label], task, plan),
        *of_columns(looked_at, label, task),
        *of_rows(looked_at, table.frame.height, label, plan),
    ]
    return sorted(found, key=lambda guardrail: ("alerted", "done", "passed").index(guardrail.state))
