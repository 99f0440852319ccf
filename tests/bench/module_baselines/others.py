"""The shelves Data, Scoring, Evaluation, Recommendation and Scripts."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.kind import kinds
from tests.bench.module_baselines.case import beside, without
from tests.bench.module_baselines.tables import late, learnt
from tests.support.module_runner import only

COLUMNS = "id = sequence(1)\nage = normal(40, 12)\ncity = choice(Bern: 5, Lyon: 3, Oslo: 2)"


@lru_cache(maxsize=1)
def model(_: int) -> Any:
    learner = only("classification.two_class_logistic_regression")
    return only("training.train_model", {"label": "arr_delay"}, untrained=learner, table=late(100_000))


@lru_cache(maxsize=1)
def trees(_: int) -> Any:
    learner = only("regression.boosted_trees", {"trees": 20})
    return only("training.train_model", {"label": "arr_delay"}, untrained=learner, table=learnt(100_000))


@lru_cache(maxsize=1)
def scored(rows: int) -> Any:
    return only("scoring.score_model", model=model(0), table=late(rows))


@beside("scoring.score_model", variant="logistic", model=model, table=late)
def classes(model: Any, table: pl.DataFrame) -> pl.DataFrame:
    found = model.estimator.predict_proba(table.drop("arr_delay"))[:, 1]
    labels = pl.Series(found >= 0.5).replace_strict({True: "on time", False: "late"})
    return table.with_columns(labels.alias("Scored Labels"), pl.Series("Scored Probabilities", found))


@beside("scoring.score_model", variant="trees", model=trees, table=learnt)
def numbers(model: Any, table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(pl.Series("Scored Labels", model.estimator.predict(table.drop("arr_delay"))))


@beside("evaluation.evaluate_model", scored=scored)
def evaluation(scored: Any) -> None:
    """Metrics with their intervals, DeLong's for the area, curves and the lift."""
    from scipy.stats import rankdata  # noqa: PLC0415
    from sklearn import metrics  # noqa: PLC0415
    from sklearn.calibration import calibration_curve  # noqa: PLC0415

    truth = (scored.frame["arr_delay"] == "on time").to_numpy().astype(int)
    chance = scored.frame["Scored Probabilities"].to_numpy()
    guess = (chance >= 0.5).astype(int)
    metrics.confusion_matrix(truth, guess)
    for of_labels in (metrics.accuracy_score, metrics.precision_score, metrics.recall_score, metrics.f1_score, metrics.matthews_corrcoef):
        of_labels(truth, guess)
    for of_chances in (metrics.roc_auc_score, metrics.average_precision_score, metrics.log_loss, metrics.brier_score_loss):
        of_chances(truth, chance)
    metrics.roc_curve(truth, chance), metrics.precision_recall_curve(truth, chance), calibration_curve(truth, chance, n_bins=10)
    yes, no = chance[truth == 1], chance[truth == 0]
    ranks = rankdata(np.concatenate([yes, no]))
    (ranks[: len(yes)] - rankdata(yes)).var(), (ranks[len(yes) :] - rankdata(no)).var()
    np.cumsum(truth[np.argsort(-chance)])


@beside("data.random_data", {"rows": 1_000_000, "lines": COLUMNS})
def random_data() -> None:
    dice = np.random.default_rng(0)
    city = pl.Series(dice.choice(3, 1_000_000, p=[0.5, 0.3, 0.2]))
    pl.DataFrame(
        {"id": np.arange(1, 1_000_001), "age": dice.normal(40, 12, 1_000_000), "city": pl.Series(["Bern", "Lyon", "Oslo"]).gather(city)}
    )


without("it hands on what is stored", "data.dataset", *(kind.loader.id for kind in kinds().values() if kind.loader))
without("its time is that of the network or of the disk", "data.import_data", "data.export_data")
without("its text is typed by hand, so it is short", "data.enter_data")
without("its time is that of the user's code and of starting a process", "script.python", "script.r", "script.python_model")
without("it only takes a zip file apart", "script.bundle")
without("its time is that of the scorer, which the part `serving` measures", "scoring.score_in_batches")
RECOMMENDERS = ("train_svd_recommender", "score_svd_recommender", "evaluate_recommender")
without("no library of recommenders is installed", *(f"recommendation.{name}" for name in RECOMMENDERS))
without(
    "no library has it; it is a loop of PyTorch as the plain one would be",
    *(f"recommendation.{name}_wide_and_deep_recommender" for name in ("train", "score")),
)
