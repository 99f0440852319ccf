"""A scored table, read: the truth beside what a model said."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.learning import class_text
from pipelines.catalogue.ports import Table
from pipelines.catalogue.telling import note


@dataclass(frozen=True)
class Scored:
    """Truth and score of each row: numbers, or 0/1 and the chance of the positive class."""

    name: str
    truth: np.ndarray
    score: np.ndarray
    positive: str | None = None
    negative: str | None = None

    def renamed(self, name: str) -> Scored:
        """The same under another name."""
        return replace(self, name=name)


def read_scored(table: Table) -> Scored:
    """Find the label and the score of a table.

    Raises:
        ModuleError: When one of them is missing or does not fit.
    """
    scores, labels = table.columns_with("score"), table.columns_with("label")
    if not scores:
        raise ModuleError("no_score", "The table has no scores.", port="scored", remedy="Put Score Model before Evaluate Model.")
    if len(labels) != 1:
        raise ModuleError(
            "no_label",
            f"The table has {len(labels) or 'no'} label column{'s' if labels else ''}; to judge the scores there must be exactly one.",
            port="scored",
            remedy="Score a table that still has the column the model was trained to predict.",
        )
    label, score = labels[0], scores[-1]  # the probability is the last score of two classes
    role = table.role(score)
    rows = table.frame.select(truth=pl.col(label), score=pl.col(score).cast(pl.Float64)).drop_nulls()
    if lost := table.frame.height - rows.height:
        note(f"{lost} {'row' if lost == 1 else 'rows'} without label or score {'was' if lost == 1 else 'were'} left out.", "warning")
    if not rows.height:
        raise ModuleError(
            "no_rows", "There is no row with both a label and a score.", port="scored", remedy="Score a table that has rows with a label."
        )
    name = role.model or "Model"
    if role.positive is None:
        if kind_of(rows.schema["truth"]) != "number":
            raise ModuleError(
                "label_not_a_number",
                f"'{label}' does not hold numbers, but the scores are numbers.",
                port="scored",
                column=label,
                remedy="Score a table whose label has the type it was trained with.",
            )
        return Scored(name, rows["truth"].cast(pl.Float64).to_numpy(), rows["score"].to_numpy())
    return _two_class(name, label, class_text(rows["truth"]), rows["score"], role.positive)


def _two_class(name: str, label: str, truth: pl.Series, score: pl.Series, positive: str) -> Scored:
    others = [value for value in truth.unique().sort() if value != positive]
    if len(others) > 1:
        raise ModuleError(
            "not_two_classes",
            f"'{label}' has the values {', '.join(others[:3])} beside '{positive}'; two classes are judged.",
            port="scored",
            column=label,
            remedy="Keep the rows of the two classes the model was trained on.",
        )
    negative = others[0] if others else f"not {positive}"
    return Scored(name, (truth == positive).cast(pl.Int8).to_numpy(), score.to_numpy(), positive, negative)
