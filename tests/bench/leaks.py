"""Planted leaks: cross-validation with preprocessing that is fitted again in each fold, beside the same fitted before on all rows, and scikit-learn's.

Run: python -m tests.bench.leaks [SEEDS] [CASE ...]
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy.special import ndtr
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler, TargetEncoder

from pipelines.graph.model import Graph
from tests.support.graph_builder import draw
from tests.support.validated import VALIDATE, Node, chain, fold_figures, validated

FOLDS = 5
CLASSIFIER, REGRESSOR = "classification.two_class_logistic_regression", "regression.linear_regression"


@dataclass(frozen=True)
class Case:
    """A leak: rows that carry it, the modules that leak when they see all rows, and the same in scikit-learn.

    `rows` gives a frame and its features for scikit-learn, by a random generator; `graph` the graph, by the settings of the cross-validation.
    """

    name: str
    rows: Callable[[np.random.Generator], tuple[pl.DataFrame, Any]]
    graph: Callable[[Mapping[str, Any]], Graph]
    plain: Callable[[], Any]
    regression: bool = False

    @property
    def metric(self) -> tuple[str, str]:
        """Its metric: the title, and scikit-learn's name."""
        return ("R²", "r2") if self.regression else ("AUC", "roc_auc")


@dataclass(frozen=True)
class Found:
    """Figures of a case with one seed: ours, with the leak, and of a nested pipeline of scikit-learn with its standard error."""

    ours: float
    leaking: float
    plain: float
    error: float

    @property
    def apart(self) -> float:
        """How far ours is from scikit-learn's, in its standard errors."""
        return abs(self.ours - self.plain) / self.error


class LogNormal(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """The distribution function of a log-normal distribution."""

    def fit(self, x: Any, y: Any = None) -> LogNormal:
        self.mean_, self.spread_ = np.log(x).mean(axis=0), np.log(x).std(axis=0, ddof=1)
        return self

    def transform(self, x: Any) -> Any:
        return ndtr((np.log(x) - self.mean_) / self.spread_)


class MeanOfLabel(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """The mean of the label in each category, missing for new ones."""

    def fit(self, x: Any, y: Any) -> MeanOfLabel:
        self.known_ = {value: y[x[:, 0] == value].mean() for value in np.unique(x[:, 0])}
        return self

    def transform(self, x: Any) -> Any:
        return np.array([[self.known_.get(value, np.nan)] for value in x[:, 0]])


def noise(random: np.random.Generator, rows: int = 200, columns: int = 10_000) -> tuple[pl.DataFrame, Any]:
    """Columns that say nothing about the label."""
    x, y = random.normal(size=(rows, columns)), np.arange(rows) % 2
    return pl.DataFrame({**{f"x{at}": x[:, at] for at in range(columns)}, "y": y}), x


def categories(random: np.random.Generator) -> tuple[pl.DataFrame, Any]:
    """Categories of five rows each that say nothing about the label."""
    x, y = random.integers(0, 80, 400), random.permutation(np.arange(400) % 2)
    return pl.DataFrame({"x": x.astype(str), "y": y}), x.reshape(-1, 1)


def towns(random: np.random.Generator) -> tuple[pl.DataFrame, Any]:
    """Categories that say something about the label."""
    x, effects = random.integers(0, 60, 600), random.normal(size=60)
    y = (random.random(600) < 1 / (1 + np.exp(-effects[x]))).astype(int)
    return pl.DataFrame({"x": x.astype(str), "y": y}), x.reshape(-1, 1)


def gaps(random: np.random.Generator) -> tuple[pl.DataFrame, Any]:
    """Few rows, half of whose numbers are missing, with a heavy tail."""
    x = random.standard_t(1.5, size=(60, 1))
    y = x[:, 0] + random.normal(size=60)
    x[random.random(60) < 0.5] = np.nan
    return pl.DataFrame({"x": x[:, 0], "y": y}).with_columns(pl.col("x").fill_nan(None)), x


def scales(random: np.random.Generator) -> tuple[pl.DataFrame, Any]:
    """Few rows of numbers over many orders of magnitude."""
    x = np.exp(random.standard_t(2, size=(60, 1)))
    return pl.DataFrame({"x": x[:, 0], "y": np.tanh(np.log(x[:, 0])) + random.normal(size=60) / 2}), x


def _regression(*steps: Node) -> Callable[[Mapping[str, Any]], Graph]:
    return lambda settings: chain(*steps, learner=REGRESSOR, settings=settings)


def _classes(*steps: Node) -> Callable[[Mapping[str, Any]], Graph]:
    return lambda settings: chain(*steps, learner=CLASSIFIER, settings=settings)


def means_joined(settings: Mapping[str, Any]) -> Graph:
    """The graph of a target encoder made by hand: the mean label of each category, joined to its rows."""
    nodes = {
        "data": ("data.dataset", {"dataset": "data"}),
        "means": ("transform.group_by", {"keys": ["x"], "columns": ["y"], "count": False}),
        "join": ("transform.join", {"left_keys": ["x"], "right_keys": ["x"], "how": "left", "keep_right_keys": False}),
        "columns": ("transform.select_columns", {"columns": ["y_mean", "y"]}),
        "learner": CLASSIFIER,
        "validate": (VALIDATE, dict(settings)),
    }
    wires = ("data.table means.table", "data.table join.left", "means.table join.right", "join.table columns.table")
    return draw(nodes, *wires, "columns.table validate.table", "learner.model validate.untrained")


CASES = (
    Case(
        "scaler: Normalize Data, log-normal",
        scales,
        _regression(("transform.normalize", {"method": "lognormal", "columns": ["x"]})),
        lambda: make_pipeline(LogNormal(), LinearRegression()),
        regression=True,
    ),
    Case(
        "imputer: Clean Missing Data, mean",
        gaps,
        _regression(("transform.clean_missing", {"columns": ["x"], "mode": "mean"})),
        lambda: make_pipeline(SimpleImputer(), LinearRegression()),
        regression=True,
    ),
    Case(
        "target encoder: means of groups, joined",
        categories,
        means_joined,
        lambda: make_pipeline(MeanOfLabel(), SimpleImputer(), StandardScaler(), LogisticRegression()),
    ),
    Case(
        "target encoder: Count Features",
        towns,
        _classes(
            ("transform.count_features", {"columns": ["x"], "label": "y"}),
            ("transform.select_columns", {"columns": ["x_log_odds", "y"]}),
        ),
        lambda: make_pipeline(
            TargetEncoder(smooth=10.0, cv=StratifiedKFold(5, shuffle=True, random_state=0)), StandardScaler(), LogisticRegression()
        ),
    ),
    Case(
        "selection: Filter Based, 20 of 10,000",
        noise,
        _classes(("selection.filter_based", {"label": "y", "features": 20})),
        lambda: make_pipeline(SelectKBest(f_classif, k=20), StandardScaler(), LogisticRegression()),
    ),
)


def found(case: Case, seed: int) -> Found:
    """Measure a case with a seed."""
    frame, x = case.rows(np.random.default_rng(seed))
    title, scoring = case.metric
    settings: Mapping[str, Any] = {"label": "y", "folds": FOLDS, "seed": seed, "split_by": "rows" if case.regression else "label"}
    graph = case.graph(settings)
    folds = (KFold if case.regression else StratifiedKFold)(FOLDS, shuffle=True, random_state=seed)
    plain = cross_val_score(case.plain(), x, frame["y"].to_numpy(), cv=folds, scoring=scoring)
    ours = fold_figures(validated(frame, graph), title)
    leaking = fold_figures(validated(frame, graph, refitted=False), title)
    return Found(float(np.mean(ours)), float(np.mean(leaking)), float(plain.mean()), float(plain.std(ddof=1) / np.sqrt(FOLDS)))


def main(seeds: int, names: Sequence[str]) -> None:
    """Print a line for each case whose name starts with one of the names."""
    for case in (case for case in CASES if not names or case.name.startswith(tuple(names))):
        all_found = [found(case, seed) for seed in range(seeds)]
        means = [np.mean([getattr(each, name) for each in all_found]) for name in ("ours", "plain", "leaking")]
        inside = sum(each.apart <= 2 for each in all_found)
        print(
            f"{case.name} ({case.metric[0]}): ours {means[0]:.4f}, scikit-learn {means[1]:.4f}, with the leak {means[2]:.4f}; "
            f"{inside} of {seeds} seeds within two standard errors, at most {max(each.apart for each in all_found):.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20, sys.argv[2:])
