"""Rates by group, compared with counting rows, and their intervals with SciPy's of shares."""

import numpy as np
import polars as pl
import pytest
from scipy.stats import binomtest
from sklearn.metrics import confusion_matrix, roc_auc_score

from pipelines.catalogue.reporting import reporting_to
from tests.pipelines.modelling.evaluation.judged import evaluate, people, rows_of, scored
from tests.pipelines.modules.refusing import refuses
from tests.pipelines.modules.training.training import Heard

BY_SEX = {"group_column": "sex", "group_threshold": 0.4}


def wilson(part, whole):
    return tuple(binomtest(part, whole).proportion_ci(0.95, method="wilson"))


def newcombe(one, of_one, two, of_two):
    """The interval of a difference of shares by the square and add method."""
    (first, second), gap = (one / of_one, two / of_two), one / of_one - two / of_two
    (low, high), (other_low, other_high) = wilson(one, of_one), wilson(two, of_two)
    return gap - np.hypot(first - low, other_high - second), gap + np.hypot(high - first, second - other_low)


def counts(group):
    rows = people().filter(pl.col("sex") == group)
    tn, fp, fn, tp = confusion_matrix(rows["y"].to_numpy(), rows["first"].to_numpy() >= 0.4).ravel().tolist()
    return tn, fp, fn, tp


def test_the_rates_of_each_group_are_counted():
    found = {row["Group"]: row for row in rows_of(evaluate(scored(), **BY_SEX), "Rates by group")}
    assert found.keys() == {"Female", "Male"}
    for group, row in found.items():
        tn, fp, fn, tp = counts(group)
        assert (row["Rows"], row["Positives"]) == (tn + fp + fn + tp, tp + fn)
        shares = {"Selection rate": (tp + fp, row["Rows"]), "True positive rate": (tp, tp + fn), "False positive rate": (fp, fp + tn)}
        for title, (part, whole) in shares.items():
            assert row[title] == pytest.approx(part / whole, abs=1e-12)
        assert row["Precision"] == pytest.approx(tp / (tp + fp), abs=1e-12)
        # the last From and To of a row are those of its last rate, the precision
        assert (row["From"], row["To"]) == pytest.approx(wilson(tp, tp + fp), abs=1e-12)


def test_the_differences_are_those_of_the_extreme_groups_with_newcombes_interval():
    found = {row["Measure"].partition(" (")[0]: row for row in rows_of(evaluate(scored(), **BY_SEX), "Largest differences")}
    (tn, fp, fn, tp), (tn2, fp2, fn2, tp2) = counts("Male"), counts("Female")
    pairs = {
        "Demographic parity difference": (tp + fp, tn + fp + fn + tp, tp2 + fp2, tn2 + fp2 + fn2 + tp2),
        "Equal opportunity difference": (tp, tp + fn, tp2, tp2 + fn2),
        "False positive rate difference": (fp, fp + tn, fp2, fp2 + tn2),
    }
    for measure, (one, of_one, two, of_two) in pairs.items():
        row, gap = found[measure], one / of_one - two / of_two
        low, high = newcombe(one, of_one, two, of_two)
        low, high = (low, high) if gap > 0 else (-high, -low)
        assert (row["Value"], row["From"], row["To"]) == pytest.approx((abs(gap), low, high), abs=1e-9)
    odds = max(found["Equal opportunity difference"]["Value"], found["False positive rate difference"]["Value"])
    assert found["Equalised odds difference"]["Value"] == odds
    rates = (pairs["Demographic parity difference"][0] / pairs["Demographic parity difference"][1], (tp2 + fp2) / (tn2 + fp2 + fn2 + tp2))
    assert found["Demographic parity ratio"]["Value"] == pytest.approx(min(rates) / max(rates))


def test_the_figures_of_each_group_are_those_of_its_rows_for_numbers_too():
    (female, male) = rows_of(evaluate(scored(), **BY_SEX), "Figures by")
    for row in (female, male):
        rows = people().filter(pl.col("sex") == row["Group"])
        assert row["AUC"] == pytest.approx(roc_auc_score(rows["y"].to_numpy(), rows["first"].to_numpy()), abs=1e-12)
    table = scored()
    table = table.with_frame(table.frame.with_columns(pl.col("y").cast(pl.Float64) * 3)).with_role("s", positive=None)
    found = {row["Group"]: row for row in rows_of(evaluate(table, group_column="sex"), "Figures by")}
    rows = table.frame.filter(pl.col("sex") == "Male")
    assert found["Male"]["Mean absolute error"] == pytest.approx(float((rows["y"] - rows["s"]).abs().mean()))


def test_small_groups_are_said_and_gaps_are_a_group():
    frame = people().head(200).with_columns(sex=pl.Series(["few"] * 5 + [None] * 40 + ["many"] * 155))
    listener = Heard()
    with reporting_to(listener):
        found = {row["Group"]: row for row in rows_of(evaluate(scored(frame=frame), **BY_SEX), "Rates by group")}
    assert {group: row["Note"] for group, row in found.items()} == {"(missing)": "", "few": "few rows", "many": ""}
    assert any("fewer than 30 rows" in line and "“few”" in line for line in listener.notes)


def test_a_group_without_positives_has_no_rate_and_a_single_group_no_difference():
    frame = people().head(100).with_columns(y=pl.lit(False), sex=pl.lit("all"))
    report = evaluate(scored(frame=frame), **BY_SEX)
    assert rows_of(report, "Rates by group")[0]["True positive rate"] is None
    assert all(row["Value"] is None for row in rows_of(report, "Largest differences"))


def test_the_chart_shows_each_rate_of_each_group():
    report = evaluate(scored("first"), scored("second"), **BY_SEX)
    chart = next(block for block in report.blocks if block.get("role") == "groups")
    shown = {(value["model"], value["group"], value["rate"]) for value in chart["spec"]["data"]["values"]}
    assert len(shown) == 2 * 2 * 4 and np.isfinite([value["value"] for value in chart["spec"]["data"]["values"]]).all()


def test_what_cannot_be_grouped():
    many = people().with_columns(sex=pl.int_range(pl.len()).cast(pl.String))
    assert refuses("evaluation.evaluate_model", {"group_column": "sex"}, "too_many_groups", scored=[scored(frame=many)]).column == "sex"
    assert refuses("evaluation.evaluate_model", {"group_column": "gone"}, "unknown_column", scored=[scored()]).param == "group_column"
