"""Train Model: a learner and a table in, a trained model out."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.columns import require
from pipelines.catalogue.learning import feature_frame
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column
from pipelines.catalogue.ports import Model, Table, UntrainedModel
from pipelines.catalogue.telling import note
from pipelines.modules.training._features import choose_features
from pipelines.modules.training._fit import fit
from pipelines.modules.training._label import class_names, target
from pipelines.modules.training._report import training_report


def _before(untrained: UntrainedModel | None, table: Table, *, label: str) -> Model | None:
    return Model(untrained.name, untrained.task, None, label, ()) if untrained else None


@module("Train Model", columns=_before, aliases=("fit", "learn"), libraries=("scikit-learn", "lightgbm", "numpy"))
def train_model(untrained: UntrainedModel, table: Table, *, label: Column) -> Model:
    """Train a learner to predict a column from the feature columns of a table.

    Numbers are used as they are, yes/no as 1 and 0, dates as days since 1970. Texts and categories become categories, the 100 most
    frequent of a column and one for the rest. A missing number is the column's mean plus a mark for linear learners; trees know missing
    values. Left out are rows without label, columns that are ignored, label, score or weight, columns without any value, and texts with
    nearly as many values as rows, such as names. A weight column weighs the rows. Of two classes the positive one is the later in order:
    true of false and true, the larger number, the later text of the alphabet.

    Args:
        untrained: The learner.
        table: The rows to learn from.
        label: The column to predict.

    Returns:
        The trained model.
    """
    require(label, table, param="label")
    known = table.with_frame(table.frame.filter(table.frame[label].is_not_null()))
    if lost := table.frame.height - known.frame.height:
        note(f"{lost} {'row' if lost == 1 else 'rows'} with a missing label {'was' if lost == 1 else 'were'} left out.", "warning")
    y = target(known.frame[label], untrained.task)
    features = choose_features(known, label)
    pipeline = fit(untrained, feature_frame(known.frame, features), y, features, _weights(known))
    classes = class_names(pipeline[-1]) if untrained.task == "two_class" else None
    model = Model(untrained.name, untrained.task, pipeline, label, tuple(features), classes, dict(untrained.settings))
    note(f"Learned from {known.frame.height} rows and {len(features)} column{'' if len(features) == 1 else 's'}.")
    return Model(**{**vars(model), "report": training_report(model, known.frame.height)})


def _weights(table: Table) -> Any:
    columns = table.columns_with("weight")
    return table.frame[columns[0]].cast(float).fill_null(0.0).to_numpy() if columns else None
