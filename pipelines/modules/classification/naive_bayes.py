"""Naive Bayes: the class whose rows are most like a row, feature by feature."""

from __future__ import annotations

from typing import Annotated, Any

from pipelines.catalogue.params import Range, Search
from pipelines.modelling.families.scikit_learn import FAMILY
from pipelines.modelling.learner import learner


@learner("Naive Bayes", icon="chart-bubble", task="multi_class", family=FAMILY, aliases=("gaussian naive bayes", "bayes", "generative"))
def naive_bayes(*, smoothing: Annotated[float, Range(0, exclusive_min=True), Search("loguniform(0.0001, 10)")] = 0.1) -> Any:
    """Predict one of two or more classes from the distribution of each feature in each class.

    A class is as likely as its rows are frequent and the features of a row are usual in it, as if the features were independent and normally
    distributed within a class. It needs a single pass over the rows. Features are rarely independent, so probabilities are too close to 0 and 1;
    the order of rows by probability is better than the probabilities.

    When to use:
        For a fast baseline, and with very few rows.

    Args:
        smoothing: Added to each variance, as a fraction of the largest variance of a feature. It keeps a category that is rare in a class, whose
            variance is nearly 0, from deciding alone.

    Returns:
        The untrained model, for Train Model.

    Example:
        data.dataset: {"dataset": "credit_risk"}
        training.train_model: {"label": "Status", "positive_class": "bad"}
    """
    from sklearn.naive_bayes import GaussianNB

    return GaussianNB(var_smoothing=smoothing)
