"""Generate Random Data."""

from datetime import date, datetime
from unittest.mock import Mock
from zlib import crc32

import numpy as np
import polars as pl
import pytest
from sklearn import datasets

from pipelines.catalogue.ports import ColumnRole
from pipelines.catalogue.reporting import reporting_to
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only

ROWS = 500


def generated(lines="", **settings):
    return only("data.random_data", {"lines": lines, "rows": ROWS, "seed": 7, **settings})


def source(name="a"):
    return np.random.default_rng([7, crc32(name.encode())])


@pytest.mark.parametrize(
    ("described", "drawn"),
    [
        ("normal(40, 12)", lambda it: it.normal(40, 12, ROWS)),
        ("normal(deviation=2)", lambda it: it.normal(0, 2, ROWS)),
        ("lognormal(1, 0.5)", lambda it: it.lognormal(1, 0.5, ROWS)),
        ("uniform(-1, 3)", lambda it: it.uniform(-1, 3, ROWS)),
        ("exponential(2)", lambda it: it.exponential(2, ROWS)),
        ("gamma(2, 3)", lambda it: it.gamma(2, 3, ROWS)),
        ("beta(2, 3)", lambda it: it.beta(2, 3, ROWS)),
        ("poisson(4.5)", lambda it: it.poisson(4.5, ROWS)),
        ("binomial(10, 0.3)", lambda it: it.binomial(10, 0.3, ROWS)),
        ("integers(-3, 3)", lambda it: it.integers(-3, 4, ROWS)),
        ("Bernoulli(0.2)", lambda it: it.binomial(1, 0.2, ROWS) == 1),
        ("choice(x: 3, y: 1)", lambda it: np.array(["x", "y"])[it.choice(2, ROWS, p=[0.75, 0.25])]),
        ('choice("a, b", c:d: 2)', lambda it: np.array(["a, b", "c:d"])[it.choice(2, ROWS, p=[1 / 3, 2 / 3])]),
        ("sequence(5, -2)", lambda it: np.arange(5, 5 - 2 * ROWS, -2)),
        ("sequence(0, 0.5)", lambda it: np.arange(ROWS) * 0.5),
    ],
)
def test_values_are_those_of_numpy(described, drawn):
    frame = generated(f"a = {described}").frame
    assert frame["a"].to_list() == drawn(source()).tolist()


def test_dates_times_and_a_sequence_of_dates():
    frame = generated("a = dates(2024-02-28, 2024-03-01)\nb = times(2024-01-01, 2024-01-01T00:00:02)\nc=sequence(2024-02-28, 7)").frame
    assert frame.schema == {"a": pl.Date, "b": pl.Datetime("us"), "c": pl.Date}
    assert sorted(set(frame["a"])) == [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)]
    assert sorted(set(frame["b"])) == [datetime(2024, 1, 1, 0, 0, second) for second in (0, 1, 2)]
    assert frame["c"][:2].to_list() == [date(2024, 2, 28), date(2024, 3, 6)]


def test_a_column_does_not_depend_on_others():
    one = generated("a = normal()\nb = uniform()").frame
    other = generated("# turned\nb = uniform()\n\nc = poisson()\na = normal()").frame
    assert one.equals(other.select("a", "b"))


def test_missing_values_by_share_and_by_column():
    lines = "a = normal(missing=0.5)\nb = choice(x, y)\nc = sequence()\nd = integers(1, 6, missing=1)\ne = normal(missing=0)"
    frame = generated(lines, missing=0.2, rows=20_000).frame
    shares = [frame[name].null_count() / 20_000 for name in "abcde"]
    assert shares == pytest.approx([0.5, 0.2, 0, 1, 0], abs=0.01)  # 0.01 is three standard errors
    assert frame.schema == generated(lines, rows=1).frame.schema


def test_an_empty_seed_draws_other_rows():
    assert not generated("a = normal()", seed=None).frame.equals(generated("a = normal()", seed=None).frame)


PROBLEMS = {
    "classification": lambda: datasets.make_classification(
        ROWS, 8, n_informative=4, n_redundant=2, n_classes=3, weights=[0.45, 0.45, 0.1], class_sep=1.5, flip_y=0.02, random_state=7
    ),
    "regression": lambda: datasets.make_regression(ROWS, 8, n_informative=4, noise=0.1, random_state=7),
    "blobs": lambda: datasets.make_blobs(ROWS, 8, centers=3, cluster_std=0.1, random_state=7),
    "moons": lambda: datasets.make_moons(ROWS, noise=0.1, random_state=7),
    "circles": lambda: datasets.make_circles(ROWS, noise=0.1, factor=0.5, random_state=7),
}
ASKED = {"features": 8, "informative": 4, "redundant": 2, "classes": 3, "rarest": 0.1, "separation": 1.5, "flipped": 0.02, "noise": 0.1}


@pytest.mark.parametrize("kind", PROBLEMS)
def test_problems_are_those_of_scikit_learn(kind):
    features, label = PROBLEMS[kind]()
    table = generated(kind=kind, **ASKED)
    np.testing.assert_array_equal(table.frame.drop("Label").to_numpy(), features)
    np.testing.assert_array_equal(table.frame["Label"].to_numpy(), label)
    assert table.roles == {"Label": ColumnRole("label")}
    gaps = generated(kind=kind, **ASKED, missing=0.3).frame
    assert gaps["Label"].null_count() == 0
    assert 0.2 < gaps["Feature 1"].null_count() / ROWS < 0.4
    assert set(gaps["Feature 1"].drop_nulls()) < set(table.frame["Feature 1"])


def test_the_log_says_the_truth_of_a_regression():
    listener = Mock()
    with reporting_to(listener):
        table = generated(kind="regression", features=3, informative=2, noise=0.0)
    slopes = np.linalg.lstsq(table.frame.drop("Label").to_numpy(), table.frame["Label"].to_numpy(), rcond=None)[0]
    shown = [f"{slope:.6g} × Feature {place + 1}" for place, slope in enumerate(slopes) if abs(slope) > 1e-9]
    listener.log.assert_called_once_with(f"Label = {' + '.join(shown)} + noise.", "info")
    assert len(shown) == 2


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("a = normal(0)\na = normal(1)", "Line 2, column “a”: an earlier column has this name."),
        ("a normal", "Line 1: “a normal” is not a column such as “age = normal(40, 12)”."),
        ("a = normal(x)", "Line 1, column “a”: “x” is no value of the argument mean."),
        ("a = normal(mean=1, middle=2)", "Line 1, column “a”: there is no argument “middle”; there are mean, deviation."),
        ("a = normal(1, 2, 3)", "Line 1, column “a”: 3 arguments, but there are 2: mean, deviation."),
        ("a = normal(inf)", "Line 1, column “a”: the argument mean is not finite."),
        ("a = normal(0, -1)", "Line 1, column “a”: scale < 0."),
        ("a = integers(5, 1)", "Line 1, column “a”: low > high."),
        ("a = integers(0, 99999999999999999999)", "Line 1, column “a”: high is out of bounds for int64."),
        ("a = poisson(1e30)", "Line 1, column “a”: lam value too large."),
        ("a = choice()", "Line 1, column “a”: a choice needs values with shares of at least 0 that are not all 0, such as choice(red: 3, blue: 1)."),
        ("a = choice(x: 0)", "Line 1, column “a”: a choice needs values with shares of at least 0 that are not all 0, such as choice(red: 3, blue: 1)."),
        ("a = dates(2024-13-01)", "Line 1, column “a”: “2024-13-01” is no value of the argument first."),
        ("a = dates(2024-12-31, 2024-01-01)", "Line 1, column “a”: the last of 2024-12-31 to 2024-01-01 is before the first."),
        ("a = sequence(2024-01-01, 0.5)", "Line 1, column “a”: the step between dates is a whole number of days."),
        ("a = normal(missing=2)", "Line 1, column “a”: the share of missing values is 2, not 0 to 1."),
    ],
)  # fmt: skip
def test_wrong_lines_are_named(lines, words):
    assert refuses("data.random_data", {"lines": lines}, "wrong_distribution").words == words


def test_what_is_no_distribution():
    wrong = refuses("data.random_data", {"lines": "a = cauchy()"}, "wrong_distribution")
    assert wrong.words.startswith("Line 1, column “a”: there is no distribution “cauchy”; there are normal, ")
    refuses("data.random_data", {"lines": "# nothing"}, "no_data")


@pytest.mark.parametrize(
    ("settings", "param"),
    [
        ({"kind": "classification", "features": 4}, "informative"),
        ({"kind": "regression", "features": 4}, "informative"),
        ({"kind": "classification", "classes": 9, "informative": 4}, "informative"),
        ({"kind": "classification", "classes": 3, "rarest": 0.5}, "rarest"),
    ],
)
def test_numbers_that_do_not_go_together(settings, param):
    assert refuses("data.random_data", settings, "wrong_problem").param == param


def test_more_than_memory_holds_is_refused_at_once():
    refuses("data.random_data", {"kind": "blobs", "rows": 10_000_000, "features": 1000}, "too_many_values")
