"""Any regressor of scikit-learn by its form."""

import pytest
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.linear_model import ElasticNet, RidgeCV
from sklearn.svm import SVR

from pipelines.catalogue.discover import catalogue
from tests.pipelines.modules import matrices
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.sklearn_forms import estimators, learns

ID = "regression.scikit_learn_regressor"
EXAMPLE = Example({"parameters": {"n_estimators": 20}})
TEN = {
    "RandomForestRegressor": {"n_estimators": 10},
    "SVR": {"C": 1e4},
    "Ridge": {},
    "Lasso": {},
    "HuberRegressor": {"max_iter": 1000},
    "KNeighborsRegressor": {"weights": "distance"},
    "DecisionTreeRegressor": {"max_leaf_nodes": 8},
    "GaussianProcessRegressor": {},
    "PLSRegression": {},
    "BayesianRidge": {},
}


@pytest.mark.parametrize(("name", "parameters"), TEN.items())
def test_ten_kinds_learn(name, parameters, tmp_path):
    assert learns(ID, name, "price", tmp_path / "model", parameters)["r2"] > 0.6


@pytest.mark.slow
@pytest.mark.filterwarnings(
    "ignore::sklearn.exceptions.ConvergenceWarning", "ignore::FutureWarning", "ignore::UserWarning", "ignore::RuntimeWarning"
)
@pytest.mark.parametrize("name", estimators(ID))
def test_every_regressor_learns(name, tmp_path):
    assert learns(ID, name, "price", tmp_path / "model")["r2"] is not None


@pytest.mark.parametrize(
    ("name", "parameters", "plain"),
    [
        ("SVR", {"C": 1000, "gamma": "number", "gamma_number": 0.05}, SVR(C=1000, gamma=0.05)),
        ("ElasticNet", {"alpha": 0.5, "l1_ratio": 0.7, "tol": 1e-8}, ElasticNet(alpha=0.5, l1_ratio=0.7, tol=1e-8)),
        ("RidgeCV", {"alphas": "0.5, 5, 50", "cv": 4}, RidgeCV(alphas=(0.5, 5, 50), cv=4)),
        (
            "GradientBoostingRegressor",
            {"max_depth": None, "n_estimators": 10},
            GradientBoostingRegressor(max_depth=None, n_estimators=10, random_state=0),
        ),
    ],
)
def test_it_predicts_what_scikit_learn_does(name, parameters, plain):
    matrices.is_what_the_library_predicts(ID, "price", plain, {"estimator": name, "parameters": parameters})


def test_every_field_has_a_valid_default():
    form = catalogue().modules[ID].param("parameters").form
    for name in estimators(ID):
        for field in form.fields(name):
            assert field.help.endswith(".") and (field.nullable or field.read(field.default) is not None)
