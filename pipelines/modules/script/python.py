"""Execute Python Script: people's own code on up to three tables and a model."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

import polars as pl

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Code, Multiline, Titles
from pipelines.catalogue.ports import Frame, Model, Report, Table
from pipelines.modules.script._models import NONE, helper
from pipelines.modules.script._returned import MOST_TABLES, sort_returned
from pipelines.modules.script._running import read_params, run
from pipelines.modules.script._showing import Shown
from pipelines.modules.script._tables import given, say_roles

BEGINNING = """\
import polars as pl


def main(first, second, third):
    return first
"""


class Returned(NamedTuple):
    """What the function returned.

    Attributes:
        first: The first table that it returned; a table without columns where it returned none.
        second: The second table.
        third: The third table.
        fourth: The fourth table.
        report: Figures of a returned dict of numbers, and the charts and pictures that it returned or left open.
        model: The model that it returned; Score Model refuses it where it returned none.
    """

    first: Frame
    second: Frame
    third: Frame
    fourth: Frame
    report: Report
    model: Model


@module(
    "Execute Python Script",
    icon="brand-python",
    aliases=("code", "custom", "polars", "pandas", "numpy", "matplotlib", "plot", "program"),
    libraries=("numpy", "pandas", "matplotlib"),
    runs_code=True,
)
def python(
    first: Table | None = None,
    second: Table | None = None,
    third: Table | None = None,
    model: Model | None = None,
    *,
    tables: Annotated[Literal["polars", "pandas"], Titles(polars="Polars", pandas="pandas")] = "polars",
    params: Annotated[str, Multiline()] = "",
    code: Annotated[str, Code("python")] = BEGINNING,
) -> Returned:
    """Execute a Python script on up to three tables and a model.

    The script defines a function "main(first, second, third)". It gets the tables as DataFrames (None where nothing is connected) and returns up to
    four tables: Polars or pandas DataFrames, Series, or dicts of columns. Beside tables it may return a dict of numbers, matplotlib figures and
    Vega-Lite charts, which the report shows; figures that are left open are shown too. A parameter called model gets the connected model, one called
    params the settings as a dict. Columns keep their roles by name. What it prints stands in the node's log. It is executed in a sandbox: no
    network, no files but those it makes in /tmp, and memory and time as the node allows.

    It may also return a model for Score Model: "easel.model(estimator, table, label="price")" for an estimator of scikit-learn or LightGBM
    that was fitted on the columns of that table, with "positive=" for the class whose probability is predicted; or
    "dataclasses.replace(model, estimator=...)" for the connected one with another estimator. Score Model gives the estimator numbers as
    decimals, yes/no as 1 and 0, and texts as they are; a date as Train Model does.

    Args:
        first: The first table.
        second: The second table.
        third: The third table.
        model: A trained model; its scikit-learn pipeline is model.estimator.
        tables: The library whose DataFrames main gets.
        params: Settings for the script, one a line as "name = value"; a value is JSON, else a text.
        code: The script.

    Returns:
        The tables, the report and the model.
    """
    arrived = [table for table in (first, second, third) if table is not None]
    arguments = [given(table, tables) for table in (first, second, third)]
    shown = Shown()
    returned = run(code, "main", arguments, {"model": model, "params": read_params(params)}, {"easel": helper(arrived)})
    frames, models = sort_returned(returned, model, arrived, shown)
    say_roles(arrived, frames)
    one, two, three, four = [*frames, *[pl.DataFrame()] * (MOST_TABLES - len(frames))]
    return Returned(one, two, three, four, shown.report(), *models or [NONE])
