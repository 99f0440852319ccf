"""Groups of settings that several learners share: documented once, shown in each learner's form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pipelines.catalogue.params import Range, Titles


@dataclass(frozen=True)
class Boosting:
    """How boosted trees are built.

    Args:
        leaves: The maximum number of leaves per tree.
        rows_per_leaf: The minimum number of rows per leaf.
        learning_rate: The contribution of each tree; a lower rate needs more trees. If empty, it depends on the number of rows: 0.05 up to 10,000
            rows, 0.1 up to 30,000, 0.2 above.
        trees: The number of trees; with a validation share, the maximum.
        row_share: The fraction of rows that each tree is built from, drawn again for each tree; 1 for all rows.
        column_share: The fraction of columns that each tree is built from, drawn again for each tree; 1 for all columns.
        l1_weight: The L1 regularization of leaf values, in the unit of a numeric label; 0 for none.
        l2_weight: The L2 regularization of leaf values, which acts as if each leaf had this many more rows; 0 for none.
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
    """How the rows of two classes are weighted.

    Args:
        class_weight: Balanced gives both classes the same total weight; probabilities of the rarer class are then too high.
    """

    class_weight: Annotated[Literal["none", "balanced"], Titles(none="None", balanced="Balanced")] = "none"

    @property
    def for_scikit_learn(self) -> str | None:
        """The value of scikit-learn's argument `class_weight`."""
        return None if self.class_weight == "none" else self.class_weight


@dataclass(frozen=True)
class EarlyStopping:
    """When boosting stops before the last tree.

    Args:
        validation_share: The fraction of rows held out for early stopping (by squared error or log loss); 0 to build all trees from all rows.
        patience: With a validation share, stop after this many consecutive trees without an improvement on the held-out rows.
    """

    validation_share: Annotated[float, Range(0, 0.9)] = 0.0
    patience: Annotated[int, Range(1)] = 20
