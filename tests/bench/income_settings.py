"""Compares settings of the income sample's learner: ten-fold cross-validation, twice, on the training half of the sample's split.

The first row has the learner's settings of build 6b556e4, the second its defaults. Run: python -m tests.bench.income_settings
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.metrics import accuracy_score, f1_score, log_loss, precision_score, recall_score, roc_auc_score
from sklearn.model_selection import RepeatedStratifiedKFold

from tests.support import reference_scripts as plain_scripts
from tests.support.module_runner import only

SETTINGS: list[Mapping[str, Any]] = [
    {"rows_per_leaf": 10, "learning_rate": 0.2, "row_share": 1.0, "column_share": 1.0, "l2_weight": 0.0},
    {},
    {"trees": 200},
    {"learning_rate": 0.15},
    {"learning_rate": 0.2},
    {"learning_rate": 0.05, "trees": 200},
    {"learning_rate": 0.05, "trees": 300},
    {"column_share": 0.8, "trees": 200},
    {"column_share": 0.8, "learning_rate": 0.2},
    {"leaves": 31, "learning_rate": 0.2},
    {"rows_per_leaf": 10, "learning_rate": 0.2},
]


def main() -> None:
    """Print the mean of each figure for each of the settings."""
    half, _ = plain_scripts.people()
    truth = (half["income"] == ">50K").to_numpy()
    folds = list(RepeatedStratifiedKFold(n_splits=10, n_repeats=2, random_state=1).split(truth, truth))
    for settings in SETTINGS:
        found = []
        for learned, tested in folds:
            learner = only("classification.two_class_boosted_trees", settings)
            model = only("training.train_model", {"label": "income"}, untrained=learner, table=half[learned])
            chance = only("scoring.score_model", model=model, table=half[tested]).frame["Scored Probabilities"].to_numpy()
            known, guess = truth[tested], chance >= 0.5
            found.append([score(known, guess) for score in (accuracy_score, precision_score, recall_score, f1_score)])
            found[-1] += [roc_auc_score(known, chance), log_loss(known, chance)]
        names = ("accuracy", "precision", "recall", "F1", "AUC", "log loss")
        print("  ".join(f"{name} {value:.4f}" for name, value in zip(names, np.mean(found, axis=0), strict=True)), settings)


if __name__ == "__main__":
    main()
