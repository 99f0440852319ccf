"""Explain Predictions: how much each feature moves each prediction."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Range, Seed, Title
from pipelines.catalogue.ports import Model, Report, Table
from pipelines.modelling.families import libraries
from pipelines.modelling.features import feature_frame
from pipelines.modules.selection._explaining import LIST, explained, listed_frame
from pipelines.modules.selection._explanation_report import explanation_report
from pipelines.modules.selection._predicting import drawn_rows, task_of_model
from pipelines.modules.selection._row_list import read_rows

ALIASES = ("SHAP", "Shapley values", "feature contributions", "explain", "model explanation", "interpretability", "waterfall", "beeswarm")


class Explained(NamedTuple):
    """The contributions.

    Args:
        table: A row for each explained row and feature, with the contribution, the base and the prediction: base and contributions add up to it.
        report: The features by contribution, all rows in one picture, and the selected rows one by one.
    """

    table: Table
    report: Report


def _columns(model: Model | None, table: Table, *, id_column: str | None, **_: object) -> tuple[Table, None]:
    own = {} if id_column is None else {"Row": table.frame.schema[id_column]}
    return Table(pl.DataFrame(schema={**LIST, **own})), None


@module("Explain Predictions", icon="list-details", columns=_columns, aliases=ALIASES, libraries=libraries(), lineage=Lineage(rows="new"))
def explain_predictions(
    model: Model,
    table: Table,
    *,
    class_name: str = "",
    id_column: Column | None = None,
    rows: Annotated[int, Title("Maximum rows"), Range(1, 100_000)] = 200,
    draw_rows: Annotated[str, Title("Rows to draw")] = "",
    orders: Annotated[int, Title("Orders of the features"), Range(2, 10_000)] = 50,
    seed: Seed = Seed(0),
) -> Explained:
    """Show how much each feature moves the prediction of each row away from the base (SHAP values).

    The base is the prediction without any feature. A row's contributions and the base add up to its prediction, to rounding errors. For LightGBM's
    trees they are exact and computed by LightGBM, where a missing feature follows the training rows. For weighted sums, such as linear and logistic
    regression, they are exact too: coefficient times distance from the mean of the explained rows. Both explain what the learner adds up:
    the predicted number, or for classes the log-odds or score from which the probability is made. For all other models they are estimated, for the
    predicted number or the probability: in many orders of the features, a row's own values replace those of other rows one by one. The standard
    error of each contribution is in the table; four times the orders halve it.

    Parts of a date count for the date, categories for their column. Where features say the same, the contribution is shared between them. A
    contribution describes the model and not its causes: a feature that is not the reason for anything can have a large one.

    Sources: S. Lundberg, S.-I. Lee, "A unified approach to interpreting model predictions", NIPS 2017; E. Štrumbelj, I. Kononenko, "Explaining
    prediction models and individual predictions with feature contributions", KAIS 41 (2014).

    When to use:
        To see why the model predicts what it does for single rows, and which features count overall.

    Args:
        model: The trained model.
        table: The rows to explain, with the features of the model. No label is needed.
        class_name: Of several classes, the one whose prediction is explained; if empty, the last. Of two classes, it is the positive class.
        id_column: A column that names the rows in the results; if empty, they have their number in the table, from 1.
        rows: The number of rows to explain; of more rows so many are drawn at random.
        draw_rows: The numbers of up to 20 rows to draw one by one, such as 3, 17. If empty, those with the highest and the lowest prediction.
        orders: The number of orders of the features, where contributions are estimated; each second one is the reverse of the one before.
        seed: The random seed.

    Example:
        table: transform.split_data.second
        orders: 4
        rows: 20
    """
    task = task_of_model(model)
    if not table.frame.height:
        raise ModuleError("no_rows", "The table has no rows to explain.", port="table", remedy="Connect a table with rows.")
    if id_column is not None:
        require(id_column, table, param="id_column")
    features = feature_frame(table.frame, model.features)
    asked = read_rows(draw_rows, table.frame.height)
    places = np.union1d(drawn_rows(table.frame.height, rows, seed), asked).astype(int)
    found = explained(model, task, features, places.tolist(), class_name, orders, seed)
    frame = table.frame[places.tolist()]
    ids = pl.Series("Row", places + 1, dtype=pl.Int64) if id_column is None else frame[id_column].alias("Row")
    shown = np.searchsorted(places, asked).tolist() or [int(found.predictions.argmax()), int(found.predictions.argmin())]
    report = explanation_report(model, class_name, frame, features[places.tolist()], ids, found, list(dict.fromkeys(shown)))
    return Explained(Table(listed_frame(model, frame, ids, found)), report)
