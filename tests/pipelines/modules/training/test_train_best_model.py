"""Train Best Model: finds the task, keeps its limits, tells what it did, and its winner as a pipeline gives the same figures."""

import time
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import next_item, run_by
from pipelines.catalogue.items import Item
from pipelines.catalogue.ports import Report, Table
from pipelines.catalogue.reporting import reporting_to
from pipelines.graph import codec
from pipelines.graph.model import Endpoint
from pipelines.modelling.automl import strategy
from pipelines.modelling.automl.history import Candidate
from pipelines.modelling.automl.portfolio import LEARNERS
from pipelines.modules.training import _automl_problem
from pipelines.modules.training._automl_final import Estimate, Final, LeftOut
from pipelines.modules.training._automl_problem import problem_of, task_of
from pipelines.modules.training._automl_report import figures_of
from pipelines.modules.training._automl_trials import Trials
from pipelines.modules.training._automl_winner import Figures, Winner, winner_graph
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.training.training import Heard
from tests.support.module_runner import dataset, run, run_graph

LINEAR = Candidate(0, "linear", "classification.two_class_logistic_regression", {}, False)
STACKED_SETTINGS = {
    "folds": 3,
    "stacked": [
        {"name": "Linear 1", "module": LINEAR.module, "settings": {}},
        {
            "name": "Nearest neighbors 2",
            "module": "classification.nearest_neighbors",
            "settings": {"neighbors": 9, "calibrated": "temperature"},
        },
    ],
}
BEST = "training.train_best_model"
EXAMPLE = Example({"label": "price", "seconds": 600, "trials": 2, "learners": "linear, boosted_trees"})
QUICK = {"seconds": 3600, "trials": 4, "learners": "linear, boosted_trees, nearest_neighbors"}


@pytest.fixture
def three_folds(monkeypatch):
    """A third of the time: small tables have ten."""
    monkeypatch.setattr(_automl_problem, "FOLDS", ((20_000, 3),))


def search(table, label, **settings):
    return run(BEST, {"label": label, **QUICK, **settings}, table=table)


def block(report, title):
    return next(each for each in report.blocks if each["title"] == title)


def reopened(report, monkeypatch, table):
    """The outputs of the winner's pipeline, on the same table."""
    document = report.metrics[0]["pipeline"]
    assert codec.dump(codec.load(document)) == document
    monkeypatch.setattr("tests.support.module_runner.stored", lambda param, name: table)
    document = {**document, "nodes": {**document["nodes"], "data": {"module": "data.dataset", "params": {"dataset": "it"}}}}
    return run_graph(document)


def rows(many, seed=0):
    """A table with a number and a class that depend on its columns."""
    draw = np.random.default_rng(seed)
    x, z, kind = draw.normal(size=many), draw.normal(size=many), draw.choice(["a", "b", "c"], many)
    number = x * 2 + (kind == "a") * z + draw.normal(size=many)
    three = np.array(["low", "middle", "high"])[np.digitize(number, [-1, 1])]
    return Table(pl.DataFrame({"x": x, "z": z, "kind": kind, "number": number, "three": three, "two": number > 0}))


@pytest.mark.usefixtures("three_folds")
@pytest.mark.parametrize(
    ("label", "metric", "key"),
    [
        ("number", "automatic", "root_mean_squared_error"),
        ("two", "automatic", "auc"),
        ("three", "automatic", "log_loss"),
        ("two", "log_loss", "log_loss"),
    ],
)
def test_the_reopened_pipeline_gives_the_figures_of_the_leaderboard(label, metric, key, monkeypatch):
    others = [column for column in ("number", "two", "three") if column != label]
    table = Table(rows(400).frame.drop(others))
    found = search(table, label, metric=metric)
    mean = found["report"].metrics[0]["metrics"]["mean_over_folds"]
    assert found["leaderboard"].frame["Score"][0] == pytest.approx(mean, rel=1e-12)
    left = reopened(found["report"], monkeypatch, table)
    assert left["validate"]["report"].metrics[0]["metrics"][key] == pytest.approx(mean, rel=1e-5)
    same = [run("scoring.score_model", model=model, table=table)["table"].frame for model in (found["model"], left["train"]["model"])]
    assert same[0].equals(same[1])


@pytest.mark.usefixtures("three_folds")
def test_prose_is_learned_from_and_the_reopened_pipeline_gives_its_figures(monkeypatch):
    draw = np.random.default_rng(0)
    words = np.array([f"word{place}" for place in range(30)])
    texts = [" ".join(draw.choice(words, 6)) for _ in range(400)]
    table = Table(pl.DataFrame({"text": texts, "x": draw.normal(size=400), "label": ["word7 " in f"{text} " for text in texts]}))
    found = search(table, "label", learners="linear, boosted_trees")
    assert found["leaderboard"].frame["Score"][0] > 0.9
    prose = next(row for row in block(found["report"], "Guardrails")["rows"] if row[0] == "Prose")
    assert prose[1] == "done" and "“text” holds texts of 6 words" in prose[2]
    mean = found["report"].metrics[0]["metrics"]["mean_over_folds"]
    left = reopened(found["report"], monkeypatch, table)
    assert left["validate"]["report"].metrics[0]["metrics"]["auc"] == pytest.approx(mean, rel=1e-5)


@pytest.mark.usefixtures("three_folds")
def test_many_rows_keep_a_tenth_from_the_search_and_the_pipeline_repeats_its_figure(monkeypatch):
    table = Table(rows(6_000).frame.drop("number", "three"))
    found = search(table, "two", trials=6, positive_class="false")
    figures = found["report"].metrics[0]["metrics"]
    left = reopened(found["report"], monkeypatch, table)
    assert left["split"]["second"].frame.height == 600
    assert left["evaluate"]["report"].metrics[0]["metrics"]["auc"] == pytest.approx(figures["kept_rows"], rel=1e-12)
    between = sorted([figures["kept_rows"], figures["mean_over_folds"]])
    assert between[0] - 0.01 < figures["auc"] < between[1] + 0.01
    assert 0.7 < figures["auc"] < 1 and 0 < figures["standard_error"] < 0.03
    assert found["model"].classes == ("true", "false")


@pytest.mark.usefixtures("three_folds")
def test_a_calibrated_learner_is_calibrated_in_the_pipeline_too(monkeypatch):
    table = Table(rows(300).frame.drop("number", "two"))
    found = search(table, "three", learners="nearest_neighbors, decision_forest", trials=2)
    left = reopened(found["report"], monkeypatch, table)
    mean = found["report"].metrics[0]["metrics"]["mean_over_folds"]
    assert any(node["module"] == "training.calibrate_classifier" for node in found["report"].metrics[0]["pipeline"]["nodes"].values())
    assert left["validate"]["report"].metrics[0]["metrics"]["log_loss"] == pytest.approx(mean, rel=1e-5)


@pytest.mark.usefixtures("three_folds")
@pytest.mark.parametrize("metric", ["root_mean_squared_error", "mean_absolute_error"])
def test_the_logarithm_of_a_skewed_label_is_tried_and_is_in_the_pipeline_too(metric, monkeypatch):
    plain = rows(300).frame
    table = Table(plain.select("x", "z", "kind", (pl.col("number").exp() * 1_000).alias("price")))
    with reporting_to(heard := Heard()):
        found = search(table, "price", metric=metric, learners="linear, boosted_trees", trials=5)
    assert any("“price” has no values below 0 and a long tail" in line for line in heard.notes)
    settings = found["leaderboard"].frame["Settings"].to_list()
    kind = "median" if metric == "mean_absolute_error" else "mean"
    assert len([each for each in settings if f"logarithm {kind}" in each]) == 2
    nodes = found["report"].metrics[0]["pipeline"]["nodes"].values()
    assert any(node["module"] == "training.transform_label" and node["params"]["predicts"] == kind for node in nodes)
    mean = found["report"].metrics[0]["metrics"]["mean_over_folds"]
    left = reopened(found["report"], monkeypatch, table)
    assert left["validate"]["report"].metrics[0]["metrics"][metric] == pytest.approx(mean, rel=1e-5)
    same = [run("scoring.score_model", model=model, table=table)["table"].frame for model in (found["model"], left["train"]["model"])]
    assert same[0].equals(same[1])


def test_boosted_trees_of_the_logarithm_are_judged_as_their_pipeline_is(monkeypatch):
    table = Table(rows(300).frame.select("x", "z", "kind", (pl.col("number").exp() * 1_000).alias("price")))
    problem = problem_of(table, "price", "automatic", "", "automatic", "label", None, 0, None)
    settings = {"leaves": 8, "learning_rate": 0.1, "seed": 0, "category_means": True, "logarithm": "mean"}
    candidate = Candidate(0, "boosted_trees", "regression.boosted_trees", settings, True)
    told = Trials(problem).each(candidate.item(0.0, 1e9)).figures
    assert 5 < told["trees"] < 300
    grown = Candidate(0, "boosted_trees", candidate.module, {**settings, "trees": told["trees"]}, False)
    left = reopened(Report("", [], [{"pipeline": winner_graph(Winner([grown], [1]), problem, Figures("", ""))}]), monkeypatch, table)
    figures = left["validate"]["report"].metrics[0]["metrics"]
    assert figures["root_mean_squared_error"] == pytest.approx(told["loss"], rel=1e-12)
    assert left["train"]["model"].name == "Transform Label (Boosted Decision Tree Regression)"


def test_a_stack_is_made_of_ordinary_nodes(monkeypatch):
    monkeypatch.setattr(strategy, "MOVES_BEFORE", 0)
    table = Table(rows(900).frame.drop("number", "three"))
    found = search(table, "two", metric="log_loss", learners="linear, nearest_neighbors, stacking", trials=5)
    board = found["leaderboard"].frame.row(by_predicate=pl.col("Learner") == "training.stacking", named=True)
    assert board["State"] == "done" and "stacked " in board["Settings"] and " + Nearest neighbors" in board["Settings"]
    stack = Candidate(0, "stacking", "training.stacking", STACKED_SETTINGS, False)
    problem = problem_of(table, "two", "automatic", "", "log_loss", "label", None, 0, None)
    graph = winner_graph(Winner([stack, LINEAR], [2, 1]), problem, Figures("", ""))
    left = reopened(Report("", [], [{"pipeline": graph}]), monkeypatch, table)
    again = Trials(problem).each(Item("one", {"module": stack.module, "settings": stack.settings, "stops": False, "share": 0.0}))
    alone = winner_graph(Winner([stack], [1]), problem, Figures("", ""))
    same = reopened(Report("", [], [{"pipeline": alone}]), monkeypatch, table)
    assert same["validate"]["report"].metrics[0]["metrics"]["log_loss"] == pytest.approx(again.figures["loss"], rel=1e-5)
    assert len(graph["nodes"]) == len(alone["nodes"]) + 2 and left["train"]["model"].name.startswith("Voting (Stacking")


def test_a_validation_table_is_what_the_estimate_is_of():
    told = run(BEST, {"label": "number", **QUICK}, table=Table(rows(300).frame.drop("two", "three")), validation=Table(rows(200, 1).frame))[
        "report"
    ]
    assert "200 rows" in block(told, "What to expect")["rows"][0][3]


def test_it_keeps_its_time_and_leaves_out_what_it_must():
    started = time.monotonic()
    found = search(
        Table(rows(500).frame.drop("number", "three")),
        "two",
        seconds=8,
        trials=None,
        learners="",
        without="neural_network, extra_trees, decision_forest, support_vectors",
    )
    assert time.monotonic() - started < 60  # an idle machine needs 8: no test depends on one
    names = set(found["leaderboard"].frame["Learner"])
    assert not any("forest" in name or "scikit" in name or "neural" in name for name in names)


@pytest.mark.usefixtures("three_folds")
def test_columns_that_name_rows_are_left_out_also_in_the_pipeline(monkeypatch):
    table = Table(rows(400).frame.drop("two", "three").with_row_index("row_id"))
    found = search(table, "number", trials=3)
    assert "row_id" not in dict(found["model"].features)
    assert ("Row numbers and keys", "done") in [tuple(row[:2]) for row in block(found["report"], "Guardrails")["rows"]]
    assert "row_id" not in reopened(found["report"], monkeypatch, table)["columns"]["table"].frame.columns


@pytest.mark.usefixtures("three_folds")
def test_groups_are_never_divided(monkeypatch):
    table = Table(rows(300).frame.drop("two", "three").with_columns(who=pl.int_range(300, dtype=pl.Int64) // 10))
    found = search(table, "number", split_by="groups", column="who", trials=4)
    scored = reopened(found["report"], monkeypatch, table)["validate"]["table"].frame
    assert scored.group_by("who").agg(pl.col("Fold").n_unique())["Fold"].max() == 1
    assert "left out fold by fold" in block(found["report"], "What to expect")["rows"][0][3]


def test_it_says_why_it_ended_and_what_each_trial_cost():
    found = search(Table(rows(300).frame.drop("two", "three")), "number", trials=4)
    assert ["Ended", "4 candidates were tried."] in block(found["report"], "Search")["rows"]
    assert (found["leaderboard"].frame["Seconds of all trials"] > 0).all()
    assert block(found["report"], "Best so far")["spec"]["data"]["values"]


def test_rows_without_a_label_are_said_once():
    heard = Heard()
    frame = rows(300).frame.drop("two", "three").with_columns(number=pl.when(pl.int_range(pl.len()) > 3).then("number"))
    with reporting_to(heard):
        found = search(Table(frame), "number", trials=2)
    assert [line for line in heard.notes if "label" in line and "left out" in line] == ["4 rows with a missing label were left out."]
    assert ["Label known", "done"] in [row[:2] for row in block(found["report"], "Guardrails")["rows"]]


def test_a_target_score_ends_it():
    found = search(Table(rows(300).frame.drop("two", "three")), "number", trials=None, target_score=100.0)
    assert ["Ended", "The score that suffices was reached."] in block(found["report"], "Search")["rows"]


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"learners": "magic"}, "unknown_learner_name"),
        ({"learners": "linear", "without": "linear"}, "no_learner"),
        ({"metric": "auc"}, "unknown_metric"),
        ({"label": "same"}, "one_class"),
        ({"label": "ones", "task": "regression"}, "constant_label"),
        ({"label": "kind", "task": "regression"}, "label_not_a_number"),
        ({"label": "number", "split_by": "groups"}, "no_column"),
        ({"label": "Scored Labels"}, "reserved_name"),
    ],
)
def test_what_cannot_be_searched_is_said(settings, code):
    table = Table(rows(60).frame.with_columns(same=pl.lit("one"), ones=pl.lit(1.5), **{"Scored Labels": "number"}))
    with pytest.raises(ModuleError) as wrong:
        search(table, **{"label": "number", **settings})
    assert wrong.value.code == code and wrong.value.remedy and wrong.value.words.endswith(".")


def test_a_search_in_which_nothing_can_be_trained_says_why():
    table = Table(pl.DataFrame({"x": [1.0, 2.0] * 6, "label": ["a"] * 11 + ["b"]}))
    with pytest.raises(ModuleError) as wrong:
        search(table, "label", learners="nearest_neighbors")
    assert wrong.value.code == "one_row_of_class" and "“b” in one row only" in wrong.value.words and wrong.value.remedy
    with pytest.raises(ModuleError) as wrong:
        search(Table(rows(60).frame.select("number", same=pl.lit(1.0))), "number")
    assert wrong.value.code == "no_candidate" and wrong.value.remedy.startswith("Add at least one feature column")


def test_a_search_whose_time_is_too_short_names_the_setting():
    with pytest.raises(ModuleError) as wrong:
        search(rows(60), "number", learners="linear", trial_seconds=1e-9)
    assert (wrong.value.code, wrong.value.param) == ("no_candidate", "trial_seconds")
    assert "longer than 1e-09 seconds" in wrong.value.words and wrong.value.remedy.startswith("Give more seconds")


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        (lambda frame: frame.drop("z"), "missing_columns", "z"),
        (lambda frame: frame.with_columns(pl.col("x").cast(pl.String)), "wrong_type", "x"),
        (lambda frame: frame.with_columns(pl.col("number").cast(pl.String)), "label_not_a_number", "number"),
        (lambda frame: frame.head(1), "no_rows", "number"),
    ],
    ids=["column", "type", "label", "rows"],
)
def test_a_validation_table_that_cannot_judge_is_refused_before_the_search(change, code, column, monkeypatch):
    monkeypatch.setattr(Trials, "each", None)
    table, later = rows(60).frame.select("x", "z", "number"), rows(40, 1).frame
    with pytest.raises(ModuleError) as wrong:
        run(BEST, {"label": "number", **QUICK}, table=Table(table), validation=Table(change(later)))
    assert (wrong.value.code, wrong.value.port, wrong.value.param, wrong.value.column) == (code, "validation", None, column)


def posed(frame, label="label", split_by="label", column=None, metric="automatic"):
    """The problem that a table poses, without a search."""
    return problem_of(Table(frame), label, "automatic", "", metric, split_by, column, 0, None)


def test_a_winner_that_was_tried_on_a_part_only_says_so_though_a_validation_table_judges_it():
    problem = problem_of(Table(rows(60).frame.select("x", "number")), "number", "automatic", "", "automatic", "label", None, 0, None)
    final = Final(Winner([LINEAR], [1]), 1.0, None, Estimate(1.0, 0.1, "40 rows"), None, LeftOut(problem.known, np.zeros(60)))
    assert figures_of(problem, final).leaderboard.endswith(" Of a part of the first fold, since no model was validated on all folds.")


def test_each_fold_has_both_classes_though_one_is_rare():
    frame = pl.DataFrame({"x": range(300), "label": ["yes" if row in (7, 100, 200) else "no" for row in range(300)]})
    problem = posed(frame)
    assert len(problem.folds) == 3 == problem.asked
    assert all(problem.judge.truth[fold.test].sum() == 1 for fold in problem.folds)


def test_folds_of_groups_that_cannot_be_judged_are_left_out_and_the_pipeline_asks_for_all():
    frame = pl.DataFrame({"x": range(300), "who": [row // 30 for row in range(300)]})
    frame = frame.with_columns(label=(pl.col("x") % 3 == 0) & (pl.col("who") < 6))
    problem = posed(frame, split_by="groups", column="who")
    assert (len(problem.folds), problem.asked) == (6, 10)
    assert len(posed(frame, split_by="groups", column="who", metric="log_loss").folds) == 10
    graph = winner_graph(Winner([LINEAR], [1]), problem, Figures("", ""))
    assert graph["nodes"]["validate"]["params"]["folds"] == 10
    with pytest.raises(ModuleError) as wrong:
        posed(frame.with_columns(label=pl.col("who") < 5), split_by="groups", column="who")
    assert wrong.value.code == "no_fold_with_both_classes" and wrong.value.remedy


def test_a_column_that_folds_follow_is_kept_though_it_looks_like_a_row_number():
    frame = rows(300).frame.drop("two", "three").with_row_index("row")
    found = search(Table(frame), "number", split_by="time", column="row", trials=2, learners="linear")
    assert "columns" not in found["report"].metrics[0]["pipeline"]["nodes"]


def test_whole_numbers_that_gaps_made_decimal_are_classes():
    label = pl.Series("label", [0.0, 1.0, 2.0, None] * 30)
    assert task_of(label, "automatic").id == "multi_class"
    assert task_of(label + 0.5, "automatic").id == "regression"


@pytest.mark.parametrize(
    "label",
    [
        pl.Series(["good", "bad"] * 30, dtype=pl.Enum(["good", "bad", "unused"])),
        pl.Series([-0.5, -1.5] * 30),
        pl.Series([10.5, 2.5] * 30),
        pl.Series(["b", "a"] * 30, dtype=pl.Categorical),
        pl.Series([2.0, 10.0] * 30),
    ],
)
def test_the_class_that_is_judged_is_the_one_that_models_predict(label):
    found = search(
        Table(pl.DataFrame({"x": [row % 2 for row in range(60)], "z": range(60), "label": label})), "label", trials=1, learners="linear"
    )
    figures = found["report"].metrics[0]["metrics"]
    scored = run("evaluation.evaluate_model", scored=[found["predictions"]])["report"].metrics[0]["metrics"]
    assert scored["auc"] == pytest.approx(figures["mean_over_folds"], abs=0.1) and figures["mean_over_folds"] > 0.9


@pytest.mark.parametrize("values", [[f"$ {n},000" for n in range(60)], [date(2020, 1, 1) + timedelta(n) for n in range(60)]])
def test_a_label_that_hardly_repeats_is_no_class(values):
    with pytest.raises(ModuleError) as wrong:
        task_of(pl.Series("label", values), "automatic")
    assert wrong.value.code == "no_classes" and "Edit Metadata" in wrong.value.remedy


def test_whole_numbers_of_few_values_are_classes_unless_said_otherwise():
    table = dataset("digits").frame.head(300).select("digit", "^r[45]c.$").with_columns(pl.col("digit").cast(pl.Int64))
    assert search(Table(table), "digit", trials=2, learners="linear")["model"].classes is not None
    assert search(Table(table), "digit", trials=2, learners="linear", task="regression")["model"].classes is None


@pytest.mark.parametrize("label", ["number", "two", "three"])
def test_what_it_predicts_of_left_out_rows_is_what_it_is_judged_by(label):
    others = [column for column in ("number", "two", "three") if column != label]
    table = Table(rows(300).frame.drop(others))
    found = search(table, label, trials=3)
    scored = found["predictions"]
    assert scored.frame.select(table.frame.columns).equals(table.frame)
    told = run("evaluation.evaluate_model", scored=[scored])["report"].metrics[0]["metrics"]
    figures = found["report"].metrics[0]["metrics"]
    key = next(key for key in figures if key in told)
    assert told[key] == pytest.approx(figures["mean_over_folds"], rel=0.1)


def test_the_winner_is_explained_and_the_guardrails_name_their_columns():
    report = search(Table(rows(300).frame.drop("two", "three").with_columns(copy=pl.col("number") * 2)), "number", trials=3)["report"]
    assert block(report, "Partial dependence on “copy”")["spec"]
    rails = {each["id"]: each for each in report.metrics[0]["search"]["guardrails"]}
    assert rails["leak"]["columns"] == ["copy"] and rails["leak"]["state"] == "alerted"
    assert block(report, "Leaderboard")["rows"][-1][1].split()[0] in ("Linear", "Boosted", "Nearest", "Blend")


def test_weights_follow_the_models_of_a_large_blend():
    candidates = [Candidate(number, "linear", "regression.linear_regression", {"l2_weight": number + 1.0}, False) for number in range(11)]
    problem = problem_of(Table(rows(60).frame.drop("two", "three")), "number", "automatic", "", "automatic", "label", None, 0, None)
    graph = codec.load(winner_graph(Winner(candidates, range(1, 12)), problem, Figures("", "")))
    wired = [edge.source.node for edge in graph.edges if edge.target == Endpoint("blend", "untrained")]
    assert [graph.nodes[node].params["l2_weight"] for node in wired] == [number + 1.0 for number in range(11)]
    assert graph.nodes["blend"].params["weights"].split(", ")[9] == "10"


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"learners": "linear, prophet"}, "unknown_learner_name"),
        ({"learners": "linear", "without": "linear"}, "no_learner"),
        ({"split_by": "groups"}, "no_column"),
    ],
)
def test_what_needs_no_rows_to_be_wrong_is_a_problem_before_a_run(settings, code):
    module = catalogue().modules[BEST]
    with pytest.raises(ModuleError) as caught:
        module.columns(rows(5), None, **module.arguments(module.read_settings({"label": "number", **settings})))
    assert caught.value.code == code


class Asked(Exception):
    """The content of the first trial that a search asks for."""


class Asking:
    """Executes no trial: says what is asked for first."""

    opened = None

    def run(self, fan):
        raise Asked(next_item(fan, [], None).content)


def first_trial(**settings):
    with run_by(Asking()), pytest.raises(Asked) as caught:
        search(rows(60), settings.pop("label", "number"), **settings)
    return caught.value.args[0]


@pytest.mark.parametrize(
    "other",
    [
        {"label": "x"},
        {"metric": "mean_absolute_error"},
        {"split_by": "rows"},
        {"split_by": "groups", "column": "kind"},
        {"seed": 7},
        {"label": "two"},
        {"label": "two", "metric": "log_loss"},
        {"label": "two", "positive_class": "false"},
    ],
)
def test_a_trial_is_known_only_to_searches_that_ask_the_same(other):
    assert first_trial(**other) != first_trial(**({"label": "two"} if len(other) > 1 and other.get("label") else {}))


def test_a_longer_search_knows_the_trials_of_a_shorter_one():
    def lasting(content):
        return {name: value for name, value in content.items() if name[0] != "~"}

    assert lasting(first_trial()) == lasting(first_trial(seconds=7200, trials=9, patience=3, target_score=1.0, without="decision_forest"))


def test_the_code_of_every_learner_and_of_what_explains_the_winner_counts_for_the_cache_key():
    module = catalogue().modules[BEST]
    assert {*module.uses} == {"selection.partial_dependence", *(id for each in LEARNERS for id in each.module.values())}
    assert module.source != replace(module, uses=module.uses[1:]).source
