"""scikit-learn Regressor: a number by any regressor of scikit-learn."""

from __future__ import annotations

from typing import Annotated, Any

from pipelines.catalogue.params import Options
from pipelines.modelling.estimators import estimator as estimator_of
from pipelines.modelling.estimators import estimators_of, parameters_of
from pipelines.modelling.families.scikit_learn import FAMILY
from pipelines.modelling.learner import learner

KIND = "regressor"


@learner(
    "scikit-learn Regressor",
    icon="puzzle",
    task="regression",
    family=FAMILY,
    aliases=("sklearn", "any estimator", "svr", "kernel", "gaussian process", "huber", "ransac", "lasso", "elastic net", "quantile"),
)
def scikit_learn_regressor(
    *,
    estimator: Annotated[str, estimators_of(KIND)] = "RandomForestRegressor",
    parameters: Annotated[Options, parameters_of(KIND, "estimator")] = Options({}),
) -> Any:
    """Predict a number with any regressor of scikit-learn.

    The parameters, their ranges and their defaults are those that the regressor declares. Numbers are standardized, texts become a column for each
    category, and a regressor that takes no sparse matrix gets a dense one. Parameters that hold functions, other estimators or a value for each
    column are not shown and keep their defaults. Not offered are regressors that need another estimator (use Voting or Stacking), that predict
    several labels at once or learn from a single column.

    Source: scikit-learn (scikit-learn.org); the parameters are explained in its words.

    When to use:
        For a method that no module offers, with its settings as scikit-learn names them.

    Args:
        estimator: The class of the regressor.
        parameters: The parameters of this regressor; a seed that is not set is 0.

    Returns:
        The untrained model, for Train Model.
    """
    return estimator_of(KIND, estimator, parameters)
