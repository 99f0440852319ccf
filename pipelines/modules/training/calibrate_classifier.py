"""Calibrate Classifier: probabilities that are as frequent as they say."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range, Titles
from pipelines.catalogue.ports import UntrainedModel
from pipelines.modelling.families.calibrated import FAMILY
from pipelines.modelling.parts import CLASSES, before_combined, combined

TITLE, ID = "Calibrate Classifier", "training.calibrate_classifier"
Method = Annotated[
    Literal["sigmoid", "isotonic", "temperature"],
    Titles(sigmoid="Sigmoid (Platt)", isotonic="Isotonic", temperature="Temperature"),
]


@module(
    TITLE,
    icon="gauge",
    columns=before_combined(TITLE, ID, FAMILY),
    aliases=("platt scaling", "isotonic regression", "temperature scaling", "calibrated probabilities", "reliability"),
    libraries=FAMILY.libraries,
)
def calibrate_classifier(
    untrained: UntrainedModel, *, method: Method = "sigmoid", folds: Annotated[int, Range(2, 100)] = 5
) -> UntrainedModel:
    """Correct the probabilities of a classifier, so that of the rows with a probability of 0.8, about 80 % have the class.

    The rows are cut into folds with the proportions of the classes. The classifier is trained without a fold and scores it; a curve from these
    scores to probabilities is fitted to all rows. Then the classifier is trained on all rows, and the curve is applied to its scores. Classifiers
    that weight classes, Naive Bayes, support vector machines and boosted trees profit most; logistic regression is mostly calibrated already.
    Evaluate Model shows the calibration curve. If the rarest class has fewer rows than there are folds, there are as many folds as it has rows.

    Sigmoid and isotonic curves are fitted for each class against the others, and the probabilities are divided by their sum; a temperature keeps
    the order of the classes.

    Source: J. Platt, “Probabilistic Outputs for Support Vector Machines” (1999); B. Zadrozny, C. Elkan, “Transforming Classifier Scores into Accurate
    Multiclass Probability Estimates” (2002); C. Guo and others, “On Calibration of Modern Neural Networks” (2017); as in scikit-learn's
    CalibratedClassifierCV with `ensemble=False`.

    When to use:
        When probabilities are used as such, as for costs or for ranking by risk.

    Args:
        untrained: The untrained classifier, of two classes or several.
        method: Sigmoid fits two numbers and suits few rows; Isotonic fits steps that only rise and needs about 1,000 rows; Temperature fits one
            number that makes all probabilities more or less extreme.
        folds: How many folds the rows are cut into.

    Returns:
        The untrained model, for Train Model.

    Example:
        untrained: classification.two_class_boosted_trees
        data.dataset: {"dataset": "credit_risk"}
        training.train_model: {"label": "Status", "positive_class": "bad"}
    """
    from sklearn.calibration import CalibratedClassifierCV

    if untrained.task not in CLASSES:
        raise ModuleError(
            "not_a_classifier",
            f"{untrained.name} does not predict a class.",
            port="untrained",
            remedy="Connect an untrained classifier, such as Naive Bayes.",
        )

    def make(estimators: Any) -> Any:
        return CalibratedClassifierCV(estimators[0][1], method=method, cv=folds, ensemble=False)

    return combined(TITLE, ID, FAMILY, [untrained], make, method=method, folds=folds)
