"""Boosted Decision Tree Regression: a number as the sum of many small trees."""

from __future__ import annotations

from typing import Annotated, Any

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range, Seed
from pipelines.catalogue.ports import UntrainedModel

NAME = "Boosted Decision Tree Regression"


def _before(**_: Any) -> UntrainedModel:
    return UntrainedModel(NAME, "regression", None)


@module(NAME, columns=_before, aliases=("gradient boosting", "boosted trees", "lightgbm", "bdt"), libraries=("lightgbm",))
def boosted_trees(
    *,
    leaves: Annotated[int, Range(2, 131_072)] = 20,
    rows_per_leaf: Annotated[int, Range(1)] = 10,
    learning_rate: Annotated[float, Range(0, 1, exclusive_min=True)] = 0.2,
    trees: Annotated[int, Range(1, 100_000)] = 100,
    seed: Seed = Seed(0),
) -> UntrainedModel:
    """Predict a number with many small decision trees, each correcting those before it.

    Trees are built by LightGBM. Text columns are used as categories and missing values as they are.

    Args:
        leaves: The most leaves a tree may have.
        rows_per_leaf: The fewest rows a leaf may stand for.
        learning_rate: How much each tree corrects; smaller needs more trees.
        trees: The number of trees.
        seed: Start of what is random.

    Returns:
        The learner, ready for Train Model.
    """
    from lightgbm import LGBMRegressor

    settings = {"leaves": leaves, "rows_per_leaf": rows_per_leaf, "learning_rate": learning_rate, "trees": trees, "seed": seed}
    # one thread and a fixed layout: the same rows give the same trees, bit for bit
    estimator = LGBMRegressor(
        num_leaves=leaves,
        min_child_samples=rows_per_leaf,
        learning_rate=learning_rate,
        n_estimators=trees,
        random_state=seed,
        deterministic=True,
        force_row_wise=True,
        n_jobs=1,
        verbose=-1,
    )
    return UntrainedModel(NAME, "regression", estimator, settings=settings)
