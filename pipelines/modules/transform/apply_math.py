"""Apply Math Operation: a function of each number of a column, or of two columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
import polars as pl

from pipelines.catalogue.columns import NUMERIC, require
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Column, Columns, Titles, When
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modules.transform._fitted import needed
from pipelines.modules.transform._mathematics import BINARY, FUNCTIONS, TITLES
from pipelines.modules.transform._placing import Output, placed

if TYPE_CHECKING:
    Name = str
else:
    Name = Annotated[Literal[tuple(FUNCTIONS)], Titles(**TITLES)]
MOST_TOLD = 20


@module(
    "Apply Math Operation",
    icon="math-function",
    columns=PROBE,
    aliases=("math", "logarithm", "square root", "round", "absolute value", "sine", "gamma", "error function", "arithmetic", "compare"),
    libraries=("numpy", "scipy"),
)
def apply_math(
    table: Table,
    *,
    columns: Columns = NUMERIC,
    function: Name = "abs",
    second_column: Annotated[Column | None, When("function", *BINARY)] = None,
    constant: Annotated[float, When("function", *BINARY)] = 1.0,
    output: Output = "append",
) -> Table:
    """Compute a function of each number of the columns, and where it has two arguments, of a second column or a constant.

    New columns are called NAME_FUNCTION, with the second column or the constant after it. Results are decimal numbers of 64 bits; those of
    comparisons are true or false. A missing argument, or one that is not a number, gives a missing result. So does a result that is no finite
    number, such as the logarithm of 0 or what is too large; the log says how many there are.

    The inverse cotangent lies between 0 and π. Elliptic integrals take the parameter m = k². Factorials are of whole numbers from 0. An odd
    root of a negative number is negative.

    Args:
        table: The table with numeric columns.
        columns: The columns to compute with.
        function: What is computed; x is the value of the column.
        second_column: The column with the second argument, row by row; empty for a constant.
        constant: The second argument of all rows, where no second column is chosen.
        output: Whether the results come after the other columns, or take the place of their columns.

    Returns:
        The table with the results.
    """
    chosen = columns.pick(table)
    needed(table, chosen, numbers=True)
    arguments: list[np.ndarray] = []
    ending = ""
    if FUNCTIONS[function].second:
        if second_column is None:
            arguments, ending = [np.asarray(constant)], f"_{constant:.6g}"
        else:
            needed(table, [require(second_column, table, param="second_column")], numbers=True, param="second_column")
            arguments, ending = [_numbers(table.frame[second_column])], f"_{second_column}"
    made = {}
    for place, column in enumerate(chosen):
        results = _computed(table.frame[column], function, arguments, told=place < MOST_TOLD)
        made[column] = [(f"{column}_{function}{ending}", results)]
    return table.with_frame(table.frame.select(placed(table.frame.columns, made, output)))


def _numbers(values: pl.Series) -> np.ndarray:
    numbers = values.cast(pl.Float64)
    return (numbers.fill_null(float("nan")) if numbers.null_count() else numbers).to_numpy()


def _computed(values: pl.Series, function: str, arguments: list[np.ndarray], told: bool) -> pl.Series:
    x = _numbers(values)
    given = ~np.isnan(x)
    for argument in arguments:
        given &= ~np.isnan(argument)
    with np.errstate(all="ignore"):
        results = np.asarray(FUNCTIONS[function].compute(x, *arguments))
    held = given if FUNCTIONS[function].truth else given & np.isfinite(results)
    computed = pl.Series(values.name, results)
    if held.all():
        return computed
    if told and (many := int((given & ~held).sum())):
        first = int((given & ~held).argmax())
        some = f"{counted(many, 'result')} {'is' if many == 1 else 'are'} outside of what the function can give or a number can hold"
        log(f"'{values.name}': {some}, and missing now; the first is of {values[first]} in row {first + 1:,}.", "warning")
    return computed.set(pl.Series(~held), None)
