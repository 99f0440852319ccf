"""Time Series Anomaly Detection."""

import cmath
import math

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, run

SERIES = "anomaly.time_series"
EXAMPLE = Example({"time": "seen", "value": "price"})
ASKED = {"time": "when", "value": "temp"}


def weather(rows=120):
    found = dataset("flight_weather").frame.filter(pl.col("origin") == "JFK").head(rows)
    return found.select("temp", "humid", when=pl.datetime("year", "month", "day", "hour"))


def by_hand(values, threshold=3.0, window=21, frequencies=3):
    """The paper's formulas, one by one; averages end at a point."""
    n = len(values)
    slope = sum((values[-1] - values[-1 - back]) / back for back in range(1, 6)) / 5
    x = [*values, *[values[-5] + 5 * slope] * 5]
    m = len(x)
    spectrum = [sum(x[t] * cmath.exp(-2j * math.pi * f * t / m) for t in range(m)) for f in range(m)]
    logs = [math.log(abs(each)) for each in spectrum]
    residual = [logs[f] - np.mean(logs[max(0, f - frequencies + 1) : f + 1]) for f in range(m)]
    parts = [math.exp(r) * each / abs(each) for r, each in zip(residual, spectrum, strict=True)]
    salient = [abs(sum(parts[f] * cmath.exp(2j * math.pi * f * t / m) for f in range(m)) / m) for t in range(n)]
    means = [np.mean(salient[max(0, t - window + 1) : t + 1]) for t in range(n)]
    return [(s - mean) / mean for s, mean in zip(salient, means, strict=True)]


@pytest.mark.parametrize("settings", [{}, {"window": 7, "frequencies": 5, "threshold": 0.8}], ids=["default", "all settings"])
def test_scores_are_those_of_the_paper(settings):
    frame = weather()
    wanted = by_hand(frame["temp"].to_list(), **settings)
    found = run(SERIES, {**ASKED, **settings}, table=frame)["table"].frame
    np.testing.assert_allclose(found["Anomaly Score"], wanted, atol=1e-9, rtol=1e-9)
    assert found["Alert"].to_list() == [score > settings.get("threshold", 3.0) for score in wanted]


def test_a_real_fault_and_planted_spikes_are_the_highest_scores():
    """On 8 May 2013 at 22:00 the weather station at JFK reported 13.1 °F between two hours of 57 °F."""
    planted = [500, 2000, 4321, 7000]
    frame = weather(8000)
    assert run(SERIES, ASKED, table=frame)["report"].blocks[-1]["rows"][0][:2] == ["2013-05-08 22:00:00", 13.1]
    odd = frame.with_columns(temp=pl.when(pl.int_range(pl.len()).is_in(planted)).then(pl.col("temp") + 45).otherwise("temp"))
    found = run(SERIES, ASKED, table=odd)["table"].frame.with_row_index("row")
    highest = found.sort("Anomaly Score", descending=True)["row"].head(5)
    assert sorted(highest.to_list()) == sorted([*planted, 3064])


def test_rows_are_read_in_the_order_of_time_and_returned_in_their_own():
    frame = weather().sample(fraction=1, shuffle=True, seed=1)
    found = run(SERIES, ASKED, table=frame)["table"].frame
    assert found.select(frame.columns).equals(frame)
    assert found.sort("when").equals(run(SERIES, ASKED, table=weather())["table"].frame)


def test_the_unit_does_not_matter():
    frame = weather()
    plain, scaled = (
        run(SERIES, ASKED, table=frame.with_columns(pl.col("temp") * by))["table"].frame["Anomaly Score"] for by in (1.0, 1e200)
    )
    np.testing.assert_allclose(plain, scaled, rtol=1e-9)


def test_gaps_are_interpolated_and_have_no_score(notes):
    row = pl.int_range(pl.len())
    gaps = weather().with_columns(
        temp=pl.when(row == 40).then(None).when(row == 41).then(float("inf")).otherwise("temp"), when=pl.when(row != 60).then("when")
    )
    filled = gaps.filter(pl.col("when").is_not_null()).with_columns(
        pl.when(pl.col("temp").is_finite()).then("temp").interpolate().alias("temp")
    )
    found = run(SERIES, ASKED, table=gaps)["table"].frame
    assert found["Anomaly Score"].is_null().arg_true().to_list() == [40, 41, 60] and not found["Alert"][40]
    wanted = run(SERIES, ASKED, table=filled)["table"].frame["Anomaly Score"].to_list()
    assert [score for place, score in enumerate(wanted) if place not in (40, 41)] == found["Anomaly Score"].drop_nulls().to_list()
    assert "2 missing values of “temp” were interpolated." in notes and "1 row without a time has no score." in notes
    assert any("2 of 118 steps between times differ" in line for line in notes)


@pytest.mark.parametrize("value", [0.0, 5.0])
def test_a_constant_series_has_no_alert(value):
    found = run(SERIES, ASKED, table=weather().with_columns(temp=pl.lit(value)))["table"].frame
    assert not found["Alert"].any() and found["Anomaly Score"].is_finite().all()


def test_roles_stay_and_numbers_are_times():
    table = Table(weather().with_columns(when=pl.int_range(pl.len())), {"temp": ColumnRole("label")})
    found = run(SERIES, ASKED, table=table)["table"]
    assert found.role("temp").role == "label" and found.frame["Anomaly Score"].equals(
        run(SERIES, ASKED, table=weather())["table"].frame["Anomaly Score"]
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"when": pl.lit("today")}, "not_a_time"),
        ({"temp": pl.lit("warm")}, "not_a_number"),
        ({"temp": pl.lit(None, dtype=pl.Float64)}, "too_few_rows"),
        ({"Alert": pl.lit(1)}, "duplicate_column"),
    ],
)
def test_what_is_no_series_is_refused(change, code):
    refuses(SERIES, ASKED, code, table=weather().with_columns(**change))
    refuses(SERIES, ASKED, "too_few_rows", table=weather(11))
