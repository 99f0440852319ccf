"""Tune Model Hyperparameters."""

import math
from itertools import count
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score
from sklearn.model_selection import KFold

from pipelines.catalogue import fan_out
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.fan_out import Strategy, until
from pipelines.catalogue.ports import Table, UntrainedModel
from pipelines.catalogue.preprocessing import Preprocessing
from pipelines.modelling.search.space import space_of
from pipelines.modelling.tasks import label_tasks
from pipelines.modules.training import _trials, _tuning
from pipelines.modules.training._tuning_setup import Setup, prepared
from pipelines.validation import find_problems
from pipelines.validation.columns import Columns
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only, run
from tests.support.validated import chain, validated

EXAMPLE = Example({"label": "price", "folds": 2, "trials": 2}, inputs={"untrained": lambda: [only("regression.linear_regression")]})
TUNE = "training.tune_model_hyperparameters"
NUMBERS = ["wheel-base", "length", "width", "curb-weight", "engine-size", "compression-ratio", "city-mpg", "highway-mpg"]
LINEAR, LOGISTIC, TREES = (
    "regression.linear_regression",
    "classification.two_class_logistic_regression",
    "classification.two_class_boosted_trees",
)


def cars():
    return dataset("automobile_price").frame.select(*NUMBERS, "price").cast(pl.Float64, strict=False).drop_nulls()


def credit(rows=300):
    return dataset("credit_risk").frame.head(rows)


def tuned(settings, learner=LOGISTIC, table=None, own=None, **inputs):
    label = {"label": "price"} if learner.startswith("regression") else {"label": "Status"}
    table = table if table is not None else cars() if learner.startswith("regression") else credit()
    return run(TUNE, {**label, "trials": 4, "folds": 3, **settings}, untrained=only(learner, own or {}), table=table, **inputs)


def test_the_best_trial_is_that_of_a_plain_loop_over_the_same_settings():
    weights = [0.001, 0.1, 1.0, 10.0, 100.0]
    space = {"l2_weight": "; ".join(map(str, weights))}
    found = tuned({"space": space, "sampler": "grid", "trials": 9, "metric": "R²", "split_by": "rows", "seed": 3, "folds": 4}, LINEAR)
    frame = cars()
    x, y = frame.select(NUMBERS).to_numpy(), frame["price"].to_numpy()
    plain = {}
    for weight in weights:
        scores = []
        for train, test in KFold(4, shuffle=True, random_state=3).split(x):
            mean, deviation = x[train].mean(axis=0), x[train].std(axis=0)
            model = Ridge(weight * len(train)).fit((x[train] - mean) / deviation, y[train])
            scores.append(r2_score(y[test], model.predict((x[test] - mean) / deviation)))
        plain[weight] = np.mean(scores)
    trials = found["trials"].frame
    by_weight = dict(zip(trials["L2 weight"], trials["R²"], strict=True))
    assert by_weight.keys() == plain.keys()  # the learner's own setting is a point of the grid, so it is one more trial
    for weight, score in plain.items():
        assert by_weight[weight] == pytest.approx(score, rel=1e-9)
    best = max(plain, key=plain.get)
    assert trials["L2 weight"][0] == best and trials["Rank"].to_list() == [1, 2, 3, 4, 5, 6]
    assert found["model"].settings["l2_weight"] == best


def test_the_model_is_that_of_train_model_with_the_best_settings():
    found = tuned({"validate_by": "share"}, TREES, own={"trees": 10})
    best = {name: value for name, value in found["model"].settings.items() if name not in ("class_weight",)}
    again = only("training.train_model", {"label": "Status"}, untrained=only(TREES, best), table=credit())
    one, two = (only("scoring.score_model", model=model, table=credit()).frame["Scored Probabilities"] for model in (found["model"], again))
    assert one.to_list() == two.to_list()


def test_the_first_trial_is_the_learner_as_it_is_and_equals_cross_validate_model():
    found = tuned({"metric": "AUC"}, own={"l2_weight": 7.0})
    first = found["trials"].frame.filter(pl.col("Trial") == 0)
    validated = run(
        "training.cross_validate", {"label": "Status", "folds": 3}, untrained=only(LOGISTIC, {"l2_weight": 7.0}), table=credit()
    )
    assert first["L2 weight"].item() == 7.0
    assert first["AUC"].item() == pytest.approx(validated["report"].metrics[0]["metrics"]["auc"], rel=1e-9)
    assert first["Standard error"].item() > 0


def test_a_validation_table_is_what_trials_are_judged_on():
    known, judged = credit(300), dataset("credit_risk").frame[300:500]
    found = tuned({"metric": "AUC", "trials": 2}, table=known, validation=judged)
    model = only("training.train_model", {"label": "Status"}, untrained=only(LOGISTIC), table=known)
    scored = only("scoring.score_model", model=model, table=judged)
    evaluated = only("evaluation.evaluate_model", scored=scored)
    first = found["trials"].frame.filter(pl.col("Trial") == 0)
    assert first["AUC"].item() == pytest.approx(evaluated.metrics[0]["metrics"]["auc"], rel=1e-9)
    assert (
        refuses(TUNE, {"label": "Status"}, "missing_columns", untrained=only(LOGISTIC), table=known, validation=judged.drop("Age")).column
        == "Age"
    )
    strange = judged.with_columns(pl.col("Age").cast(pl.String).alias("Age"))
    refuses(
        TUNE, {"label": "Status"}, "wrong_type", untrained=only(LOGISTIC), table=known, validation=strange.with_columns(Age=pl.lit([1]))
    )


def test_halving_gives_the_best_more_rows_or_trees():
    halving = {"stop_early": "halving", "factor": 2, "smallest": 0.25, "trials": 6, "validate_by": "share"}
    by_rows = tuned(halving)["trials"].frame
    assert set(by_rows["Share"]) == {0.25, 0.5, 1.0} and by_rows["Share"][0] == 1
    assert set(by_rows.filter(pl.col("Share") < 1)["Stopped by"]) <= {None, "successive halving"}
    by_trees = tuned({**halving, "resource": "trees"}, TREES, own={"trees": 8})
    assert by_trees["model"].settings["trees"] == 8 and "Trees" not in by_trees["trials"].frame.columns
    refuses(TUNE, {"label": "Status", **halving, "resource": "trees"}, "no_trees", untrained=only(LOGISTIC), table=credit())


def test_a_share_of_the_rows_is_inside_a_larger_one_and_keeps_the_classes():
    y = np.array(["a"] * 90 + ["b"] * 10)
    task = label_tasks()["two_class"]
    known = Table(pl.DataFrame({"y": y}))
    trials = _trials.Trials(None, task, None, Preprocessing(known), task.target(known.frame["y"]), [], "y", "", "auc", "high", False, 1, 0)
    some = [trials._some(np.arange(100), share) for share in (0.1, 0.5, 1.0)]
    assert [sum(y[each] == "b") for each in some] == [1, 5, 10]
    assert set(some[0]) < set(some[1]) < set(some[2])


def test_trials_whose_folds_are_worse_are_stopped():
    found = tuned({"stop_early": "folds", "folds": 8, "trials": 6, "space": {"leaves": "2; 30"}}, TREES, own={"trees": 20, "leaves": 6})
    frame = found["trials"].frame
    assert set(frame["Stopped by"]) <= {None, "worse folds"}
    assert frame["State"][0] == "done"


def test_nested_folds_estimate():
    found = tuned({"validate_by": "nested", "outer_folds": 2, "trials": 2, "metric": "AUC"})
    block = next(block for block in found["report"].blocks if block["title"].startswith("Estimate by outer folds"))
    assert [row[0] for row in block["rows"]] == ["fold 1", "fold 2"]
    assert all(0.4 < row[1] < 1 for row in block["rows"])


def test_a_search_goes_on_from_an_earlier_one():
    first = tuned({"trials": 4, "metric": "AUC"})
    best = first["trials"].frame.row(0, named=True)
    found = tuned({"trials": 3, "metric": "AUC", "seed": 1}, earlier=first["trials"])["trials"].frame
    again = found.filter(pl.col("Trial") == 1)
    assert again["L2 weight"].item() == best["L2 weight"]
    no_trials = refuses(
        TUNE, {"label": "Status", "metric": "Log loss"}, "no_trials", untrained=only(LOGISTIC), table=credit(), earlier=first["trials"]
    )
    assert no_trials.column == "Log loss"


def test_trials_that_fail_are_in_the_table_and_all_that_fail_are_an_error():
    own = {"space": {"neighbors": "7; 5000", "weighting": None, "distance": None}, "sampler": "grid", "trials": 9}
    found = tuned(own, "classification.nearest_neighbors")["trials"].frame
    assert found["State"].to_list() == ["done", "done", "failed"]
    assert "neighbors" in found["Failure"][2] and found["Rank"][2] is None
    wrong = refuses(TUNE, {"label": "Status", "space": {"neighbors": "5000; 6000", "weighting": None}, "folds": 2}, "too_few_rows",
                    untrained=only("classification.nearest_neighbors", {"neighbors": 7000}), table=credit())  # fmt: skip
    assert "All" in wrong.words


def test_a_score_that_is_no_number_fails_the_trial(monkeypatch):
    real = _trials.Trials._figures
    monkeypatch.setattr(
        _trials.Trials, "_figures", lambda self, untrained, *a: real(self, untrained, *a) | ({"auc": math.nan} if untrained.settings["l2_weight"] > 1 else {})
    )  # fmt: skip
    found = tuned({"space": {"l2_weight": "0.5; 5"}, "sampler": "grid", "metric": "AUC"})["trials"].frame
    assert found.filter(pl.col("L2 weight") == 5)["State"].item() == "failed"


def test_a_time_budget_ends_the_search(monkeypatch):
    refuses(TUNE, {"label": "Status", "seconds": 1e-9}, "no_trial", untrained=only(LOGISTIC), table=credit())
    asked = []

    def once(strategy: Strategy, each, *, noun):
        asked.append(strategy.seconds)
        return []

    monkeypatch.setattr(_tuning, "search", once)
    refuses(TUNE, {"label": "Status", "seconds": 60}, "no_trial", untrained=only(LOGISTIC), table=credit())
    assert asked == [60]


def test_learners_that_are_made_of_others_are_tuned():
    calibrated = only("training.calibrate_classifier", {"folds": 2}, untrained=only(LOGISTIC))
    both = only("training.voting", untrained=[only(LOGISTIC), only(TREES, {"trees": 5})])
    left_out = {f"2.{name}": None for name in space_of(only(TREES), {}).over}
    for untrained, name, title, more in ((calibrated, "l2_weight", "L2 weight", {}), (both, "1.l2_weight", "1. L2 weight", left_out)):
        settings = {"label": "Status", "trials": 5, "folds": 2, "space": {name: "0.001; 1000", **more}, "metric": "Log loss"}
        found = run(TUNE, settings, untrained=untrained, table=credit())
        frame = found["trials"].frame
        assert sorted(frame[title]) == [0.001, 1.0, 1000.0] and frame["Log loss"].n_unique() == 3
        assert found["model"].name == untrained.name


def test_a_two_class_learner_is_tuned_for_several_classes():
    rows = dataset("automobile_price").frame.select("body-style", *NUMBERS)
    untrained = only("classification.one_vs_all", untrained=only(LOGISTIC))
    settings = {"label": "body-style", "trials": 3, "validate_by": "share", "space": {"l2_weight": "0.01; 100"}, "metric": "Log loss"}
    found = run(TUNE, settings, untrained=untrained, table=rows)
    best = found["trials"].frame["L2 weight"][0]
    again = only("classification.one_vs_all", untrained=only(LOGISTIC, {"l2_weight": best}))
    plain = only("training.train_model", {"label": "body-style"}, untrained=again, table=rows)
    one, two = (only("scoring.score_model", model=model, table=rows).frame["Scored Labels"].to_list() for model in (found["model"], plain))
    assert one == two


@pytest.fixture
def clock(monkeypatch):
    """A clock for deadlines that goes on by a hundredth of a second whenever it is looked at, such as after each tree."""
    seconds = count(100.0, 0.01)
    monkeypatch.setattr(fan_out, "time", SimpleNamespace(monotonic=lambda: next(seconds)))


def test_trees_are_kept_when_a_trial_takes_too_long(clock):
    own = {"trial_seconds": 0.2, "trials": 2, "folds": 2, "space": {"trees": None}}
    found = tuned(own, TREES, own={"trees": 1_000})
    frame, kept = found["trials"].frame, found["model"].settings["trees"]
    assert 1 <= kept < 50 and found["model"].estimator[-1].n_estimators_ == kept
    assert frame["Stopped by"].str.starts_with("time, after ").all() and frame["Rank"].to_list() == [1, 2]
    tried = {"label": "Status", "trials": 2, "trial_seconds": 1e-9}
    assert refuses(TUNE, tried, "trial_too_long", untrained=only(LOGISTIC), table=credit()).param == "trial_seconds"


def test_what_a_deadline_of_the_search_ended_early_is_not_kept_for_another_run(clock):
    frame = credit()
    found = {}
    for limit, budget in ((None, 0.3), (0.3, None), (None, None)):
        ready = searching(frame, {"trees": 1_000 if limit or budget else 5}, limit)
        with until(budget):
            found[limit, budget] = ready.trials.each(ready.study.ask([], None))
    assert [value.lasting for value in found.values()] == [False, True, True]
    assert ["trees" in value.figures for value in found.values()] == [True, True, False]


def searching(frame, own, limit):
    setup = Setup({}, _tuning.Sampling(), _tuning.Budget(trial_seconds=limit), _tuning.Judging(folds=2), _tuning.Stopping(), True, None, 0)
    return prepared(only(TREES, own), Preprocessing(Table(frame)), None, None, "Status", "", setup)


def test_the_report_shows_the_search():
    found = tuned({"trials": 12, "validate_by": "share"}, TREES, own={"trees": 5})["report"]
    assert [block["title"] for block in found.blocks] == [
        "Validation metrics", "Best so far", "Importance of settings", "Score by setting", "Settings and scores", "Search", "Trials",
    ]  # fmt: skip
    importance = found.blocks[2]["spec"]["data"]["values"]
    assert sum(one["share"] for one in importance) == pytest.approx(1)
    lines = found.blocks[4]["lines"]
    assert len(lines) == 12 and all(len(line["values"]) == len(found.blocks[4]["axes"]) for line in lines)


def test_every_metric_of_every_task_can_be_the_score():
    of_tasks = {metric.title for task in label_tasks().values() for metric in task.metrics}
    assert of_tasks - set(_tuning.METRICS) == set()
    assert "AUC" in refuses(TUNE, {"label": "Status", "metric": "R²"}, "unknown_metric", untrained=only(LOGISTIC), table=credit()).remedy
    found = tuned({"metric": "Log loss", "trials": 3})["trials"].frame
    assert found["Log loss"].is_sorted()
    assert "Accuracy" in tuned({"metric": "Accuracy", "trials": 2, "validate_by": "share"})["trials"].frame.columns


@pytest.mark.parametrize(
    ("code", "table", "settings"),
    [
        ("not_two_classes", credit().with_columns(Status=pl.lit("good")), {}),
        ("no_rows", credit().clear(), {}),
        ("no_rows", credit().with_columns(Status=pl.lit(None, pl.String)), {}),
        ("unknown_column", credit().drop("Status"), {}),
        ("unknown_class", credit(), {"positive_class": "middling"}),
        ("bad_range", credit(), {"space": {"l2_weight": "loguniform(0, 1)"}}),
        ("unknown_setting", credit(), {"space": {"leaves": "1; 2"}}),
        ("no_features", credit().select("Status"), {}),
        ("too_few_rows", credit(4), {"folds": 9}),
        ("no_column", credit(), {"split_by": "groups"}),
    ],
)
def test_what_cannot_be_tuned_is_refused(code, table, settings):
    refuses(TUNE, {"label": "Status", "trials": 2, "folds": 2, **settings}, code, untrained=only(LOGISTIC), table=table)


def test_a_constant_number_and_learners_without_settings_are_refused():
    refuses(TUNE, {"label": "price"}, "cannot_be_tuned", untrained=UntrainedModel("Mine", "regression", Ridge()), table=cars())
    refuses(TUNE, {"label": "price"}, "other_trainer", untrained=only("clustering.k_means"), table=cars())
    flat = cars().with_columns(price=pl.lit(1.0))
    found = tuned({"trials": 2, "folds": 2, "metric": "Mean absolute error"}, LINEAR, table=flat)
    assert found["trials"].frame["Mean absolute error"].to_list() == pytest.approx([0, 0], abs=1e-9)
    refuses(TUNE, {"label": "price", "trials": 2, "folds": 2, "metric": "R²"}, "no_score", untrained=only(LINEAR), table=flat)


@pytest.mark.parametrize("refitted", [True, False], ids=["refitted", "leaks"])
def test_what_prepares_the_table_is_fitted_in_each_fold(refitted):
    """Columns of noise that are selected by their label on all rows would predict it."""
    draw = np.random.default_rng(3)
    frame = pl.DataFrame({f"n{at}": draw.normal(size=120) for at in range(400)}).with_columns(label=pl.Series(["a", "b"] * 60))
    select = ("selection.filter_based", {"label": "label", "method": "fisher_score", "features": 10})
    graph = chain(select, learner=LOGISTIC, settings={"label": "label", "trials": 2, "folds": 3}, module=TUNE)
    best = validated(frame, graph, refitted=refitted)["trials"].frame["AUC"][0]
    assert best < 0.6 if refitted else best > 0.7


@pytest.mark.parametrize(
    ("code", "param", "settings"),
    [
        ("bad_range", "space", {"space": {"l2_weight": ""}}),
        ("bad_range", "space", {"space": {"l2_weight": "uniform(9, 5)"}}),
        ("bad_range", "space", {"space": {"l2_weight": "loguniform(0, 1)"}}),
        ("bad_range", "space", {"space": {"l2_weight": "uniform(nan, 1)"}}),
        ("unknown_setting", "space", {"space": {"gone": "1; 2"}}),
        ("nothing_to_search", "space", {"space": {"l2_weight": None}}),
        ("unknown_metric", "metric", {"metric": "R²"}),
        ("no_trees", "resource", {"stop_early": "halving", "resource": "trees"}),
        ("no_column", "column", {"split_by": "groups"}),
        ("bad_setting", "seconds", {"seconds": 0}),
        ("bad_setting", "trials", {"trials": 100_001}),
    ],
)
def test_what_cannot_be_searched_is_a_problem_before_the_run(code, param, settings):
    graph = chain(learner=LOGISTIC, settings={"label": "Status", **settings}, module=TUNE)
    found = find_problems(graph, catalogue()) or Columns(graph, catalogue(), lambda name, version: Table(credit())).problems
    assert (code, param) in {(problem.code, problem.param) for problem in found if problem.node == "validate"}
