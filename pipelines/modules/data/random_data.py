"""Generate Random Data: columns of random values, or a prediction problem whose truth is known."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Multiline, Range, Seed, Title, When
from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.modules.data._distributions import draw, read_columns
from pipelines.modules.data._problems import LABEL, Kind, Problem, What, generate, label_type

START = "id = sequence(1)\nage = normal(40, 12)\ncity = choice(Bern: 5, Lyon: 3, Oslo: 2)\nsince = dates(2020-01-01, 2024-12-31)"
MOST_CELLS = 200_000_000


def _columns(*, kind: Kind, rows: int, lines: str, problem: Problem, missing: float, seed: Seed | None) -> Table:
    if kind == "columns":
        return Table(pl.DataFrame(schema={column.name: column.dtype for column in read_columns(lines)}))
    schema = {**dict.fromkeys(problem.names(kind), pl.Float64), LABEL: label_type(kind)}
    return Table(pl.DataFrame(schema=schema), {LABEL: ColumnRole("label")})


@module(
    "Generate Random Data",
    icon="dice-3",
    columns=_columns,
    aliases=(
        "Random Generator",
        "synthetic data",
        "simulate",
        "make classification",
        "make blobs",
        "sample data",
        "fake data",
        "distribution",
    ),
    libraries=("numpy", "scikit-learn"),
)
def random_data(
    *,
    kind: What = "columns",
    rows: Annotated[int, Range(1, 10_000_000)] = 1000,
    lines: Annotated[str, Title("Columns"), Multiline(), When("kind", "columns")] = START,
    problem: Problem = Problem(),  # noqa: B008  frozen
    missing: Annotated[float, Title("Share of missing values"), Range(0, 1)] = 0.0,
    seed: Seed | None = Seed(0),
) -> Table:
    """Generate columns of random values, or a prediction problem whose truth is known.

    Each line describes a column, such as "age = normal(40, 12)" or "age = normal(mean=40, deviation=12, missing=0.1)". Numbers: normal(mean,
    deviation), lognormal(mean, deviation) of the logarithm, uniform(low, high), exponential(mean), gamma(shape, scale), beta(a, b). Whole numbers:
    integers(low, high) with both ends, poisson(mean), binomial(n, p). True and false: bernoulli(p). Texts: choice(red: 3, blue: 1) with shares, which
    need not add up to 1. Days: dates(first, last). Times by the second: times(first, last). Counting: sequence(start, step) of numbers, or of a date and days.

    A column depends on the seed and its own name: adding or moving lines does not change it. Its values are drawn by
    numpy.random.default_rng([seed, zlib.crc32(name)]).

    A classification problem has classes of two clusters each, informative features, redundant ones, which are combinations of these and so correlate
    with them, and features of noise. A regression problem is a linear combination, which the log shows, plus normal noise. Clusters are normal around random centers. Moons and circles are
    two classes in a plane that no line separates. Features are named Feature 1, Feature 2 and so on; the column Label has the role label and is never missing.

    Source: the functions make_classification, make_regression, make_blobs, make_moons and make_circles of scikit-learn.

    When to use:
        To try a pipeline before the data is there, or to test a method on data whose truth is known.

    Args:
        kind: What to generate.
        rows: The number of rows.
        lines: The columns, one per line. A line that starts with # is a comment.
        missing: The share of values that are missing at random, in every column but sequences and the label. An argument "missing" of a column replaces it.
        seed: The random seed; the same seed gives the same rows. If empty, each run draws other rows.

    Returns:
        The generated rows.

    Example:
        rows: 500
    """
    chosen = int(np.random.SeedSequence().generate_state(1)[0]) if seed is None else seed
    if kind == "columns":
        columns = read_columns(lines)
        _check_size(rows, len(columns))
        return Table(pl.DataFrame([draw(column, rows, chosen, missing) for column in columns]))
    _check_size(rows, len(problem.names(kind)))
    return generate(kind, problem, rows, missing, chosen)


def _check_size(rows: int, columns: int) -> None:
    if rows * columns > MOST_CELLS:
        words = f"{rows:,} rows of {columns:,} columns are more than {MOST_CELLS:,} values."
        raise ModuleError("too_many_values", words, param="rows", remedy="Generate fewer rows or columns.")
