"""Train Best Model by Group. What a search finds is tested with Train Best Model, and what is made of the groups with Train Model by Group."""

import polars as pl
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import run_by
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import reporting_to
from pipelines.modelling.parallel import Lines
from pipelines.modules.evaluation._fleets import main_metric
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.training.test_train_model_by_group import Listing, shapes
from tests.support.module_runner import dataset, only, run

TRAIN = "training.train_best_model_by_group"
FEW = {"seconds": 20, "trials": 2, "learners": "linear, boosted_trees", "may_fail_share": 100}
EXAMPLE = Example({"groups": ["fuel-type"], "seconds": 600, "trials": 1, "learners": "linear", "may_fail_share": 100})


def train(frame, **settings):
    return run(TRAIN, {"label": "y", "groups": ["g"], **FEW, **settings}, table=frame)


def test_each_group_gets_the_winner_of_its_own_search_and_a_group_that_cannot_be_searched_fails_alone():
    frame = pl.concat([shapes(2), shapes(1).with_columns(g=pl.lit("constant"), y=pl.lit(1.0))])
    with reporting_to(lines := Lines()):
        found = train(frame)
    table = found["table"].frame
    assert table["Outcome"].to_list() == ["trained", "trained", "constant_label"]
    assert table["Learner"][0] in ("Linear Regression", "Blend") and table["Learner"][2] is None
    assert table["WAPE"][0] < 0.1 and table["Rows judged on"].to_list()[:2] == [12, 12]
    assert any("3 groups, each searched for at most 20 s: 60 s in all" in line for line, *_ in lines.lines)
    scored = only("scoring.score_model_by_group", models=found["models"], table=frame).frame
    assert scored.filter(pl.col("g") != "constant")["Scored Labels"].null_count() == 0
    assert set(scored["Scored By"]) == {"own model", "no model"}


def test_classes_are_those_of_all_groups():
    found = run(TRAIN, {"label": "drive-wheels", "groups": ["fuel-type"], **FEW, "learners": "linear"}, table=dataset("automobile_price"))
    assert found["models"].task == "multi_class" and "trained" in found["table"].frame["Outcome"].to_list()


def test_the_metric_that_counts_is_the_first_figure_of_the_groups():
    frame = shapes(2)
    found = train(frame, metric="spearman")
    table, models = found["table"].frame, found["models"]
    assert table.columns[table.columns.index("Rows judged on") + 1] == "Spearman correlation" and table["Spearman correlation"].max() <= 1
    assert main_metric(models, models).key == "spearman"
    assert train(frame)["table"].frame.columns[table.columns.index("Rows judged on") + 1] == "WAPE"


@pytest.mark.parametrize("id", [TRAIN, "training.train_lag_models", "training.train_model_by_group"])
@pytest.mark.parametrize(("groups", "code"), [([], "no_groups"), (["y"], "label_is_a_group")])
def test_groups_that_make_no_sense_are_a_problem_before_a_run(id, groups, code):
    module = catalogue().modules[id]
    own = {"label": "y", "groups": groups} | ({"time": "x"} if id == "training.train_lag_models" else {})
    with pytest.raises(ModuleError) as caught:
        module.columns(Table(shapes(1).clear()), **module.arguments(module.read_settings(own)))
    assert (caught.value.code, caught.value.param) == (code, "groups") and caught.value.remedy


def test_of_another_metric_than_wape_the_mean_of_the_groups_is_compared():
    with reporting_to(lines := Lines()):
        found = train(shapes(3), metric="mean_absolute_error", learners="linear", trials=1, compare=True)
    blocks = found["models"].report.blocks
    (told,) = next(each for each in blocks if each["title"] == "By group beside others")["rows"]
    own, other = (found["table"].frame[name] for name in ("Mean absolute error", "One model of all: Mean absolute error"))
    assert own.min() < 0.9 * own.max() and told[2:4] == pytest.approx([own.mean(), other.mean()])
    assert any("Mean absolute error (mean of the groups) by group is" in line for line, *_ in lines.lines)


def test_a_number_of_trials_repeats_and_the_latest_rows_are_not_searched():
    frame = shapes(1).with_columns(day=pl.int_range(60))
    later = {"judge_on": "latest", "time": "day", "refit": False}
    first, second = (train(each, **later) for each in (frame, frame.with_columns(y=pl.when(pl.col("day") >= 48).then(0.0).otherwise("y"))))
    assert first["models"].blob(0) == second["models"].blob(0)


def test_a_group_is_an_item_of_its_rows_and_the_settings():
    def contents(**settings):
        listing = Listing()
        with pytest.raises(Listing), run_by(listing):
            train(shapes(2), **settings)
        return {key: item.content for key, item in listing.items.items()}

    before = contents()
    assert before == contents() and set(before) == {"g0", "g1"}
    assert all(contents(seconds=30)[key] != before[key] and contents(without="linear")[key] != before[key] for key in before)


@pytest.mark.parametrize(
    ("settings", "code"),
    [({"learners": "magic"}, "unknown_learner_name"), ({"metric": "auc"}, "unknown_metric"), ({"groups": ["y"]}, "label_is_a_group")],
)
def test_settings_that_make_no_sense_are_refused_before_any_search(settings, code):
    with pytest.raises(ModuleError) as caught:
        train(shapes(2), **settings)
    assert caught.value.code == code and caught.value.remedy
