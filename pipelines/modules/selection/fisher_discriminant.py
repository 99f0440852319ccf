"""Fisher Linear Discriminant: new columns that keep given classes apart."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
import polars as pl

from pipelines.catalogue.columns import NUMERIC, require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Columns, Range
from pipelines.catalogue.phrases import class_text, counted
from pipelines.catalogue.ports import Report, Table, Transform
from pipelines.catalogue.reporting import log
from pipelines.modelling.classes import places_of
from pipelines.modelling.features import present
from pipelines.modelling.numbers import need_numbers
from pipelines.modelling.transformations.projecting import projected, spread_of, standardized
from pipelines.modules.selection._discriminating import discriminants_of
from pipelines.modules.selection._projection_report import variance_report

MOST_CLASSES = 1000


class Discriminants(NamedTuple):
    """The discriminants and how they are computed.

    Args:
        table: The table with the discriminants LD1, LD2, … in place of the selected columns, or after them.
        transform: The same discriminants, for another table.
        report: How much of the spread between the classes each discriminant has, and its weights.
    """

    table: Table
    transform: Transform
    report: Report


def _columns(table: Table, **_: object) -> tuple[None, None, None]:
    return None, None, None  # how many there are depends on the classes


ROWS = Lineage(rows="same", label="label")
ALIASES = ("Fisher Linear Discriminant Analysis", "lda", "supervised dimensionality reduction", "discriminant analysis")


@module(
    "Fisher Linear Discriminant", icon="arrows-split", columns=_columns, aliases=ALIASES, libraries=("numpy", "scikit-learn"), lineage=ROWS
)
def fisher_discriminant(
    table: Table, *, label: Column, columns: Columns = NUMERIC, components: Annotated[int, Range(1)] | None = None, keep: bool = False
) -> Discriminants:
    """Replace columns of numbers by the weighted sums that keep the classes of the label furthest apart.

    The first discriminant has the largest spread between the means of the classes relative to the spread inside them, the second the largest
    among those that have no correlation with it inside the classes, and so on; there is one less than there are classes. Inside the classes
    each has variance 1, and its largest weight is positive. What is missing or not a finite number is treated as the mean of its column, and rows
    without a class are not fitted on; the log says so. The label itself is never combined. Fit on the training rows and apply the transform
    to the test rows.

    Source: R. A. Fisher, "The use of multiple measurements in taxonomic problems", Annals of Eugenics 7 (1936).

    When to use:
        To see in two or three dimensions how well classes separate, or as features for a simple model.

    Args:
        table: The rows to fit on.
        label: The column of classes.
        columns: The columns to combine: numbers, or yes/no.
        components: How many discriminants to keep; empty for all.
        keep: Keep the selected columns beside the discriminants.

    Example:
        label: "body-style"
        columns: ["length", "width", "height", "curb-weight"]
    """
    require(label, table, param="label")
    chosen = [column for column in columns.pick(table) if column != label]
    need_numbers(table.frame, chosen)
    known, classes = _classes(table, label)
    if not chosen or known.height <= classes.n_unique():
        words = (
            f"{counted(known.height, 'row')} and {counted(len(chosen), 'column')} are too few to keep {classes.n_unique()} classes apart."
        )
        raise ModuleError("too_few", words, param="columns", port="table", remedy="Select more numeric columns, or use more rows.")
    means, scales = spread_of(known, chosen, scale=True)
    matrix = standardized(known, chosen, means, scales)
    shares, weights = (
        discriminants_of(matrix, places_of(classes).cast(pl.Int64).to_numpy()) if matrix.any() else (np.empty(0), np.empty((0, 0)))
    )
    most = len(weights)
    if not most:
        words = f"The selected columns do not differ between the classes of “{label}”."
        raise ModuleError("does_not_vary", words, param="columns", port="table", remedy="Select columns that vary.")
    count = min(components or most, most)
    if components and count < components:
        log(f"{components} discriminants were requested; {counted(most, 'discriminant')} can be computed.", "warning")
    weights, names = weights[:count], [f"LD{place + 1}" for place in range(count)]
    state = {"columns": chosen, "means": means, "scales": scales, "weights": weights.tolist(), "names": names, "keep": keep}
    report = variance_report("Fisher linear discriminant", chosen, names, weights, None, shares)
    whole = matrix if known.height == table.frame.height else None
    return Discriminants(projected(table, state, whole), Transform("projection", state), report)


def _classes(table: Table, label: str) -> tuple[pl.DataFrame, pl.Series]:
    known = table.frame.filter(present(table, label))
    if lost := table.frame.height - known.height:
        log(f"{counted(lost, 'row')} without a value of “{label}” {'was' if lost == 1 else 'were'} not fitted on.", "warning")
    strange = known.schema[label].is_nested() or known.schema[label] in (pl.Binary, pl.Object, pl.Duration)
    classes = pl.Series([], dtype=pl.String) if strange else class_text(known[label])
    if not 2 <= classes.n_unique() <= MOST_CLASSES:
        held = "values that make no classes" if strange else counted(classes.n_unique(), "different value")
        words = f"“{label}” has {held}; 2 to {MOST_CLASSES:,} classes can be kept apart."
        raise ModuleError("not_classes", words, param="label", port="table", column=label, remedy="Select a column of classes.")
    return known, classes
