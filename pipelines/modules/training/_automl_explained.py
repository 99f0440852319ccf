"""How the predictions of a winner move with the features that count most, where the time suffices."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import polars as pl

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Model, Table
from pipelines.catalogue.reporting import log, reporting_to
from pipelines.modelling.evaluation.charts import Block
from pipelines.modelling.features import feature_frame
from pipelines.modelling.parallel import Lines
from pipelines.modules.training._automl_final import Final
from pipelines.modules.training._automl_problem import Problem
from pipelines.modules.training._deadline import threads

IMPORTANCES = ("Feature importance", "Strongest features", "Coefficients")  # the titles that Train Model gives them
SHOWN, POINTS, ROWS = 6, 12, 300
EXPLAINS = "selection.partial_dependence"  # the module that it finds in the catalogue


def dependences(problem: Problem, final: Final, left: Callable[[], float]) -> list[Block]:
    """Return the charts of Partial Dependence for the most important features, up to six as far as the time suffices.

    Args:
        problem: What was searched for.
        final: The end of the search.
        left: Returns the seconds that are left.
    """
    names = important(final.model)[:SHOWN]
    partial_dependence = catalogue().modules[EXPLAINS].function
    blocks: list[Block] = []
    longest = _seconds(final.model, _rows(problem), left) if names else 0.0
    for name in names:
        if longest > left():
            return blocks
        started = time.perf_counter()
        try:
            with reporting_to(Lines()), threads(1):
                found = partial_dependence(final.model, _rows(problem), feature=name, points=POINTS, rows=ROWS)
        except ModuleError as wrong:
            log(f"There is no partial dependence on “{name}”: {wrong.words}")
            continue
        longest = max(longest if blocks else 0.0, time.perf_counter() - started)
        blocks.append(found.report.blocks[0])
    return blocks


def _seconds(model: Model, rows: Table, left: Callable[[], float]) -> float:
    """How long one chart is likely to take: three predictions of so many rows, one of which is measured where there is time for it."""
    frame = feature_frame(rows.frame.head(ROWS), model.features)
    most = POINTS * _predicted(model, frame)
    return most if most > left() else 3 * _predicted(model, pl.concat([frame] * POINTS))


def _predicted(model: Model, frame: pl.DataFrame) -> float:
    started = time.perf_counter()
    model.estimator.predict(frame)
    return time.perf_counter() - started


def _rows(problem: Problem) -> Table:
    return problem.kept if problem.kept is not None else problem.known


def important(model: Model) -> Sequence[str]:
    """Return the feature columns of a model, those that count most first; columns made of a category stand for the column."""
    blocks = model.report.blocks if model.report else ()
    found = next((block for block in blocks if block["title"] in IMPORTANCES and block["type"] == "table"), None)
    columns = sorted((column for column, _ in model.features), key=len, reverse=True)
    listed = [str(row[0]) for row in found["rows"]] if found else []
    owners = (next((column for column in columns if name.startswith(column)), None) for name in listed)
    return list(dict.fromkeys(owner for owner in owners if owner is not None))
