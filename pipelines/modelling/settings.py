"""Groups of settings that several learners share: documented once, shown in each learner's form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pipelines.catalogue.params import Range, Titles


@dataclass(frozen=True)
class Boosting:
    """How boosted trees are built.

    Args:
        leaves: The most leaves a tree may have.
        rows_per_leaf: The fewest rows a leaf may stand for.
        learning_rate: How much each tree corrects; smaller needs more trees. Empty for one by the number of rows: 0.05 up to 10,000 rows, 0.1 up to
            30,000, 0.2 above.
        trees: The number of trees; with a validation share the most there may be.
        row_share: The share of the rows that each tree is built from, drawn again for each; 1 for all rows.
        column_share: The share of the columns that each tree is built from, drawn again for each; 1 for all columns.
        l1_weight: How strongly the values of leaves are drawn to 0 (L1), for a number in the unit of the label; 0 for not at all.
        l2_weight: How strongly the values of small leaves are made smaller (L2), as if each leaf had so many more rows; 0 for not at all.
    """

    leaves: Annotated[int, Range(2, 131_072)] = 20
    rows_per_leaf: Annotated[int, Range(1)] = 5
    learning_rate: Annotated[float | None, Range(0, 1, exclusive_min=True)] = None
    trees: Annotated[int, Range(1, 100_000)] = 100
    row_share: Annotated[float, Range(0, 1, exclusive_min=True)] = 0.8
    column_share: Annotated[float, Range(0, 1, exclusive_min=True)] = 0.5
    l1_weight: Annotated[float, Range(0)] = 0.0
    l2_weight: Annotated[float, Range(0)] = 1.0


@dataclass(frozen=True)
class ClassWeights:
    """How the rows of two classes count.

    Args:
        class_weight: Count all rows alike, or both classes alike by weighing the rows of the rarer one more; then probabilities are too high
            for the rarer class.
    """

    class_weight: Annotated[Literal["none", "balanced"], Titles(none="As in the rows", balanced="Both classes alike")] = "none"

    @property
    def for_scikit_learn(self) -> str | None:
        """The value of scikit-learn's argument `class_weight`."""
        return None if self.class_weight == "none" else self.class_weight


@dataclass(frozen=True)
class EarlyStopping:
    """When boosting stops before the last tree.

    Args:
        validation_share: The share of the rows that is kept apart to stop early by (squared error or log loss); 0 for building all trees from
            all rows.
        patience: With a validation share, stop when so many trees in a row were no better on the rows kept apart.
    """

    validation_share: Annotated[float, Range(0, 0.9)] = 0.0
    patience: Annotated[int, Range(1)] = 20
