"""scikit-learn Classifier: one of several classes by any classifier of scikit-learn."""

from __future__ import annotations

from typing import Annotated, Any

from pipelines.catalogue.params import Options
from pipelines.modelling.estimators import estimator as estimator_of
from pipelines.modelling.estimators import estimators_of, parameters_of
from pipelines.modelling.families.scikit_learn import FAMILY
from pipelines.modelling.learner import learner

KIND = "classifier"


@learner(
    "scikit-learn Classifier",
    icon="components",
    task="multi_class",
    family=FAMILY,
    aliases=(
        "sklearn",
        "any estimator",
        "svc",
        "kernel",
        "locally deep support vector machine",
        "gaussian process",
        "adaboost",
        "extra trees",
        "lda",
        "qda",
        "sgd",
    ),
)
def scikit_learn_classifier(
    *,
    estimator: Annotated[str, estimators_of(KIND)] = "RandomForestClassifier",
    parameters: Annotated[Options, parameters_of(KIND, "estimator")] = Options({}),
) -> Any:
    """Predict one of two or more classes with any classifier of scikit-learn.

    The parameters, their ranges and their defaults are those that the classifier declares. Numbers are standardized, texts become a column for each
    category, and a classifier that takes no sparse matrix gets a dense one. One without probabilities is calibrated with a sigmoid by five-fold
    cross-validation (Platt 1999). Parameters that hold functions, other estimators or a value for each class or column are not shown and keep their
    defaults. Not offered are classifiers that need another estimator (use Voting, Stacking, Calibrate Classifier, One-vs-All or One-vs-One), that
    predict several labels at once, and those of counts or category codes only.

    Source: scikit-learn (scikit-learn.org); the parameters are explained in its words.

    When to use:
        For a method that no module offers, with its settings as scikit-learn names them.

    Args:
        estimator: The class of the classifier.
        parameters: The parameters of this classifier; a seed that is not set is 0.

    Returns:
        The untrained model, for Train Model.

    Example:
        data.dataset: {"dataset": "credit_risk"}
        training.train_model: {"label": "Status", "positive_class": "bad"}
    """
    return estimator_of(KIND, estimator, parameters)
