"""Train Vowpal Wabbit Model: a linear model by online learning, which can continue an earlier one."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from pipelines.catalogue.columns import Rule, Selector, require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Columns, Range, Title, Titles
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.kinds.vowpal_wabbit_model import VowpalWabbitModel
from pipelines.modules.text._online import features_of, known_rows, task_and_classes, training_lines
from pipelines.modules.text._vowpal import for_task, read_arguments, train

Task = Annotated[
    Literal["two_class", "multi_class", "regression"],
    Title("Predict"),
    Titles(two_class="One of two classes", multi_class="One of several classes", regression="A number"),
]
FEATURES = Selector((Rule(True, "all"), Rule(False, "roles", ("label", "score", "weight", "ignored"))))


@module(
    "Train Vowpal Wabbit Model",
    icon="flame",
    aliases=("vw", "online learning", "incremental learning", "stochastic gradient descent", "Train Vowpal Wabbit Version 8 Model"),
    libraries=("vowpalwabbit",),
    extra="vw",
    lineage=Lineage(label="label", trains=True),
)
def train_vowpal_wabbit_model(
    table: Table,
    model: VowpalWabbitModel | None = None,
    *,
    label: Column,
    columns: Columns = FEATURES,
    task: Task = "two_class",
    words: Annotated[bool, Title("Texts are sequences of words")] = False,
    passes: Annotated[int, Range(1, 1000)] = 1,
    arguments: Annotated[str, Title("Vowpal Wabbit arguments")] = "",
) -> VowpalWabbitModel:
    """Train a linear model on hashed features, one row after another.

    The size of the model does not grow with rows or features. Rows count in the order of the table: shuffle sorted ones first. Numbers are
    features of the namespace n, texts and categories of c, words of texts of t: the argument -q nc adds products of numbers and categories.
    Missing values have no feature. Dates become days, year, month, weekday and hour. A weight column weights rows.

    Classes are learned with logistic loss, several of them one against all. Of two, the positive class is the last in order. A model that is
    connected is trained further; it keeps its task, arguments and columns. Options that read or write files, open ports or change what is
    predicted are refused. The log has the mean loss of the rows, each before the model learned it.

    Source: vowpalwabbit.org, version 9.11; N. Karampatziakis, J. Langford, "Online importance weight aware updates", UAI (2011).

    When to use:
        For more rows or words than fit in memory, and to go on training a model with new rows.

    Args:
        table: The training rows.
        model: A model to train further.
        label: The column to predict.
        columns: The columns to learn from, without the label.
        task: What is predicted.
        words: Split text columns into words. If off, each text is one category.
        passes: How often all rows are learned.
        arguments: Options of Vowpal Wabbit's command line, such as -q nc --l2 1e-6 -b 20.

    Returns:
        The trained model.

    Example:
        data.dataset: {"dataset": "credit_risk"}
        table: transform.split_data.first
        label: "Status"
    """
    require(label, table, param="label")
    chosen = features_of(table, columns, label)
    known = known_rows(table, label)
    if model is None:
        options = read_arguments(arguments, task)
        found, classes = task_and_classes(known, label, task)
        model = VowpalWabbitModel(b"", for_task(options, found, classes), found, label, chosen, classes, words)
    else:
        _check(model, label)
    lines = training_lines(known, label, model.features, model.task, model.classes, words=model.words)
    data, loss = train(lines, model.arguments, model.data, passes)
    log(f"Trained on {counted(len(lines), 'row')} and {counted(len(model.features), 'column')}; mean loss before learning: {loss:.4g}.")
    return replace(model, data=data)


def _check(model: VowpalWabbitModel, label: str) -> None:
    if model.label != label:
        remedy = "Select this label, or do not connect a model."
        raise ModuleError("other_label", f"The model predicts “{model.label}”, not “{label}”.", param="label", column=label, remedy=remedy)
    log(f"The model is trained further, with its own task, arguments and {counted(len(model.features), 'column')}.")
