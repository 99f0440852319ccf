"""Stacking: scikit-learn's own stacking of the pipelines, and the folds by hand on matrices made within them."""

import numpy as np
import pytest
from sklearn.ensemble import StackingClassifier
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.model_selection import KFold
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR

from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.matrices import predictions, trained
from tests.pipelines.modules.refusing import refuses
from tests.pipelines.modules.training.test_voting import BAYES, FOREST, NUMBERS, of
from tests.support import reference_scripts
from tests.support.module_runner import only

ID = "training.stacking"
ANY = "regression.scikit_learn_regressor"
EXAMPLE = Example({"folds": 2}, inputs={"untrained": lambda: of(("classification.two_class_boosted_trees", {"trees": 10}), BAYES)})


@pytest.mark.parametrize("label", ["drive-wheels", "num-of-doors"])
def test_it_predicts_what_scikit_learn_does_with_the_same_pipelines(label):
    train, test = reference_scripts.cars()
    train = train.filter(train[label].is_not_null())
    model = trained(ID, label, {"folds": 3}, untrained=of(FOREST, BAYES))
    parts = [(f"m{at}", pipe) for at, pipe in enumerate(model.estimator["learner"].estimators_)]
    plain = StackingClassifier(parts, LogisticRegression(), cv=3)
    features = [column for column, _ in model.features]
    wanted = plain.fit(train.select(features), train[label].to_numpy()).predict_proba(test.select(features))
    np.testing.assert_allclose(predictions(model), wanted if len(model.classes) > 2 else wanted[:, 1], atol=1e-9)


def test_the_ridge_learns_from_folds_that_the_models_have_not_seen():
    """The scaling too is that of the rows that a model is fitted on."""
    table = reference_scripts.cars()[0].select("price", "horsepower", "curb-weight", "highway-mpg").drop_nulls()
    y, numbers = table["price"].to_numpy().astype(float), table.drop("price").to_numpy().astype(float)
    kinds = [make_pipeline(StandardScaler(), SVR(C=1e4)), make_pipeline(StandardScaler(), KNeighborsRegressor(3))]
    out = np.zeros((len(y), 2))
    for some, others in KFold(4).split(y):
        for at, kind in enumerate(kinds):
            out[others, at] = kind.fit(numbers[some], y[some]).predict(numbers[others])
    wanted = RidgeCV((0.1, 1, 10)).fit(out, y).predict(np.column_stack([kind.fit(numbers, y).predict(numbers) for kind in kinds]))
    parts = of((ANY, {"estimator": "SVR", "parameters": {"C": 1e4}}), ("regression.nearest_neighbors", {"neighbors": 3}))
    model = only("training.train_model", {"label": "price"}, untrained=only(ID, {"folds": 4}, untrained=parts), table=table)
    np.testing.assert_allclose(only("scoring.score_model", model=model, table=table).frame["Scored Labels"], wanted, rtol=1e-9)


def test_trees_keep_their_categories_and_their_rate():
    model = trained(ID, "price", {"folds": 2}, untrained=of(*NUMBERS))
    trees = model.estimator["learner"].estimators_[1]
    assert "texts" in trees["columns"].named_transformers_ and trees["learner"].learning_rate == 0.05


def test_what_does_not_go_together_is_refused():
    refuses(ID, {}, "too_few_models", untrained=of(BAYES))
    refuses(ID, {}, "mixed_learners", untrained=of(BAYES, NUMBERS[0]))


def test_a_class_of_one_row_is_refused():
    train, _ = reference_scripts.cars()
    table = train.filter(train["num-of-cylinders"].is_in(["four", "six", "three"]))
    refuses(
        "training.train_model",
        {"label": "num-of-cylinders"},
        "class_too_small",
        untrained=only(ID, untrained=of(FOREST, BAYES)),
        table=table,
    )
