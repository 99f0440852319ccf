"""Differences between models on the same rows, compared with DeLong's test, paired means and the bootstrap."""

import numpy as np
import polars as pl
import pytest
from scipy import stats
from sklearn.metrics import log_loss, roc_auc_score

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modelling.evaluation.judged import evaluate, numbers, people, rows_of, scored

Z = stats.norm.ppf(0.975)


def found(*tables):
    return {(row["Model"], row["Metric"]): row for row in rows_of(evaluate(*tables), "Differences between models")}


def delong(truth, one, two):
    """The standard error of the difference of two areas on the same rows, from the definition: every pair of rows."""

    def kernel(score):
        ahead = score[truth][:, None] - score[~truth][None, :]
        return (ahead > 0) + (ahead == 0) / 2

    off = kernel(two) - kernel(one)
    return float(np.hypot(off.mean(axis=1).std(ddof=1) / truth.sum() ** 0.5, off.mean(axis=0).std(ddof=1) / (~truth).sum() ** 0.5))


def test_areas_differ_as_delong_says():
    frame = people()
    truth, one, two = (frame[name].to_numpy() for name in ("y", "first", "second"))
    row = found(scored("first"), scored("second"))["A 2", "AUC"]
    assert row["Difference"] == pytest.approx(roc_auc_score(truth, two) - roc_auc_score(truth, one), abs=1e-12)
    assert (row["To"] - row["From"]) / 2 == pytest.approx(Z * delong(truth, one, two), rel=2e-3)  # but for n and n - 1 of each class


def test_means_of_the_same_rows_differ_as_paired_means():
    frame = people()
    truth, one, two = (frame[name].to_numpy() for name in ("y", "first", "second"))
    rows = found(scored("first"), scored("second"))
    losses = [-np.log(np.where(truth, chance, 1 - chance)) for chance in (one, two)]
    off = losses[1] - losses[0]
    row = rows["A 2", "Log loss"]
    assert row["Difference"] == pytest.approx(log_loss(truth, two) - log_loss(truth, one), abs=1e-12)
    assert (row["From"], row["To"]) == pytest.approx(stats.norm.interval(0.95, off.mean(), stats.sem(off)), abs=1e-12)
    assert row["Better"] == ("no" if row["From"] > 0 else "yes" if row["To"] < 0 else "not certain")


def test_other_rows_are_told_and_have_wider_intervals():
    same, apart = (
        found(scored("first"), scored("second")),
        found(scored("first"), scored("second", frame=people().sample(fraction=1, shuffle=True, seed=1))),
    )
    key = ("A 2", "Brier score")
    assert apart[key]["Difference"] == pytest.approx(same[key]["Difference"])
    assert apart[key]["To"] - apart[key]["From"] > same[key]["To"] - same[key]["From"]
    report = evaluate(scored("first"), scored("second", frame=people().head(500)))
    assert any("some on other rows" in block["title"] for block in report.blocks)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_figures_of_numbers_differ_as_the_bootstrap_says(weighted):
    rng = np.random.default_rng(0)
    truth = rng.gamma(4, size=1000)
    one, two = truth + rng.normal(size=1000), truth * 0.8 + rng.normal(size=1000)
    weight = rng.integers(1, 4, 1000).astype(float) if weighted else None
    rows = found(numbers(one, truth, weight), numbers(two, truth, weight))
    w = np.ones(1000) if weight is None else weight

    def figures(at):
        def mean(values):
            return np.average(values, weights=w[at])

        center = mean(truth[at])
        for guess in (one[at], two[at]):
            off = truth[at] - guess
            squared, absolute = mean(off**2) / mean((truth[at] - center) ** 2), mean(np.abs(off)) / mean(np.abs(truth[at] - center))
            yield np.array([mean(np.abs(off)), mean(off**2) ** 0.5, absolute, squared, 1 - squared])

    def difference(at):
        first, second = figures(at)
        return second - first

    again = np.array([difference(rng.integers(0, 1000, 1000)) for _ in range(600)]).std(axis=0)
    titles = ("Mean absolute error", "Root mean squared error", "Relative absolute error", "Relative squared error", "R²")
    for title, off, exact in zip(titles, again, difference(np.arange(1000)), strict=True):
        row = rows["A 2", title]
        assert row["Difference"] == pytest.approx(exact, abs=1e-12)
        assert (row["To"] - row["From"]) / 2 == pytest.approx(Z * off, rel=0.12), title


def test_several_classes_are_compared_and_a_model_does_not_differ_from_itself():
    rng = np.random.default_rng(0)
    label = rng.choice(["a", "b", "c"], 90)
    columns = {f"p{name}": rng.dirichlet([1, 1, 1], 90)[:, at] for at, name in enumerate("abc")}
    roles = {"y": ColumnRole("label"), **{f"p{name}": ColumnRole("score", positive=name, model="A", task="multi_class") for name in "abc"}}
    table = Table(pl.DataFrame({"y": label, **columns}), roles)
    rows = found(table, table)
    assert {metric for _, metric in rows} >= {"Accuracy", "Log loss", "AUC, one-vs-rest, macro", "MCC"}
    assert all(row["Difference"] == 0 and row["From"] == row["To"] == 0 and row["Better"] == "not certain" for row in rows.values())


def test_each_model_is_compared_with_the_first_and_one_alone_with_none():
    assert {name for name, _ in found(scored("first"), scored("second"), scored("first"))} == {"A 2", "A 3"}
    assert not [block for block in evaluate(scored()).blocks if block.get("title", "").startswith("Differences")]
