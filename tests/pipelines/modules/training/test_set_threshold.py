"""Set Threshold: labels by the model's own threshold wherever it scores, and probabilities as without it."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import reporting_to
from pipelines.catalogue.row_functions import Columns
from pipelines.kinds.model import UntrustedType, check_model, load_model, save_model
from pipelines.modelling.parallel import Lines
from pipelines.modelling.row_predictor import row_predictor
from pipelines.modelling.thresholds import BEST_FOR
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support import reference_scripts
from tests.support.module_runner import only, run

ID, LOGISTIC = "training.set_threshold", "classification.two_class_logistic_regression"
EXAMPLE = Example({"by": "fixed", "threshold": 0.3}, inputs={"untrained": lambda: [only(LOGISTIC)]})
LABEL = "aspiration"
TRAIN, TEST = reference_scripts.cars()


def learner(settings=None, module=LOGISTIC):
    return only(module) if settings is None else only(ID, settings, untrained=only(module))


def trained(settings=None, table=TRAIN, module=LOGISTIC, **more):
    return only("training.train_model", {"label": LABEL, **more}, untrained=learner(settings, module), table=table)


def scored(model, settings=None, table=TEST):
    return only("scoring.score_model", settings or {}, model=model, table=table)


def evaluated(*tables):
    return only("evaluation.evaluate_model", scored=list(tables))


def test_a_number_moves_labels_and_no_probability():
    plain, moved = scored(trained()), scored(trained({"by": "fixed", "threshold": 0.1}))
    chances = plain.frame["Scored Probabilities"]
    assert moved.frame["Scored Probabilities"].equals(chances)
    assert (moved.frame["Scored Labels"] == "turbo").equals(chances >= 0.1) and not moved.frame["Scored Labels"].equals(
        plain.frame["Scored Labels"]
    )
    one, two = (each["metrics"] for each in evaluated(plain, moved).metrics)
    assert one["auc"] == two["auc"] and one["log_loss"] == two["log_loss"]
    truth = (TEST[LABEL] == "turbo").to_numpy()
    for figures, at in ((one, 0.5), (two, 0.1)):  # the figures are those of the labels
        assert figures["f1"] == pytest.approx(f1_score(truth, chances.to_numpy() >= at), abs=1e-12)
    shown = evaluated(moved).blocks
    assert "Recall at 0.1" in [row[1] for block in shown if block["type"] == "table" for row in block["rows"]]
    (model,) = next(block["models"] for block in shown if block["type"] == "threshold")
    here = model["thresholds"].index(model["at"])
    assert model["at"] == 0.1 and model["tp"][here] == two["true_positive"] and model["fp"][here] == two["false_positive"]


def test_score_model_may_use_another_one_and_old_documents_keep_theirs():
    model = trained({"by": "fixed", "threshold": 0.1})
    own, usual = scored(model), scored(model, {"threshold": 0.5})
    assert usual.frame["Scored Labels"].equals(scored(trained()).frame["Scored Labels"])
    assert own.role("Scored Probabilities").threshold == 0.1 and usual.role("Scored Probabilities").threshold is None


@pytest.mark.parametrize("positive", ["turbo", "std"])
def test_the_best_one_is_that_of_predictions_of_left_out_rows(positive):
    model = trained({"best_for": "f1", "folds": 3}, positive_class=positive)
    y = TRAIN[LABEL].to_numpy().astype(str)
    chances = np.zeros(len(y))
    for some, others in StratifiedKFold(3, shuffle=True, random_state=0).split(y, y):
        part = only("training.train_model", {"label": LABEL, "positive_class": positive}, untrained=learner(), table=TRAIN[some])
        chances[others] = scored(part, table=TRAIN[others]).frame["Scored Probabilities"].to_numpy()
    of = lambda at: f1_score(y == positive, chances >= at)  # noqa: E731
    assert of(model.threshold) == pytest.approx(max(of(at) for at in np.unique(chances)), abs=1e-12)
    assert model.settings["threshold_found"].startswith(
        f"F1 {of(model.threshold):.6g} on predictions of left-out rows, {of(0.5):.6g} at 0.5"
    )
    assert (scored(model).frame["Scored Labels"] == positive).equals(scored(model).frame["Scored Probabilities"] >= model.threshold)
    shown = {row[0]: row[1] for row in model.report.blocks[0]["rows"]}
    assert shown["Decision threshold"] == model.threshold and shown["Threshold best for"] == "F1"


def test_costs_decide():
    rare, dear = (
        trained({"best_for": "cost", "false_positive_cost": one, "false_negative_cost": other}) for one, other in ((9, 1), (1, 9))
    )
    assert rare.threshold > dear.threshold


def test_each_fold_of_a_validation_finds_its_own():
    found = run("training.cross_validate", {"label": LABEL, "folds": 3}, untrained=learner({"best_for": "f1"}), table=TRAIN)
    fixed = run("training.cross_validate", {"label": LABEL, "folds": 3}, untrained=learner({"by": "fixed", "threshold": 0.2}), table=TRAIN)
    plain = run("training.cross_validate", {"label": LABEL, "folds": 3}, untrained=learner(), table=TRAIN)
    aucs = {round(each["report"].metrics[0]["metrics"]["auc"], 15) for each in (found, fixed, plain)}
    assert len(aucs) == 1
    scored_in = fixed["table"].frame
    assert (scored_in["Scored Labels"] == "turbo").equals(scored_in["Scored Probabilities"] >= 0.2)
    own = found["table"].frame
    folds = own.partition_by("Fold")
    each = [f1_score(fold[LABEL] == "turbo", fold["Scored Labels"] == "turbo") for fold in folds]
    assert found["report"].metrics[0]["metrics"]["f1"] == pytest.approx(np.mean(each), abs=1e-12)


@pytest.mark.parametrize("module", [LOGISTIC, "classification.two_class_boosted_trees"])
def test_a_stored_model_and_compiled_rows_have_it(module, tmp_path):
    model = trained({"by": "fixed", "threshold": 0.15}, module=module)
    save_model(model, tmp_path / "model")
    check_model(tmp_path / "model")
    again = load_model(tmp_path / "model")
    assert again.threshold == 0.15 and scored(again).frame.equals(scored(model).frame)
    functions = row_predictor(again, Table(TEST.clear()), None, lambda *_: None)
    wanted = scored(model).frame["Scored Labels"].to_list()
    for row, label in zip(TEST.to_dicts(), wanted, strict=True):
        functions.row(row, lambda *_: None)
        assert row["Scored Labels"] == label
    rows = Columns({name: TEST[name].to_list() for name in TEST.columns}, TEST.height)
    functions.columns(rows)
    assert rows["Scored Labels"] == wanted


@pytest.mark.parametrize("threshold", ["0.3", 7, True, None])
def test_a_file_with_a_threshold_that_is_none_is_refused(threshold, tmp_path):
    save_model(replace(trained(), settings={"decision_threshold": threshold}), tmp_path / "model")
    for read in (check_model, load_model):
        with pytest.raises(UntrustedType):
            read(tmp_path / "model")


@pytest.mark.parametrize("module", [LOGISTIC, "classification.two_class_boosted_trees"])
def test_models_by_group_have_thresholds_of_their_own(module):
    frame = pl.concat([TRAIN, TEST]).with_columns((pl.int_range(pl.len()) < 60).cast(pl.String).alias("half"))
    columns = ["half", LABEL, "horsepower", "curb-weight", "price"]
    found = only(
        "training.train_model_by_group",
        {"label": LABEL, "groups": ["half"]},
        untrained=learner({"best_for": "f1"}, module),
        table=frame.select(columns),
    )
    at = {key: found.model(place).threshold for place, key in enumerate(found.keys["half"])}
    assert len(set(at.values())) == 2
    table = only("scoring.score_model_by_group", models=found, table=frame.select(columns))
    limits = table.frame["half"].replace_strict(at, return_dtype=pl.Float64)
    assert (table.frame["Scored Labels"] == "turbo").equals(table.frame["Scored Probabilities"] >= limits)
    figures = evaluated(table).metrics[0]["metrics"]
    assert figures["f1"] == pytest.approx(f1_score(table.frame[LABEL] == "turbo", table.frame["Scored Labels"] == "turbo"), abs=1e-12)


def test_what_is_made_of_classifiers_uses_probabilities_and_says_so(caplog):
    moved = learner({"by": "fixed", "threshold": 0.1})
    for outer, parts in (
        ("training.voting", [moved, learner()]),
        ("training.calibrate_classifier", moved),
        ("classification.one_vs_all", moved),
    ):
        made = only(outer, untrained=parts)
        assert BEST_FOR not in made.settings and "decision_threshold" not in made.settings and "threshold" not in made.name
    with reporting_to(lines := Lines()):
        again = only(ID, {"best_for": "mcc"}, untrained=moved)
    assert again.settings.get("decision_threshold") is None and again.name == f"{learner().name}, best threshold for MCC"
    assert [line for line, *_ in lines.lines] == [f"The threshold of {moved.name} is replaced by the one that is set here."]


def test_it_is_tuned_with_its_learner():
    def tuned(threshold):
        settings = {"label": LABEL, "trials": 1, "folds": 2, "metric": "F1"}
        inner = learner({"by": "fixed", "threshold": threshold})
        return run("training.tune_model_hyperparameters", settings, untrained=inner, table=TRAIN)

    low, high = tuned(0.2), tuned(1.0)
    assert low["model"].threshold == 0.2 and high["model"].threshold == 1.0
    assert low["trials"].frame["F1"][0] > 0.5 and high["trials"].frame["F1"][0] == 0  # trials are judged at their threshold


def test_what_has_no_threshold_is_refused():
    refuses(ID, {}, "not_a_classifier", untrained=only("regression.linear_regression"))
    refuses(ID, {"best_for": "cost", "false_positive_cost": 0, "false_negative_cost": 0}, "no_costs", untrained=learner())
    several = only(ID, {"by": "fixed"}, untrained=only("classification.naive_bayes"))
    refuses("training.train_model", {"label": "drive-wheels"}, "threshold_needs_two_classes", untrained=several, table=TRAIN)
