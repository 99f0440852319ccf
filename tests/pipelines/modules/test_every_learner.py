"""What holds for every learner, and for any estimator of scikit-learn: it trains, scores, is evaluated and explained, and survives the store."""

from dataclasses import replace
from zipfile import ZipFile

import msgspec
import polars as pl
import pytest
from sklearn.ensemble import (
    AdaBoostClassifier,
    AdaBoostRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.gaussian_process import GaussianProcessClassifier, GaussianProcessRegressor
from sklearn.linear_model import BayesianRidge, LogisticRegressionCV, SGDClassifier, SGDRegressor
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor, RadiusNeighborsClassifier
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.semi_supervised import SelfTrainingClassifier
from sklearn.svm import SVC, SVR
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import UntrainedModel
from pipelines.kinds.model import ABOUT, check_model, load_model, save_model
from tests.pipelines.modules.examples import cars, example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import missing, only

LABELS = {"regression": "price", "two_class": "diesel", "multi_class": "drive-wheels", "quantile": "price"}
MEASURES = {"regression": "r2", "two_class": "auc", "multi_class": "auc_macro", "quantile": "r1"}
CLASSIFIERS = [
    RandomForestClassifier(20),
    KNeighborsClassifier(),
    SVC(),
    MLPClassifier(hidden_layer_sizes=(8,), max_iter=50),
    GaussianNB(),
    GaussianProcessClassifier(),
    HistGradientBoostingClassifier(max_iter=20),
    SGDClassifier(),
    DecisionTreeClassifier(),
    AdaBoostClassifier(n_estimators=10),
]
REGRESSORS = [
    RandomForestRegressor(20),
    KNeighborsRegressor(),
    SVR(C=1e4),
    MLPRegressor(hidden_layer_sizes=(8,), max_iter=50),
    BayesianRidge(),
    GaussianProcessRegressor(),
    HistGradientBoostingRegressor(max_iter=20),
    SGDRegressor(),
    DecisionTreeRegressor(),
    AdaBoostRegressor(n_estimators=10),
]


def made(module):
    if not module.is_installed:
        return pytest.param(None, marks=pytest.mark.skip(missing(module)), id=module.id)
    use = example(module)
    return only(module.id, use.settings, **use.inputs)


MADE = [made(module) for module in catalogue().modules.values() if [port.kind for port in module.outputs] == ["untrained_model"]]
LEARNERS = [
    *(each for each in MADE if each.task in LABELS),
    *(UntrainedModel(type(each).__name__, "two_class", each) for each in CLASSIFIERS),
    *(UntrainedModel(type(each).__name__, "regression", each) for each in REGRESSORS),
]
every_learner = pytest.mark.parametrize(
    "untrained", LEARNERS, ids=lambda untrained: untrained.name.replace(" ", "_") if untrained else None
)


WITHOUT_LABEL = [each for each in MADE if each.task not in LABELS]
TRAINERS = {"clustering": "training.train_clustering", "anomaly": "training.train_anomaly_detection"}


def train(untrained):
    return only("training.train_model", {"label": LABELS[untrained.task]}, untrained=untrained, table=cars())


def stored(model, path):
    save_model(model, path)
    return path.read_bytes()


@every_learner
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.slow
def test_it_trains_scores_is_evaluated_and_explained_and_survives_the_store(untrained, tmp_path):
    unfitted = tmp_path / "untrained"
    save_model(untrained, unfitted)
    model = train(load_model(unfitted))
    again = train(untrained)
    assert stored(model, tmp_path / "one") == stored(again, tmp_path / "two"), "the same rows give the same bytes"
    check_model(tmp_path / "one")
    loaded = load_model(tmp_path / "one")

    scored, rescored = (only("scoring.score_model", model=each, table=cars()) for each in (model, loaded))
    assert scored.frame.equals(rescored.frame)
    scores = scored.frame[scored.columns_with("score")[-1]]
    assert scores.null_count() == 0 and scores.is_finite().all()

    report = only("evaluation.evaluate_model", scored=[scored])
    (figures,) = report.metrics
    assert figures["name"] == untrained.name
    assert figures["metrics"][MEASURES[model.task]] > (0.7 if "class" in model.task else -10)
    assert "class" not in model.task or scores.is_between(0, 1).all()

    msgspec.json.encode([*model.report.blocks, *report.blocks])  # as they are stored, which takes no number of numpy's
    charts = [block for block in model.report.blocks if block.get("role") == "importance"]
    assert len(charts) == 1 and charts[0]["spec"]["data"]["values"], "it says what counts"


@pytest.mark.parametrize("untrained", WITHOUT_LABEL, ids=lambda untrained: untrained.name.replace(" ", "_"))
def test_a_learner_without_a_label_does_so_too(untrained, tmp_path):
    if "radius" in untrained.settings:  # cars are further from each other than rows of fewer columns
        untrained = only("clustering.dbscan", {"radius": 5.0})
    save_model(untrained, tmp_path / "untrained")
    model = only(TRAINERS[untrained.task], untrained=load_model(tmp_path / "untrained"), table=cars())
    again = only(TRAINERS[untrained.task], untrained=untrained, table=cars())
    assert stored(model, tmp_path / "one") == stored(again, tmp_path / "two"), "the same rows give the same bytes"
    check_model(tmp_path / "one")
    scored, rescored = (only("scoring.score_model", model=each, table=cars()) for each in (model, load_model(tmp_path / "one")))
    assert scored.frame.equals(rescored.frame)
    numbers = scored.frame[scored.columns_with("score")[-1]]
    assert numbers.null_count() == 0 and numbers.is_finite().all() and numbers.n_unique() > 1
    report = only("evaluation.evaluate_model", scored=[scored])
    assert report.metrics[0]["name"] == untrained.name
    msgspec.json.encode([*model.report.blocks, *report.blocks])
    refuses("selection.permutation_importance", {}, "no_label", model=model, table=cars())


def test_a_learner_that_cannot_weigh_rows_says_so(notes):
    table = cars().with_frame(cars().frame.with_columns(w=pl.lit(2.0))).with_role("w", role="weight")
    for estimator, said in ((KNeighborsRegressor(), 1), (RandomForestRegressor(5), 0)):
        notes.clear()
        only("training.train_model", {"label": "price"}, untrained=UntrainedModel("L", "regression", estimator), table=table)
        assert sum("Row weights are not used" in line for line in notes) == said


def test_probabilities_that_a_learner_does_not_give_are_said(notes):
    train(UntrainedModel("SVM", "two_class", SVC()))
    assert any("SVC does not predict probabilities" in line for line in notes)


def test_rows_that_a_learner_cannot_predict_are_said():
    """k nearest neighbours within a radius: rows without a neighbour."""
    near = cars().with_frame(cars().frame.select("price", "diesel", "horsepower").drop_nulls().head(60))
    untrained = UntrainedModel("Radius", "two_class", RadiusNeighborsClassifier(radius=0.5))
    model = only("training.train_model", {"label": "diesel"}, untrained=untrained, table=near)
    far = near.with_frame(near.frame.with_columns(horsepower=pl.lit(1e6).cast(near.frame.schema["horsepower"])))
    assert refuses("scoring.score_model", {}, "cannot_score", model=model, table=far).words.startswith("Radius cannot predict these rows: ")


def test_an_estimator_that_cannot_be_stored_is_refused_in_words(tmp_path):
    model = train(UntrainedModel("Cross-validated", "two_class", LogisticRegressionCV(cv=3)))
    with pytest.raises(ModuleError) as refusal:
        save_model(model, tmp_path / "model")
    assert refusal.value.code == "cannot_store"


def test_an_estimator_that_raises_what_is_no_value_error_is_answered():
    refuses(
        "training.train_model",
        {"label": "diesel"},
        "cannot_learn",
        untrained=UntrainedModel("Self", "two_class", SelfTrainingClassifier()),
        table=cars(),
    )


@pytest.mark.parametrize("strange", [{"task": "clairvoyance"}, {"family": "dowsing"}])
def test_a_learner_of_a_task_or_family_that_is_not_there_is_refused(strange):
    untrained = replace(UntrainedModel("Future", "regression", SVR()), **strange)
    refuses("training.train_model", {"label": "price"}, "unknown_learner", untrained=untrained, table=cars())


def test_scores_whose_task_is_unknown_are_judged_by_their_values():
    """A script may write any task into the role of a column."""
    scored = only("scoring.score_model", model=train(only("regression.linear_regression")), table=cars())
    forged = scored.with_role("Scored Labels", task="clairvoyance")
    assert (
        only("evaluation.evaluate_model", scored=[forged]).metrics[0]["metrics"].keys()
        == only("evaluation.evaluate_model", scored=[scored]).metrics[0]["metrics"].keys()
    )


@pytest.mark.parametrize(("scales", "family"), [(True, "linear"), (False, "lightgbm")])
def test_an_untrained_model_of_an_earlier_version_opens(tmp_path, scales, family):
    save_model(only("regression.linear_regression"), tmp_path / "new")
    facts = {"name": "L", "task": "regression", "scales": scales, "settings": {"intercept": True}, "validation": 0.0, "as_they_are": False}
    with ZipFile(tmp_path / "new") as new, ZipFile(tmp_path / "old", "w") as old:
        for name in new.namelist():
            old.writestr(name, msgspec.json.encode({"kind": "untrained_model", "value": facts}) if name == ABOUT else new.read(name))
    opened = load_model(tmp_path / "old")
    assert (opened.name, opened.family, opened.settings) == ("L", family, {"intercept": True})


@pytest.mark.parametrize("estimator", [GaussianNB(), HistGradientBoostingClassifier(max_iter=5)])
def test_a_learner_that_takes_no_sparse_matrix_scores_a_table_that_makes_one(estimator):
    """Few numbers and many categories."""
    table = cars().only(["diesel", "horsepower", "make", "body-style", "num-of-cylinders"])
    model = only("training.train_model", {"label": "diesel"}, untrained=UntrainedModel("L", "two_class", estimator), table=table)
    scored = only("scoring.score_model", model=model, table=table)
    assert (
        only("training.train_model", {"label": "diesel"}, untrained=UntrainedModel("L", "two_class", DecisionTreeClassifier()), table=table)
        .estimator["columns"]
        .sparse_output_
    )
    assert scored.frame["Scored Probabilities"].is_between(0, 1).all()
