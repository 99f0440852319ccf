"""Clean Missing Data: fill in missing values, or leave out rows or columns that have them."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pipelines.catalogue.columns import ALL, Selector, kind_of
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Range, Title, Titles, When
from pipelines.catalogue.ports import Table, Transform
from pipelines.modelling.numbers import finite_columns
from pipelines.modules.transform._cleaning import clean, cleaned, filled_type, missing_share
from pipelines.modules.transform._filling import FILLS, NUMERIC, Mode, choose, fitted, tell_left, tell_numbers_in_texts


class Cleaned(NamedTuple):
    """The clean table and how it was cleaned.

    Args:
        table: The cleaned table.
        transform: The fitted cleaning, for Apply Transformation.
    """

    table: Table
    transform: Transform


def _columns(
    table: Table,
    *,
    columns: Selector,
    min_ratio: float,
    max_ratio: float,
    mode: str,
    value: str,
    indicators: bool,
    all_missing: str,
    iterations: int,
    components: int,
) -> tuple[Table | None, None]:
    if mode == "drop_rows":
        return table, None
    if mode == "drop_columns" or all_missing == "remove" or min_ratio > 0 or max_ratio < 1:
        return None, None
    types = table.frame.schema
    chosen = choose(table, columns, mode, value)[0]
    # a text that is named is refused if it has values, which is not known here
    chosen = [column for column in chosen if mode not in NUMERIC or kind_of(types[column]) == "number"]
    state = fitted(table, chosen, mode, value, indicators, "keep", {}, {"iterations": iterations, "components": components}, {})
    alike = not indicators and all(filled_type(types[column], state["numbers"]) == types[column] for column in chosen)
    return table if alike else clean(table, state), None


ROWS = Lineage(rows=lambda given: "some" if given["mode"] == "drop_rows" else "same", fits=lambda given: given["mode"] in NUMERIC)
ALIASES = ("impute", "MICE", "imputation", "probabilistic PCA", "fill", "null", "nan", "drop missing")


@module("Clean Missing Data", icon="eraser", columns=_columns, aliases=ALIASES, libraries=("numpy", "scikit-learn"), lineage=ROWS)
def clean_missing(
    table: Table,
    *,
    columns: Columns = ALL,
    min_ratio: Annotated[float, Title("Minimum missing ratio"), Range(0, 1)] = 0.0,
    max_ratio: Annotated[float, Title("Maximum missing ratio"), Range(0, 1)] = 1.0,
    mode: Mode = "value",
    value: Annotated[str, Title("Replacement value"), When("mode", "value")] = "0",
    indicators: Annotated[bool, Title("Add indicator columns"), When("mode", *FILLS)] = False,
    all_missing: Annotated[
        Literal["keep", "remove"], Title("Columns without values"), Titles(keep="Keep", remove="Remove"), When("mode", *FILLS)
    ] = "keep",
    iterations: Annotated[int, Range(1, 100), When("mode", "mice")] = 10,
    components: Annotated[int, Range(1, 100), When("mode", "ppca")] = 2,
) -> Cleaned:
    """Replace missing values, or remove the rows or columns that contain them.

    Empty cells and values that are not finite numbers count as missing. Mean and median convert whole numbers to decimals. If several values are
    equally frequent, the smallest is used. A rule, such as all columns, skips labels, scores, weights and columns whose type has no such value; the
    log lists those with missing values. Select a column by name to clean it.

    MICE and probabilistic PCA replace each missing number by what the other selected columns of its row say of it. The columns without gaps
    take part too; texts do not. MICE (multivariate imputation by chained equations) predicts each column by a Bayesian ridge regression on the
    others, again and again until the values settle. Probabilistic PCA assumes that a few factors and noise explain all columns, and finds the most
    likely ones by expectation maximization: for many columns that depend on each other. Both make decimals, which can lie outside the range
    of the known values, and need columns that are related. The same equations or factors are applied to other tables.

    Source: for MICE S. van Buuren, K. Groothuis-Oudshoorn, "mice: Multivariate imputation by chained equations in R", JSS 45 (2011), as
    scikit-learn's IterativeImputer does it, with one imputation; for probabilistic PCA M. Tipping, C. Bishop, JRSS B 61 (1999).

    When to use:
        Before modules that cannot use missing values, or to fill them in differently for each column. Fit it on training rows, and use
        Apply Transformation for the test rows.

    Args:
        table: The table to clean.
        columns: The columns to clean. Others are not changed.
        min_ratio: Clean only columns in which at least this fraction of the values is missing.
        max_ratio: Clean only columns in which at most this fraction of the values is missing.
        mode: What to do with missing values.
        value: The replacement value, converted to the type of each column.
        indicators: Add a column NAME_IsMissing for each cleaned column that marks where a value was missing.
        all_missing: What to do with columns that have no values.
        iterations: How often each column is predicted by the others, at most; fewer if the values settle.
        components: The number of factors that explain the columns, at most one less than there are columns.

    Example:
        mode: "median"
        columns: ["normalized-losses", "price", "horsepower"]
    """
    picked = columns.pick(table)
    finite = finite_columns(table.frame, picked)
    share = missing_share(table.frame, picked, finite)
    chosen, left = choose(table, columns, mode, value)
    tell_left(left, share)
    chosen = [column for column in chosen if min_ratio <= share[column] <= max_ratio]
    if mode == "value":
        tell_numbers_in_texts(table, chosen, value, share)
    model = {"iterations": iterations, "components": components}
    state = fitted(table, chosen, mode, value, indicators, all_missing, share, model, finite)
    return Cleaned(cleaned(table, state, finite), Transform("clean_missing", state))
