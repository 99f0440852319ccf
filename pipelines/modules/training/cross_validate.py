"""Cross Validate Model: how good a learner is on rows that it was not trained on, fold by fold."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, NamedTuple

from pipelines.catalogue.fan_out import fan_out
from pipelines.catalogue.items import Item, Value
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Range, Seed, When
from pipelines.catalogue.ports import Report, Table, UntrainedModel
from pipelines.catalogue.preprocessing import Preprocessing
from pipelines.modelling.families import libraries
from pipelines.modelling.folds import FROM_THE_START, InTime, MoreBy, check_column, folds_of
from pipelines.modules.training._cross_validation import Validation
from pipelines.modules.training._fit import label_task_and_family
from pipelines.modules.training._fold_rows import labelled

ALIASES = ("k-fold", "cross-validation", "folds", "out-of-fold", "rolling origin", "validate")


class CrossValidated(NamedTuple):
    """What a cross-validation finds.

    Args:
        table: Each row that a fold predicted, with its prediction and its fold.
        report: The metrics of each fold, their mean and spread, and the evaluation of all predictions together.
    """

    table: Table
    report: Report


def _before(
    untrained: UntrainedModel | None, table: Preprocessing, *, split_by: MoreBy, column: Column | None, **_: object
) -> tuple[None, None]:
    if untrained is not None:
        label_task_and_family(untrained)
    check_column(split_by, column)
    return None, None


@module(
    "Cross Validate Model",
    icon="cards",
    columns=_before,
    aliases=ALIASES,
    libraries=libraries(),
    lineage=Lineage(rows="some", label="label", trains=True),
)
def cross_validate(
    untrained: UntrainedModel,
    table: Preprocessing,
    *,
    label: Column,
    positive_class: str = "",
    split_by: MoreBy = "label",
    column: Annotated[Column | None, When("split_by", "groups", "groups_and_label", "each_group", "time", "column")] = None,
    folds: Annotated[int, Range(2, 100), When("split_by", "label", "rows", "groups", "groups_and_label", "time")] = 10,
    repeats: Annotated[int, Range(1, 100), When("split_by", "label", "rows")] = 1,
    in_time: InTime = FROM_THE_START,
    seed: Annotated[Seed, When("split_by", "label", "rows", "groups", "groups_and_label")] = Seed(0),
) -> CrossValidated:
    """Train a learner on all folds but one, predict that one, and do so for each fold.

    Every fold is predicted by a model that has not seen its rows, so the metrics are honest for rows that are new. This holds for what prepares the rows, too: modules
    before this one that learn from rows, such as Normalize Data, Clean Missing Data, Filter Based Feature Selection or Count Features, are fitted again
    on the training rows of each fold, and applied to the rows that it predicts. SMOTE and random samples change the training rows only. The report lists
    them, and what is executed once, on all rows, because it cannot be fitted again. Folds are made of the rows before the first of these modules.

    Rows are split by the label (each fold has the same share of each class, or of each tenth of a numeric label), at random, by groups that no fold divides
    (several in a fold, also with the shares of the label, or each group as a fold), in time (each fold is predicted by a model of earlier rows; rows of the same time
    stay together), or as a column of fold numbers says. The splits are those of scikit-learn with the same seed. A row that is the only one of its class is trained on only.
    With repeats, the rows are split again with the next seed, and the predictions in the table are those of the first.

    To see whether one learner is better than another, validate both with the same folds, and connect both tables to Evaluate Model: it tests the difference of each metric over the folds.

    Folds are trained side by side where workers are free. Each is kept, so that a run that was stopped goes on with the missing ones.

    When to use:
        For a reliable estimate on few rows, to see how much a metric varies, and to compare learners without a test set.

    Args:
        untrained: The untrained model.
        table: The rows; modules before them that learn are fitted again in each fold.
        label: The column to predict.
        positive_class: For two classes, the class whose probability is predicted; if empty, the last in order.
        split_by: What the folds are made of.
        column: The column of groups, times or folds.
        folds: How many folds.
        repeats: How often all rows are split.
        in_time: Which earlier rows a fold is trained on.
        seed: The random seed; the same seed gives the same folds.

    Example:
        table: data.dataset
        label: "price"
        folds: 5
    """
    task, family = label_task_and_family(untrained)
    known, values = labelled(table, task, label, positive_class)
    task = task.narrowed(values)
    validation = Validation(untrained, task, family, replace(table, rows=known), label, positive_class)
    parts = folds_of(known, task.target(values), split_by, column, folds, repeats, seed, in_time)

    def each(item: Item) -> Value:
        predicted, figures = validation.validate(item.payload)
        return Value(figures, b"" if item.payload.repeat else predicted)

    results = fan_out([Item(fold.name, payload=fold) for fold in parts], each, noun="folds")
    figures = [result.figures for result in results]
    first = [place for place, fold in enumerate(parts) if fold.repeat == 0]
    kept = [results[place].blob() for place in first]
    scored = validation.together([parts[place] for place in first], kept, [figures[place] for place in first])
    return CrossValidated(scored, validation.report(parts, figures, scored))
