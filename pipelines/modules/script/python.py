"""Execute Python Script: people's own code on up to three tables and a model."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

import polars as pl

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Code, Multiline, Title, Titles
from pipelines.catalogue.ports import Frame, Model, Report, Table
from pipelines.kinds.bundle import Bundle
from pipelines.modules.script._bundled import importable
from pipelines.modules.script._models import NONE, helper
from pipelines.modules.script._returned import EACH_ROW, MOST_TABLES, check_rows, sort_returned
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
        first: The first returned table; if none was returned, a table without columns.
        second: The second returned table.
        third: The third returned table.
        fourth: The fourth returned table.
        report: The metrics of a returned dict of numbers, and returned or open charts and images.
        model: The returned model; if none was returned, Score Model stops with an error.
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
    aliases=("code", "custom", "polars", "pandas", "numpy", "matplotlib", "plotly", "altair", "plot", "program"),
    libraries=("numpy", "pandas", "matplotlib"),
    runs_code=True,
    lineage=EACH_ROW,
)
def python(
    first: Table | None = None,
    second: Table | None = None,
    third: Table | None = None,
    model: Model | None = None,
    bundle: Bundle | None = None,
    *,
    tables: Annotated[Literal["polars", "pandas"], Title("DataFrame library"), Titles(polars="Polars", pandas="pandas")] = "polars",
    params: Annotated[str, Title("Parameters"), Multiline()] = "",
    each_row: Annotated[bool, Title("Each row by itself")] = False,
    code: Annotated[str, Code("python")] = BEGINNING,
) -> Returned:
    """Run a Python script on up to three tables and a model.

    The script defines a function "main(first, second, third)". It gets the tables as DataFrames (None for inputs that are not connected) and
    returns up to four tables: Polars or pandas DataFrames, Series or dicts of columns. It may also return a dict of numbers, figures of matplotlib and
    Plotly, charts of Altair and Vega-Lite, and whatever shows itself as an image in notebooks; the report shows them, and open matplotlib figures. Of
    Plotly, points, lines, areas, bars, histograms, boxes, heat maps and pies are drawn, in the colours of Easel. A parameter named model gets the connected model, one named params the
    settings as a dict. Columns keep their roles by name. Printed output is in the log of the step. The script runs in a sandbox: no network, no
    files except those it creates in /tmp, and the memory and time limits of the module.

    It may also return a model for Score Model: "easel.model(estimator, table, label="price")" for an estimator of scikit-learn or LightGBM that was
    fitted on the columns of that table, with "positive=" for the class whose probability is predicted; or "dataclasses.replace(model,
    estimator=...)" for the connected model with another estimator. Score Model passes numbers to the estimator as decimals, Booleans as 1 and 0,
    text as it is, and dates like Train Model.

    When to use:
        For what no module does: a method of your own, a figure, a package.

    Args:
        first: The first table.
        second: The second table.
        third: The third table.
        model: A trained model; its scikit-learn pipeline is model.estimator.
        bundle: Files that the script imports; easel.bundle is their folder.
        tables: The library of the DataFrames that main gets.
        params: Settings for the script, one per line as "name = value"; a value is JSON, else text.
        each_row: The script computes each row of its first table by itself: it returns tables of as many rows in the same order, whatever the others
            are. Such a script can be served by an endpoint, in its sandbox.
        code: The script.

    Returns:
        The tables, the report and the model.

    Example:
        first: data.dataset
        code: "def main(first, second, third):\\n    return first.group_by(\\"make\\").len().sort(\\"len\\")\\n"
    """
    arrived = [table for table in (first, second, third) if table is not None]
    arguments = [given(table, tables) for table in (first, second, third)]
    shown = Shown()
    with importable(bundle) as folder:
        returned = run(code, "main", arguments, {"model": model, "params": read_params(params)}, {"easel": helper(arrived, folder)})
        frames, models = sort_returned(returned, model, arrived, shown)
    if each_row:
        check_rows(first, frames)
    say_roles(arrived, frames)
    one, two, three, four = [*frames, *[pl.DataFrame()] * (MOST_TABLES - len(frames))]
    return Returned(one, two, three, four, shown.report(), *models or [NONE])
