"""DuckDB without a way out: a query sees the tables it is given, a bounded share of the memory, and nothing of the machine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from pipelines.catalogue.allowance import memory_allowance
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Frame

if TYPE_CHECKING:
    import duckdb

# One thread, so that equal queries give equal rows in equal order.
CLOSED: Mapping[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
    "threads": "1",
}
ROWS_AT_ONCE = 2**17
SPAN_OF_MONTHS = "an interval of months has no fixed length; use date_diff, or cast it to varchar"


def engine() -> duckdb.DuckDBPyConnection:
    """The process's engine: empty, locked, and 15 ms to make. Each query has a cursor of its own, with its own tables."""
    return _engine(memory_allowance() // 2)


@lru_cache(maxsize=4)
def _engine(memory: int) -> duckdb.DuckDBPyConnection:
    import duckdb

    connection = duckdb.connect(config={**CLOSED, "memory_limit": f"{max(64, memory // 2**20)}MiB"})
    connection.execute("set TimeZone = 'UTC'")  # the machine's own zone would change results
    connection.execute("set lock_configuration = true")
    return connection


def register(connection: duckdb.DuckDBPyConnection, name: str, table: Frame) -> None:
    """Make a frame known to a cursor, without a copy; whole numbers of 128 bits, which Arrow has not, as decimals."""
    if wide := [column for column, kind in table.schema.items() if kind in (pl.Int128, pl.UInt128)]:
        table = table.with_columns(pl.col(wide).cast(pl.Decimal(38, 0)))
    connection.register(name, table.to_arrow(compat_level=pl.CompatLevel.newest()))  # older levels copy texts


def rows_of(answer: duckdb.DuckDBPyRelation) -> Frame:
    """The result of a query as a frame.

    Raises:
        ModuleError: `out_of_memory`, when it takes more than the step may.
    """
    import pyarrow as pa

    most, taken, batches = memory_allowance() // 2, 0, []
    reader = _readable(answer).to_arrow_reader(ROWS_AT_ONCE)
    for batch in reader:
        taken += batch.nbytes
        if taken > most:
            raise out_of_memory(f"Its result is larger than the limit of {most / 2**20:,.0f} MB.")
        batches.append(batch)
    frame = pl.from_arrow(pa.Table.from_batches(batches, reader.schema))
    assert isinstance(frame, pl.DataFrame)
    spans = [name for name, kind in zip(answer.columns, answer.types, strict=True) if str(kind) == "INTERVAL"]
    return frame.with_columns(pl.col(name).cast(pl.Duration("us")) for name in spans)


def _readable(answer: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """The relation with types that Polars has not turned into such that it has: spans of time to microseconds, others to text."""
    quoted = {name: '"' + name.replace('"', '""') + '"' for name in answer.columns}
    kinds = dict(zip(answer.columns, map(str, answer.types), strict=True))
    changed = {name: _as_text(text, kinds[name]) for name, text in quoted.items()}
    return answer if changed == quoted else answer.project(", ".join(f"{changed[name]} as {text}" for name, text in quoted.items()))


def _as_text(name: str, kind: str) -> str:
    if kind == "INTERVAL":
        months = f"date_part('year', {name}) <> 0 or date_part('month', {name}) <> 0"
        return f"case when {months} then error('{SPAN_OF_MONTHS}') else epoch_us({name}) end"
    return f"{name}::varchar" if re.search(r"\b(INTERVAL|UUID|BIT|TIME WITH|UNION|MAP)\b", kind) else name


def out_of_memory(words: str) -> ModuleError:
    """The refusal of a query that takes too much."""
    return ModuleError(
        "out_of_memory",
        f"The query exceeds the memory limit of the step. {words}",
        param="query",
        remedy="Select fewer rows or columns, give every join a condition, or raise the memory limit.",
    )


def in_words(wrong: duckdb.Error) -> tuple[str, str | None]:
    """What DuckDB says of a query or a value, for people: a sentence without its full stop, and what to do if that is known."""
    message = str(wrong)
    first = re.sub(r"^[A-Za-z ]+ Error: ", "", message.splitlines()[0])
    words = re.split(r" Use (?:TRY|SET)\b| You might need | Use SET |,? or SET |For more information", first)[0].strip().rstrip(".!")
    if words.startswith("Overflow in"):
        return words, "The whole number is too large for its type: cast one of them to double, or to a wider type."
    if words.startswith("Division by zero"):
        return words, "Divide by nullif(divisor, 0) to get a missing value instead."
    if cast := re.match(r"Unimplemented type for cast \((.*) -> (.*?)\)(?: when casting from source column (.*))?$", words):
        kind, wanted, column = cast.groups()
        where = f" of the column “{column}”" if column else ""
        return (
            f"Values of the type {kind}{where} cannot be converted to {wanted}",
            "Convert the values to one type with cast(value as type).",
        )
    if words.startswith("No function matches") or "explicit cast" in words:
        return words, "Convert the values to the required type with cast(value as type)."
    near = re.search(r"(Did you mean .*|Candidate bindings: .*)", message)
    return words, near.group(1) if near else None
