"""What the parity of samples calls equal, and which rows it asks for alone."""

from __future__ import annotations

from pathlib import Path

import msgspec
import polars as pl
import pytest

from tests.bench.parity_asking import FAILED, TIMES, WAYS, Served
from tests.support.exports import _report, _table


def served(**more: object) -> Served:
    equal = {at: dict.fromkeys(WAYS, "0") for at in TIMES}
    return Served("income", "score.table", proof="9 + 2 made: 0", asked={"absent": 0, "rows": [{}] * 9}, found=equal, **more)  # type: ignore[arg-type]


def test_a_bit_that_differs_a_failure_and_a_time_that_was_not_asked_are_not_equal() -> None:
    assert served().is_equal and served(words="refused: it has no model").is_equal
    assert not served(words=f"{FAILED}the run is failed").is_equal
    differs, unasked = served(), served()
    differs.found["killed"]["protocol"] = "1e-16, 0 differ"
    del unasked.found["restarted"]
    assert not differs.is_equal and not unasked.is_equal


@pytest.mark.parametrize(
    ("mode", "most", "alone"), [("compiled", None, 9), ("compiled", 3, 3), ("tables", None, 9), ("tables", 3, 3), ("sandbox", 100, 9)]
)
def test_the_rows_asked_for_alone_are_limited_and_those_together_are_not(mode: str, most: int | None, alone: int) -> None:
    one = served(mode=mode, most_alone=most)
    assert (len(one.rows("alone")), len(one.rows("together"))) == (alone, 9)


def test_tables_and_reports_of_a_script_may_differ_in_the_seconds_of_trials_only(tmp_path: Path) -> None:
    ours = pl.DataFrame({"Trial": [1, 2], "Seconds": [0.1, 0.2]})
    ours.with_columns(Seconds=pl.lit(9.0)).write_parquet(tmp_path / "late")
    ours.with_columns(Trial=pl.Series([1, 3])).write_parquet(tmp_path / "other")
    ours.drop("Seconds").write_parquet(tmp_path / "less")
    assert _table(ours, tmp_path / "late") == "same"
    assert "same" not in (_table(ours, tmp_path / "other"), _table(ours, tmp_path / "less"))
    told = {"rows": [["Seconds of all trials", 1.5], ["Best score", 0.9]], "values": [{"seconds": 1.0, "score": 2}]}
    late = {"rows": [["Seconds of all trials", 2.5], ["Best score", 0.9]], "values": [{"seconds": 3.0, "score": 2}]}
    (tmp_path / "report").write_bytes(msgspec.json.encode(late))
    assert _report(told, tmp_path / "report") == "same"
    (tmp_path / "report").write_bytes(msgspec.json.encode({**late, "values": [{"seconds": 3.0, "score": 3}]}))
    assert _report(told, tmp_path / "report") == "differs at .values[0].score: 2 against 3"


def test_a_call_that_goes_on_knows_what_was_asked_and_found(tmp_path: Path) -> None:
    served().keep(tmp_path)
    again = Served("income", "score.table", proof="9 + 2 made: 0")
    again.recall(tmp_path)
    assert again.is_equal and again.rows("together") == [{}] * 9
    other = Served("income", "other.table")
    other.recall(tmp_path)
    assert (other.asked, other.found) == ({}, {})
