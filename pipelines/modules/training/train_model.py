"""Train Model: a learner and a table in, a trained model out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Model, Table, UntrainedModel
from pipelines.catalogue.reporting import log
from pipelines.modelling.explanation import explain
from pipelines.modelling.families import libraries
from pipelines.modelling.features import feature_frame
from pipelines.modelling.leaks import find_leaks
from pipelines.modelling.tasks import TRAIN_MODEL, check_trainer
from pipelines.modules.training._features import choose_features
from pipelines.modules.training._fit import fit, label_task_and_family
from pipelines.modules.training._report import training_report
from pipelines.modules.training._rows import known_rows, require_label, weights
from pipelines.modules.training._thresholds import settings_of


def _before(untrained: UntrainedModel | None, table: Table, *, label: str, positive_class: str) -> Model | None:
    if untrained is None:
        return None
    check_trainer(untrained, TRAIN_MODEL)
    return Model(untrained.name, untrained.task, None, label, ())


def _is_constant(y: Any) -> bool:
    return bool((y == y[0]).all())


ALIASES = ("fit", "learn")


@module("Train Model", icon="school", columns=_before, aliases=ALIASES, libraries=libraries(), lineage=Lineage(label="label", trains=True))
def train_model(untrained: UntrainedModel, table: Table, *, label: Column, positive_class: str = "") -> Model:
    """Train a model to predict a column from the feature columns of a table.

    Numbers are used as they are, Booleans as 1 and 0. A date becomes days since 1970 (with its time as a fraction), year, month, weekday (Monday is
    1) and hour; linear models use month, weekday and hour as categories. Text and categorical columns become categories; of a column with more than
    100 values, the 99 most frequent are kept and all others are combined. For linear models, a missing or infinite number becomes the mean of its
    column plus an indicator, and a missing text is its own category. Trees handle missing values of both kinds.
    A text column with more than three words on average, which hardly repeat, is learned from by its words: the 5,000 most frequent ones, weighted by how
    rare they are (TF-IDF). Learners other than linear ones use 64 topics of them (latent semantic analysis). Make the column categorical with Edit
    Metadata to learn from its values.
    Not used are rows without label or weight, columns with the role ignored, label, score or weight, columns without values or with a single value,
    and texts of few words with nearly as many values as rows, such as codes. A weight column weights the rows.
    A multiclass learner trains a two-class model if the label has two values, so that there are a positive class and a threshold.
    The report and the log list what was left out or changed, and warn of columns that look like row numbers, like numbers or dates stored as text,
    or that reveal the label.

    When to use:
        For every learner that predicts a column. Train on one part of a split, and score the other.

    Args:
        untrained: The untrained model.
        table: The training rows.
        label: The column to predict.
        positive_class: For two classes, the class whose probability is predicted; if empty, the last in order: true, the larger number, or the last
            text alphabetically.

    Returns:
        The trained model.

    Example:
        table: transform.split_data.first
        label: "price"
    """
    require_label(label, table)
    task, family = label_task_and_family(untrained)
    known = known_rows(table, label)
    task = task.narrowed(known.frame[label])
    y = task.target(known.frame[label])
    task.check_positive(known.frame[label], positive_class)
    chosen = choose_features(known, label)
    frame = feature_frame(known.frame, chosen.features)
    leaks = tuple(find_leaks(frame, chosen.features, task.signals(y), task.measure))
    constant = (
        ((label, f"it is the same in all {counted(len(y), 'row')}, so the model predicts this value always"),) if _is_constant(y) else ()
    )
    for column, words in (*constant, *leaks):
        log(f"“{column}”: {words}.", "warning")
    pipeline = fit(untrained, family, frame, y, chosen.features, weights(known), label=label).pipeline
    classes = task.classes(pipeline[-1], positive_class)
    settings = settings_of(untrained, family, frame, y, chosen.features, weights(known), classes)
    model = Model(untrained.name, task.id, pipeline, label, chosen.features, classes, settings)
    log(f"Trained on {counted(known.frame.height, 'row')} and {counted(len(chosen.features), 'column')}.")
    importance = explain(model, family, frame, y)
    remarks = (*constant, *chosen.remarks, *leaks)
    return replace(model, report=training_report(model, frame, replace(chosen, remarks=remarks), importance))
