"""Two-Class Support Vector Machine: one of two classes by the widest margin between them."""

from __future__ import annotations

from typing import Annotated, Any

from pipelines.catalogue.params import Range, Search, Seed
from pipelines.modelling.families.scikit_learn import FAMILY
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import ClassWeights


@learner(
    "Two-Class Support Vector Machine",
    icon="separator-vertical",
    task="two_class",
    family=FAMILY,
    aliases=("svm", "linear svc", "hinge loss"),
)
def two_class_support_vector_machine(
    *,
    l2_weight: Annotated[float, Range(0, exclusive_min=True), Search("loguniform(0.001, 1000)")] = 1.0,
    iterations: Annotated[int, Range(1)] = 1_000,
    normalize: bool = True,
    class_weights: ClassWeights,
    seed: Seed | None = Seed(0),
) -> Any:
    """Predict one of two classes by a linear boundary with a wide margin.

    The weights minimize the squared hinge loss over the rows + L2 weight × half the sum of squared weights, with LIBLINEAR. The sums have no
    probabilities; these are estimated with a sigmoid of the sum (Platt 1999) that is fitted to five-fold cross-validated sums, so training fits six
    models. The weights are those of the model of all rows.

    When to use:
        For wide tables whose two classes a weighted sum can separate.

    Args:
        l2_weight: The L2 regularization strength.
        iterations: The maximum number of iterations; a warning in the log says if it is reached.
        normalize: Standardize numbers to zero mean and unit variance. Without it, large numbers dominate.
        class_weights: How rows are weighted.
        seed: The random seed; if empty, a new one each time the step is executed.

    Returns:
        The untrained model, for Train Model.

    Example:
        data.dataset: {"dataset": "credit_risk"}
        training.train_model: {"label": "Status", "positive_class": "bad"}
    """
    from sklearn.svm import LinearSVC

    return LinearSVC(C=1 / l2_weight, max_iter=iterations, class_weight=class_weights.for_scikit_learn, random_state=seed)
