"""Apply Math Operation: a function of each number of a column, or of two columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
import polars as pl

from pipelines.catalogue.columns import NUMERIC, require
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Column, Columns, Titles, When
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.fitted import needed
from pipelines.modelling.parallel import parallel_map
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
    lineage=Lineage(rows="same"),
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
    """Apply a mathematical function to each value of the columns, with a second column or a constant if it has two arguments.

    New columns are named NAME_FUNCTION, followed by the second column or the constant. Results are 64-bit decimals; comparisons are true or false.
    A missing argument gives a missing result. A result that is not a finite number, such as the logarithm of 0, becomes missing; the log counts
    them.

    The inverse cotangent is between 0 and π. Elliptic integrals take the parameter m = k². Factorials need whole numbers from 0. An odd
    root of a negative number is negative.

    When to use:
        To transform numbers one by one, such as the logarithm of an amount with a long tail.

    Args:
        table: The table with numeric columns.
        columns: The columns to apply the function to.
        function: The function; x is the value of the column.
        second_column: The column with the second argument. If empty, the constant is used.
        constant: The second argument if no second column is selected.
        output: Append the results, replace the columns, or keep only the results.

    Returns:
        The table with the results.

    Example:
        columns: ["price"]
        function: "ln"
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
    told = set(chosen[:MOST_TOLD])
    results = parallel_map(
        lambda column: _computed(table.frame[column], function, arguments, told=column in told), chosen, table.frame.height
    )
    made = {column: [(f"{column}_{function}{ending}", result)] for column, result in zip(chosen, results, strict=True)}
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
    if told and (many := int(np.count_nonzero(given) - np.count_nonzero(held))):
        first = int((given & ~held).argmax())
        some = f"{counted(many, 'result')} {'is' if many == 1 else 'are'} outside the domain of the function or too large"
        log(f"“{values.name}”: {some}, and missing; the first is for {values[first]} in row {first + 1:,}.", "warning")
    return computed.set(pl.Series(~held), None)
