"""Execute R Script: people's own code in R on up to three tables."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Code, Multiline, Seed, Title
from pipelines.catalogue.ports import Report, Table
from pipelines.kinds.bundle import Bundle
from pipelines.modules.script._r_running import RETURN, run
from pipelines.modules.script._returned import EACH_ROW, check_rows
from pipelines.modules.script._running import read_params
from pipelines.modules.script._showing import Shown
from pipelines.modules.script._tables import say_roles

BEGINNING = """\
main <- function(first, second, third) {
  first
}
"""
MOST_TABLES = 2


class Returned(NamedTuple):
    """What the function returned.

    Attributes:
        first: The first returned data frame; if none was returned, a table without columns.
        second: The second returned data frame.
        report: The metrics of returned numbers, and the plots.
    """

    first: Table
    second: Table
    report: Report


@module(
    "Execute R Script",
    icon="letter-r",
    aliases=("R", "Rscript", "code", "custom", "lm", "glm", "ggplot", "statistics program"),
    libraries=("pyarrow",),
    runs_code=True,
    lineage=EACH_ROW,
)
def r(
    first: Table | None = None,
    second: Table | None = None,
    third: Table | None = None,
    bundle: Bundle | None = None,
    *,
    params: Annotated[str, Title("Parameters"), Multiline()] = "",
    seed: Seed | None = Seed(0),
    each_row: Annotated[bool, Title("Each row by itself")] = False,
    code: Annotated[str, Code("r")] = BEGINNING,
) -> Returned:
    """Run an R script on up to three tables.

    The script defines a function "main <- function(first, second, third)". It gets the tables as data frames (NULL for inputs that are not connected)
    and returns a data frame, or a list of up to two. Numbers with names in that list become metrics; plots become images; both are in the report. A
    parameter named params gets the settings as a list. Printed output is in the log of the step while the script runs; messages and warnings are
    warnings there. The script runs in a sandbox: no network, no files except those it creates in its working directory, and the memory and time
    limits of the module. Packages are those installed on the machine of the worker, such as r-cran-dplyr of Debian.

    Whole numbers become integer, or numeric beyond ±2,147,483,647, or character beyond ±2^53, where numeric is not exact. Categorical columns become
    factors, dates Date, timestamps POSIXct (without a time zone they are printed as UTC), times of day and durations difftime in seconds. Missing
    values become NA. Lists and structures are left out, which the log says. Back, a column of the same name gets its former type where that changes no
    value; factors are categorical text, and row names are left out. Columns keep their roles by name.

    R and its package nanoarrow must be installed on the machines of the workers: apt-get install r-base-core r-cran-nanoarrow. Containers have no R.

    When to use:
        For packages and methods that exist in R only, and for code that is there already.

    Args:
        first: The first table.
        second: The second table.
        third: The third table.
        bundle: Files for the working directory of the script, such as functions for source("helpers.R").
        params: Settings for the script, one per line as "name = value"; a value is JSON, else text.
        seed: The seed given to set.seed before the script runs; if empty, R chooses one itself.
        each_row: The script computes each row of its first table by itself: it returns data frames of as many rows in the same order, whatever the others
            are. Such a script can be served by an endpoint, in its sandbox; R starts for each request.
        code: The script.

    Returns:
        The tables and the report.

    Example:
        first: data.dataset
        code: "main <- function(first) aggregate(price ~ make, first, mean)"
    """
    tables = (first, second, third)
    returned = run(code, tables, read_params(params), seed, bundle)
    shown = Shown()
    for picture in returned.plots:
        shown.add_picture(picture)
    if returned.metrics:
        shown.add(dict(returned.metrics))
    if len(returned.tables) > MOST_TABLES or (not returned.tables and shown.is_empty):
        what = f"{len(returned.tables)} data frames" if returned.tables else "nothing"
        raise ModuleError("wrong_return", f"main returned {what}.", param="code", remedy=RETURN)
    if each_row:
        check_rows(first, [table.frame for table in returned.tables])
    say_roles([table for table in tables if table is not None], [table.frame for table in returned.tables])
    one, two = [*returned.tables, *[Table(pl.DataFrame())] * (MOST_TABLES - len(returned.tables))]
    return Returned(one, two, shown.report())
