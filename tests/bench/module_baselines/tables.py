"""Tables of any number of rows from the repository's real data: the rows of a sample, repeated."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import polars as pl

SAMPLES = Path(__file__).resolve().parents[3] / "designer" / "datasets" / "samples"
LEARNT_COLUMNS = ["month", "day", "dep_delay", "carrier", "origin", "dest", "air_time", "distance", "hour", "arr_delay"]


def sample(name: str) -> pl.DataFrame:
    file = SAMPLES / f"{name}.parquet"
    return pl.read_parquet(file) if file.exists() else pl.read_csv(SAMPLES / f"{name}.csv", infer_schema_length=None)


def repeated(frame: pl.DataFrame, rows: int) -> pl.DataFrame:
    """So many rows of a table: again and again, or some of all of them."""
    if rows <= frame.height:
        return frame.gather_every(frame.height // rows).head(rows)
    return pl.concat([frame] * (rows // frame.height + 1)).head(rows).rechunk()


@lru_cache(maxsize=2)
def flights(rows: int) -> pl.DataFrame:
    """Flights from New York: 19 columns of numbers and texts, with gaps."""
    return repeated(sample("flights"), rows)


@lru_cache(maxsize=2)
def numbers(rows: int) -> pl.DataFrame:
    """The measured columns of the flights, with gaps."""
    return flights(rows).select("dep_time", "dep_delay", "arr_time", "arr_delay", "air_time", "distance")


@lru_cache(maxsize=2)
def full_numbers(rows: int) -> pl.DataFrame:
    """Numbers without gaps."""
    return repeated(sample("flights").drop_nulls().select(pl.col(pl.Int64, pl.Float64).exclude("year")), rows)


@lru_cache(maxsize=2)
def timed(rows: int) -> pl.DataFrame:
    """Flights with their hour as a date."""
    return flights(rows).select("carrier", "distance", pl.col("time_hour").str.to_datetime("%Y-%m-%dT%H:%M:%SZ"))


def airports(rows: int) -> pl.DataFrame:
    return sample("airports")


@lru_cache(maxsize=2)
def learnt(rows: int) -> pl.DataFrame:
    """Flights to learn the delay from: every third or so, so that all months are there."""
    return repeated(sample("flights").select(LEARNT_COLUMNS).drop_nulls(), rows)


@lru_cache(maxsize=2)
def late(rows: int) -> pl.DataFrame:
    """The same with two classes."""
    return learnt(rows).with_columns(arr_delay=pl.when(pl.col("arr_delay") > 15).then(pl.lit("late")).otherwise(pl.lit("on time")))


@lru_cache(maxsize=2)
def graded(rows: int) -> pl.DataFrame:
    """The same with three classes."""
    delay = pl.col("arr_delay")
    return learnt(rows).with_columns(
        arr_delay=pl.when(delay < 0).then(pl.lit("early")).when(delay > 15).then(pl.lit("late")).otherwise(pl.lit("on time"))
    )


@lru_cache(maxsize=2)
def measured(rows: int) -> pl.DataFrame:
    """Numbers of flights, to compare rows by distance."""
    return learnt(rows).select("dep_delay", "air_time", "distance", "hour", "arr_delay", "month")


@lru_cache(maxsize=2)
def works(rows: int) -> pl.DataFrame:
    """Descriptions of artworks, no two alike: each title with the artist and the medium of others."""
    art = repeated(sample("artworks"), rows)
    turns = pl.int_range(rows) // 4284
    shifted = [pl.col(name).gather((pl.int_range(rows) + turns * step) % rows) for name, step in (("artist", 7), ("medium", 31))]
    return art.with_columns(*shifted).select(
        "year", text=pl.concat_str("title", pl.lit(" by "), "artist", pl.lit(", "), "medium", ignore_nulls=True)
    )
