"""The samples over random splits, beside the published figures, as docs/engineering/samples.md has them.

Run: python -m tests.bench.thirty_seeds [SEEDS] [SAMPLE ...]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.support.module_runner import run_graph, sample


@dataclass(frozen=True)
class Case:
    """A model of a sample, and what is published of it, by metric; other metrics have none."""

    slug: str
    model: str
    called: str
    published: Mapping[str, float | None]
    drawing: str = "split"  # the node whose seed is varied


ERRORS = ("r2", "mean_absolute_error", "root_mean_squared_error")
TREES, LINEAR, VECTORS = "Two-Class Boosted Decision Tree", "Two-Class Logistic Regression", "Two-Class Support Vector Machine"
CASES = (
    Case("automobile_price", "Linear Regression", "linear regression", dict(zip(ERRORS, (0.8682, 1773.61, 2461.70), strict=True))),
    Case(
        "automobile_price_advanced",
        "Boosted Decision Tree Regression",
        "boosted trees",
        dict(zip(ERRORS, (0.8271, 2029.46, 3468.29), strict=True)),
    ),
    Case(
        "automobile_price_advanced",
        "Decision Forest Regression",
        "decision forest",
        dict(zip(ERRORS, (0.7547, 2186.40, 4130.98), strict=True)),
    ),
    Case("income", TREES, "boosted trees", {"accuracy": 0.848, "auc": 0.894, "f1": 0.627, "precision": 0.756, "recall": 0.535}),
    Case("income_selection", TREES, "boosted trees, five columns", {"accuracy": 0.848, "auc": 0.894, "f1": 0.627}),
    Case("income_selection", LINEAR, "logistic regression, bins", {"accuracy": None, "auc": None, "f1": None}),
    Case("credit_risk", f"{VECTORS} 1", "vector machine, by cost", {"accuracy": 0.721}),
    Case("credit_risk", f"{VECTORS} 2", "vector machine, plain", {"accuracy": 0.571}),
    Case("credit_risk", f"{TREES} 1", "boosted trees, by cost", {"accuracy": 0.706}),
    Case("credit_risk", f"{TREES} 2", "boosted trees, plain", {"accuracy": 0.591}),
    Case("churn", f"{TREES} 1", "boosted trees", {"accuracy": 0.931, "auc": 0.724, "recall": 0.011, "f1": 0.021}),
    Case("churn", f"{TREES} 2", "boosted trees, SMOTE", {"accuracy": None, "auc": None, "recall": None, "f1": None}),
    Case("churn", f"{TREES} 3", "boosted trees, class weights", {"accuracy": None, "auc": None, "recall": None, "f1": None}),
    Case("flight_delay", LINEAR, "logistic regression", {"accuracy": 0.831, "auc": 0.631, "recall": 0.034, "f1": 0.062}, "some"),
    Case("flight_delay", TREES, "boosted trees", {"accuracy": None, "auc": None, "recall": None, "f1": None}, "some"),
)


def main() -> None:
    """Print a row of the table for each figure."""
    seeds, *slugs = sys.argv[1:] or ["30"]
    print(f"| sample | model | metric | published | median of {seeds} splits | range |\n|---|---|---|---|---|---|")
    for slug in dict.fromkeys(case.slug for case in CASES):
        if not slugs or slug in slugs:
            _print_sample([case for case in CASES if case.slug == slug], int(seeds))


def _print_sample(cases: Sequence[Case], seeds: int) -> None:
    runs = list(_runs(cases[0], seeds))
    for case in cases:
        for metric, published in case.published.items():
            values = [run[case.model][metric] for run in runs]
            there = "" if published is None else _figure(published)
            middle, least, most = (_figure(value) for value in (np.median(values), min(values), max(values)))
            print(f"| {case.slug} | {case.called} | {metric} | {there} | {middle} | {least} to {most} |", flush=True)


def _runs(case: Case, seeds: int) -> Iterator[Mapping[str, Any]]:
    for seed in range(seeds):
        document = sample(case.slug)
        document["nodes"][case.drawing]["params"]["seed"] = seed
        yield {one["name"]: one["metrics"] for one in run_graph(document)["evaluate"]["report"].metrics}


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value > 1 else f"{value:.3f}"


if __name__ == "__main__":
    main()
