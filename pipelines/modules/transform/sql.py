"""Apply SQL: a query over up to three tables."""

from __future__ import annotations

from typing import Annotated

from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Code
from pipelines.catalogue.ports import Frame
from pipelines.modules.transform._query import answer, columns
from pipelines.modules.transform._rowwise import by_row, returning, serves, sources, without


def _columns(t1: Frame, t2: Frame | None, t3: Frame | None, *, query: str) -> Frame:
    return columns({"t1": t1, "t2": t2, "t3": t3}, query)


@module(
    "Apply SQL",
    icon="sql",
    columns=_columns,
    aliases=("Apply SQL Transformation", "query", "select", "filter", "group by", "aggregate", "duckdb"),
    libraries=("duckdb", "pyarrow"),
    lineage=Lineage(
        derives=sources,
        serves=serves,
        for_requests=lambda settings: {"query": by_row(settings["query"])},
        for_columns=lambda settings, gone: {"query": without(settings["query"], gone)},
        returning=lambda settings, column: {"query": returning(settings["query"], column)},
    ),
)
def sql(t1: Frame, t2: Frame | None = None, t3: Frame | None = None, *, query: Annotated[str, Code("sql")] = "select * from t1") -> Frame:
    """Query up to three tables with SQL.

    The tables are named t1, t2 and t3. The dialect is DuckDB. Write a single query: select, with … select, from or values. Without "order by", rows
    keep their order unless the query groups or joins them. Columns keep their roles by name. Numbers with a decimal point, such as 1.5, are floats.
    Dates and times with a time zone are converted to UTC. Results are cached and reused, so random(), now() and samples without a seed are not
    allowed; using sample 10% (bernoulli, 42) draws the same rows each time.

    When to use:
        For anything that one query says better than several modules: joins, aggregates and window functions together.

    Args:
        t1: The first table.
        t2: The second table.
        t3: The third table.
        query: The SQL query.

    Returns:
        The rows that the query selects.

    Example:
        query: "SELECT make, count(*) AS cars, avg(price) AS mean_price FROM t1 GROUP BY make ORDER BY make"
    """
    return answer({"t1": t1, "t2": t2, "t3": t3}, query)
