"""Test Hypothesis.

The wanted figures are those of R 4.5 (t.test, wilcox.test, chisq.test, fisher.test, aov, kruskal.test) on the same file.
"""

import json

import numpy as np
import polars as pl
import pytest
from scipy import special, stats

from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, run

EXAMPLE = Example({"column": "price", "groups": "fuel-type"})
PRICES = {"column": "price", "groups": "fuel-type"}
OF_R = [
    (
        {"test": "one_sample_t", "column": "price", "value": 13000},
        (0.36951565221079, 200, 0.712134352204412),
        (12101.797043217, 14312.4616632507),
    ),
    ({"test": "welch_t", **PRICES}, (1.59426775643228, 23.6108739914884, 0.124176199964177), (-863.972314378238, 6707.45463482023)),
    (
        {"test": "student_t", **PRICES, "alternative": "greater", "confidence": 0.9},
        (1.56589260023757, 199, 0.0594812721904568),
        (-161.684769968332, 6005.16709041032),
    ),
    (
        {"test": "paired_t", "column": "highway-mpg", "other": "city-mpg"},
        (48.1901310348151, 204, 1.96654458991432e-113),
        (5.30538191112397, 5.75803272302237),
    ),
    ({"test": "mann_whitney", **PRICES}, (2315, None, 0.0409798974040777), None),
    ({"test": "wilcoxon", "column": "height", "value": 54}, (9344.5, None, 0.153651915937773), None),
    ({"test": "chi_squared", "column": "fuel-type", "other": "body-style"}, (10.1293448359073, 4, 0.0383043470630538), None),
    ({"test": "chi_squared", "column": "fuel-type", "other": "aspiration"}, (29.605759385109, 1, 5.29473826367866e-08), None),
    ({"test": "anova", "column": "price", "groups": "body-style"}, (9.12875185470823, 4, 8.7797952376144e-07), None),
    ({"test": "kruskal", "column": "price", "groups": "body-style"}, (25.0231228809247, 4, 4.97741035349092e-05), None),
]


def examine(frame, **settings):
    found = run("statistics.hypothesis_test", settings, table=frame)
    return found["table"].frame.row(0, named=True), found["report"]


@pytest.mark.parametrize(("settings", "wanted", "interval"), OF_R, ids=lambda part: part.get("test", "") if isinstance(part, dict) else "")
def test_it_is_what_r_computes(settings, wanted, interval):
    row, _ = examine(dataset("automobile_price").frame, **settings)
    for name, value in zip(("Statistic Value", "Degrees of Freedom", "P Value"), wanted, strict=True):
        assert row[name] == (None if value is None else pytest.approx(value, rel=1e-9))
    if interval:
        assert (row["Lower Bound"], row["Upper Bound"]) == pytest.approx(interval, rel=1e-9)


def test_the_odds_ratio_is_that_of_r():
    row, _ = examine(dataset("automobile_price").frame, test="fisher", column="fuel-type", other="aspiration")
    assert row["P Value"] == pytest.approx(9.35942816441613e-07, rel=1e-9)
    found = (row["Estimate Value"], row["Lower Bound"], row["Upper Bound"])
    assert found == pytest.approx((0.0819443846116949, 0.0249389665455486, 0.246228681464577), rel=2e-3)  # R's root finder stops at 1e-4


def test_effect_sizes_are_their_definitions():
    frame = dataset("automobile_price").frame
    known = frame.drop_nulls("price")
    a, b = (known.filter(pl.col("fuel-type") == fuel)["price"].to_numpy().astype(float) for fuel in ("diesel", "gas"))
    pooled = np.sqrt(((len(a) - 1) * a.var(ddof=1) + (len(b) - 1) * b.var(ddof=1)) / (len(a) + len(b) - 2))
    assert examine(frame, **PRICES)[0]["Effect Size Value"] == pytest.approx((a.mean() - b.mean()) / pooled, rel=1e-9)
    above = (a[:, None] > b).mean() + (a[:, None] == b).mean() / 2
    ranks, _ = examine(frame, test="mann_whitney", **PRICES)
    assert (ranks["Estimate Value"], ranks["Effect Size Value"]) == pytest.approx((above, 2 * above - 1), rel=1e-9)
    prices = known["price"].cast(float)
    between = ((known.select(pl.col("price").mean().over("body-style")).to_series() - prices.mean()) ** 2).sum()
    anova, _ = examine(frame, test="anova", column="price", groups="body-style")
    assert anova["Effect Size Value"] == pytest.approx(between / ((prices - prices.mean()) ** 2).sum(), rel=1e-9)
    assert anova["Residual Degrees of Freedom"] == 196
    v, _ = examine(frame, test="chi_squared", column="fuel-type", other="body-style")
    assert v["Effect Size Value"] == pytest.approx(0.222286837720856, rel=1e-9)


def test_noncentral_intervals_hold_the_statistic_at_their_tails():
    frame = dataset("automobile_price").frame
    row, _ = examine(frame, test="chi_squared", column="fuel-type", other="aspiration")
    plain = row["Effect Size Value"] ** 2 * row["Rows"]
    for end, tail in (("Lower Bound", 0.975), ("Upper Bound", 0.025)):
        assert special.chndtr(plain, 1, row[end] ** 2 * row["Rows"]) == pytest.approx(tail, rel=1e-6)
    row, _ = examine(frame, test="anova", column="price", groups="body-style")
    for end, tail in (("Lower Bound", 0.975), ("Upper Bound", 0.025)):
        centre = row[end] / (1 - row[end]) * row["Rows"]
        assert stats.ncf.cdf(row["Statistic Value"], 4, 196, centre) == pytest.approx(tail, rel=1e-6)


def test_intervals_hold_the_true_value_nineteen_times_in_twenty():
    rng, held = np.random.default_rng(0), {"mann_whitney": 0, "wilcoxon": 0}
    for _ in range(60):
        x = pl.DataFrame({"a": rng.normal(size=40), "b": rng.normal(size=40)})
        for test, true in (("mann_whitney", 0.5), ("wilcoxon", 0.0)):
            row, _ = examine(x, test=test, column="a", other="b")
            held[test] += row["Lower Bound"] <= true <= row["Upper Bound"]
    assert all(52 <= times <= 60 for times in held.values()), held


def test_few_pairs_are_exact():
    row, _ = examine(pl.DataFrame({"a": [1.0, 2.0, 3.5, 4.0, 5.0]}), test="wilcoxon", column="a", alternative="greater")
    assert row["P Value"] == pytest.approx(1 / 32)
    row, _ = examine(pl.DataFrame({"a": [1.0, 2.0, 3.0], "b": [4.0, 5.0, 6.0]}), test="mann_whitney", column="a", other="b")
    assert row["P Value"] == pytest.approx(2 / 20)


def test_the_report_says_it_in_a_sentence():
    _, report = examine(dataset("automobile_price").frame, test="mann_whitney", **PRICES)
    words = report.blocks[0]["rows"][0][1]
    assert words.startswith("The values of “diesel” and “gas” differ in rank: p = 0.0410, at the level 0.05, on 201 rows.")
    assert [line[:2] for line in report.blocks[1]["rows"]] == [["diesel", 20], ["gas", 181]]
    json.dumps(report.blocks, allow_nan=False)
    _, report = examine(dataset("automobile_price").frame, **PRICES)
    assert report.blocks[0]["rows"][0][1].startswith("The data do not show that the mean of “diesel” differs")
    _, report = examine(dataset("automobile_price").frame, test="chi_squared", column="fuel-type", other="aspiration")
    assert report.blocks[1]["rows"] == [["diesel", 7, 13], ["gas", 161, 24]]


def test_rows_with_gaps_are_left_out_and_said(notes):
    frame = pl.DataFrame({"x": [1.0, 2.0, None, 4.0, float("nan"), 9.0], "g": ["a", "a", "a", "b", "b", "b"]})
    row, _ = examine(frame, column="x", groups="g")
    assert row["Rows"] == 4 and notes == ["2 rows with a missing value were removed."]


def test_small_expected_counts_are_said(notes):
    frame = pl.DataFrame({"a": [True, False] * 4, "b": [1, 1, 2, 2, 1, 2, 2, 2]})
    examine(frame, test="chi_squared", column="a", other="b")
    assert notes == ["4 of 4 cells have fewer than 5 expected rows; the p-value is a rough approximation."]


@pytest.mark.parametrize("test", ["one_sample_t", "welch_t", "paired_t", "mann_whitney", "wilcoxon", "anova", "kruskal"])
def test_values_that_do_not_vary_are_answered(test):
    frame = pl.DataFrame({"a": [0.0] * 4, "b": [0.0] * 4, "g": [1, 1, 2, 2]})
    settings = {"groups": "g"} if test in ("anova", "kruskal") else {} if test == "one_sample_t" else {"other": "b"}
    row, report = examine(frame, test=test, column="a", **settings)
    assert row["P Value"] is None or row["P Value"] == 1
    json.dumps(report.blocks, allow_nan=False)


@pytest.mark.parametrize(
    ("settings", "code", "param"),
    [
        ({"column": "t", "groups": "g"}, "not_a_number", "column"),
        ({"column": "x", "groups": "three"}, "wrong_groups", "groups"),
        ({"column": "x"}, "no_column", "other"),
        ({"column": "x", "test": "anova"}, "no_column", "groups"),
        ({"column": "x", "test": "paired_t"}, "no_column", "other"),
        ({"column": "three", "other": "g", "test": "fisher"}, "wrong_groups", "column"),
        ({"column": "one", "other": "g", "test": "chi_squared"}, "wrong_groups", "column"),
        ({"column": "x", "groups": "lone"}, "too_few_rows", None),
        ({"column": "x", "groups": "l"}, "wrong_type", None),
        ({"column": "x", "other": "span", "test": "chi_squared"}, "wrong_type", None),
    ],
)
def test_what_cannot_be_tested(settings, code, param):
    frame = pl.DataFrame(
        {"x": [1, 2, 3, 4], "t": list("abcd"), "g": list("aabb"), "three": list("abca"), "one": [1] * 4, "lone": list("abbb")}
    )
    frame = frame.with_columns(l=pl.concat_list("x"), span=pl.duration(days="x"))
    assert refuses("statistics.hypothesis_test", settings, code, table=frame).param == param
