"""Two-Class Boosted Decision Tree: one of two classes by the sum of many small trees."""

from __future__ import annotations

from collections.abc import Mapping
from secrets import randbelow
from typing import Annotated, Any, Literal

from pipelines.catalogue.module import module
from pipelines.catalogue.params import LARGEST_SEED, Range, Seed, Titles
from pipelines.catalogue.ports import UntrainedModel

NAME = "Two-Class Boosted Decision Tree"


def _before(**_: Any) -> UntrainedModel:
    return UntrainedModel(NAME, "two_class", None)


@module(NAME, columns=_before, aliases=("gradient boosting", "boosted trees", "lightgbm", "bdt"), libraries=("lightgbm",))
def two_class_boosted_trees(
    *,
    leaves: Annotated[int, Range(2, 131_072)] = 20,
    rows_per_leaf: Annotated[int, Range(1)] = 5,
    learning_rate: Annotated[float | None, Range(0, 1, exclusive_min=True)] = None,
    trees: Annotated[int, Range(1, 100_000)] = 100,
    row_share: Annotated[float, Range(0, 1, exclusive_min=True)] = 0.8,
    column_share: Annotated[float, Range(0, 1, exclusive_min=True)] = 0.5,
    l1_weight: Annotated[float, Range(0)] = 0.0,
    l2_weight: Annotated[float, Range(0)] = 1.0,
    class_weight: Annotated[Literal["none", "balanced"], Titles(none="As in the rows", balanced="Both classes alike")] = "none",
    validation_share: Annotated[float, Range(0, 0.9)] = 0.0,
    patience: Annotated[int, Range(1)] = 20,
    seed: Seed | None = Seed(0),
) -> UntrainedModel:
    """Predict one of two classes with many small decision trees, each correcting those before it.

    Trees are built by LightGBM. Text columns are used as categories and missing values, of texts too, as they are.

    Args:
        leaves: The most leaves a tree may have.
        rows_per_leaf: The fewest rows a leaf may stand for.
        learning_rate: How much each tree corrects; smaller needs more trees. Empty for one by the number of rows: 0.05 up to 10,000 rows, 0.1 up to
            30,000, 0.2 above.
        trees: The number of trees; with a validation share the most there may be.
        row_share: The share of the rows that each tree is built from, drawn again for each; 1 for all rows.
        column_share: The share of the columns that each tree is built from, drawn again for each; 1 for all columns.
        l1_weight: How strongly the values of leaves are drawn to 0 (L1), 0 for not at all.
        l2_weight: How strongly the values of small leaves are made smaller (L2), as if each leaf had so many more rows; 0 for not at all.
        class_weight: Count all rows alike, or both classes alike by weighing the rows of the rarer one more; then probabilities are too high
            for the rarer class.
        validation_share: The share of the rows that is kept apart to stop early by (log loss); 0 for building all trees from all rows.
        patience: With a validation share, stop when so many trees in a row were no better on the rows kept apart.
        seed: Start of what is random; empty for another one each time it is executed.

    Returns:
        The learner, ready for Train Model.
    """
    settings = dict(locals())
    if seed is None:
        settings["seed"] = randbelow(LARGEST_SEED)
    if not validation_share:
        del settings["patience"]
    return UntrainedModel(NAME, "two_class", _estimator(settings), settings=settings, validation=validation_share)


def _estimator(settings: Mapping[str, Any]) -> Any:
    """LightGBM's estimator: the same rows give the same trees, bit for bit, however many threads build them. Where the learning rate is None,
    Train Model, which knows the number of rows, fills it in.
    """
    from lightgbm import LGBMClassifier

    return LGBMClassifier(
        num_leaves=settings["leaves"],
        min_child_samples=settings["rows_per_leaf"],
        learning_rate=settings["learning_rate"],
        n_estimators=settings["trees"],
        subsample=settings["row_share"],
        subsample_freq=int(settings["row_share"] < 1),
        colsample_bytree=settings["column_share"],
        reg_alpha=settings["l1_weight"],
        reg_lambda=settings["l2_weight"],
        class_weight=None if settings["class_weight"] == "none" else settings["class_weight"],
        random_state=settings["seed"],
        deterministic=True,
        force_col_wise=True,
        n_jobs=1,
        verbose=-1,
        **({"early_stopping_round": settings["patience"]} if "patience" in settings else {}),
    )
