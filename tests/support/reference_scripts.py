"""The sample pipelines as a person would script them with polars, scikit-learn and LightGBM. Knows nothing of Easel."""

import math
from pathlib import Path

import numpy as np
import polars as pl
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.linear_model import Ridge
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    brier_score_loss,
    confusion_matrix,
    f1_score,
    log_loss,
    matthews_corrcoef,
    mean_absolute_error,
    mean_squared_error,
    precision_score,
    r2_score,
    recall_score,
    roc_auc_score,
)

DATA = Path(__file__).parents[2] / "designer" / "datasets" / "samples"
TREES = {
    "num_leaves": 20,
    "min_child_samples": 5,
    "n_estimators": 100,
    "subsample": 0.8,
    "subsample_freq": 1,
    "colsample_bytree": 0.5,
    "reg_lambda": 1.0,
    "random_state": 0,
    "deterministic": True,
    "force_col_wise": True,
    "n_jobs": 1,
    "verbose": -1,
}


def rate(rows: int) -> float:
    return 0.05 if rows <= 10_000 else 0.1 if rows <= 30_000 else 0.2


def split(frame: pl.DataFrame, fraction: float, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    order = np.random.Generator(np.random.PCG64(seed)).permutation(frame.height)
    cut = math.floor(round(fraction * frame.height, 6))
    return frame[sorted(order[:cut].tolist())], frame[sorted(order[cut:].tolist())]


def cars(seed: int = 0) -> tuple[pl.DataFrame, pl.DataFrame]:
    frame = pl.read_csv(DATA / "automobile_price.csv").drop("normalized-losses").drop_nulls()
    return split(frame, 0.7, seed)


def people(seed: int = 0) -> tuple[pl.DataFrame, pl.DataFrame]:
    five = {"education", "education-num", "marital-status", "relationship", "capital-gain", "income"}
    frame = pl.read_parquet(DATA / "adult_census_income.parquet")[:32_561]
    frame = frame.select(column for column in frame.columns if column in five)
    return split(frame, 0.5, seed)


def linear_regression(train: pl.DataFrame, test: pl.DataFrame, label: str) -> np.ndarray:
    """Ridge on standardised numbers and one-hot texts, by hand."""

    def columns(frame: pl.DataFrame) -> np.ndarray:
        parts = []
        for name in (name for name in train.columns if name != label and train[name].dtype.is_numeric()):
            values, known = frame[name].to_numpy().astype(float), train[name].to_numpy().astype(float)
            parts.append((values - known.mean()) / (known.std() if known.std() > 0 else 1.0))
        for name in (name for name in train.columns if train[name].dtype == pl.String):
            parts += [(frame[name] == value).to_numpy().astype(float) for value in sorted(train[name].unique())]
        return np.column_stack(parts)

    return Ridge(alpha=0.001 * train.height).fit(columns(train), train[label].to_numpy()).predict(columns(test))


def tree_columns(train: pl.DataFrame, frame: pl.DataFrame, label: str) -> tuple[np.ndarray, list[int]]:
    """Numbers first, then texts as codes of the training rows' sorted values; an unknown text is NaN."""
    numbers = [name for name in train.columns if name != label and train[name].dtype.is_numeric()]
    texts = [name for name in train.columns if name != label and name not in numbers]
    parts = [frame[name].to_numpy().astype(float) for name in numbers]
    for name in texts:
        codes = {value: float(code) for code, value in enumerate(sorted(train[name].drop_nulls().unique()))}
        parts.append(np.array([codes.get(value, math.nan) for value in frame[name]]))
    return np.column_stack(parts), list(range(len(numbers), len(numbers) + len(texts)))


def boosted_trees_regression(train: pl.DataFrame, test: pl.DataFrame, label: str) -> np.ndarray:
    x, categories = tree_columns(train, train, label)
    model = LGBMRegressor(**TREES, learning_rate=rate(train.height)).fit(x, train[label].to_numpy(), categorical_feature=categories)
    return model.predict(tree_columns(train, test, label)[0])


def boosted_trees_two_class(train: pl.DataFrame, test: pl.DataFrame, label: str, positive: str, **settings: float) -> np.ndarray:
    x, categories = tree_columns(train, train, label)
    model = LGBMClassifier(**{**TREES, "learning_rate": rate(train.height), **settings}).fit(
        x, (train[label] == positive).to_numpy().astype(int), categorical_feature=categories
    )
    return model.predict_proba(tree_columns(train, test, label)[0])[:, 1]


def regression_figures(truth: np.ndarray, guess: np.ndarray) -> dict[str, float]:
    mean = np.full(len(truth), truth.mean())
    return {
        "mean_absolute_error": mean_absolute_error(truth, guess),
        "root_mean_squared_error": math.sqrt(mean_squared_error(truth, guess)),
        "relative_absolute_error": mean_absolute_error(truth, guess) / mean_absolute_error(truth, mean),
        "relative_squared_error": mean_squared_error(truth, guess) / mean_squared_error(truth, mean),
        "r2": r2_score(truth, guess),
    }


def two_class_figures(truth: np.ndarray, chance: np.ndarray) -> dict[str, float]:
    guess = chance >= 0.5
    (tn, fp), (fn, tp) = confusion_matrix(truth, guess)
    return {
        "accuracy": accuracy_score(truth, guess),
        "precision": precision_score(truth, guess, zero_division=0),
        "recall": recall_score(truth, guess),
        "f1": f1_score(truth, guess),
        "mcc": matthews_corrcoef(truth, guess),
        "auc": roc_auc_score(truth, chance),
        "average_precision": average_precision_score(truth, chance),
        "log_loss": log_loss(truth, chance),
        "brier": brier_score_loss(truth, chance),
        "true_positive": tp,
        "false_positive": fp,
        "true_negative": tn,
        "false_negative": fn,
    }
