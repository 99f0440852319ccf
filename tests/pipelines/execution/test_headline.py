"""The headline of a report: its first metric with a value, the best of several models."""

from typing import Any

import pytest

from pipelines.catalogue.ports import Report
from pipelines.execution.headline import Headline, headline_of


def figures(better: str | None, *values: Any, key: str = "auc", title: str = "AUC") -> dict[str, Any]:
    rows = [{"name": f"Model {number}", "values": {key: value}} for number, value in enumerate(values)]
    return {"type": "figures", "title": "Figures", "columns": [{"key": key, "title": title, "better": better}], "rows": rows}


@pytest.mark.parametrize(
    ("better", "values", "expected"),
    [("high", (0.7, 0.9, None), 0.9), ("low", (3, 2.5), 2.5), (None, (4, 9), 4.0), ("high", (None, float("nan"), "none", 0.2), 0.2)],
)
def test_the_best_of_several_models(better: Any, values: tuple[Any, ...], expected: float):
    assert headline_of(Report("Page", [{"type": "chart"}, figures(better, *values)])) == Headline("AUC", expected, better)


def test_a_figure_without_a_value_gives_way_to_the_next():
    report = Report("Page", [figures("high", None), figures("low", 2, key="rmse", title="Root mean squared error")])
    assert headline_of(report) == Headline("Root mean squared error", 2.0, "low")


def test_the_mean_of_folds_goes_before_the_figure_of_all_predictions_together():
    blocks = [figures("high", 0.8484)]
    assert headline_of(Report("Page", blocks, [{"name": "A", "metrics": {"auc": 0.8483, "f1": 0.5}}])) == Headline("AUC", 0.8483, "high")
    for odd in ([{"name": "A"}], [{"metrics": {"auc": None}}], [{"metrics": {"auc": "high"}}], ["A"]):
        assert headline_of(Report("Page", blocks, odd)) == Headline("AUC", 0.8484, "high")


@pytest.mark.parametrize("blocks", [[], [{"type": "figures"}], [{"type": "chart"}], [figures("high", None)]])
def test_a_report_without_figures_has_none(blocks: list[Any]):
    assert headline_of(Report("Page", blocks)) is None


def test_a_title_of_user_code_is_cut():
    found = headline_of(Report("Page", [figures(None, 1, title="x" * 1000)]))
    assert found is not None and len(found.title) == 80
