"""Train Model by Group."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import run_by
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import reporting_to
from pipelines.modelling.parallel import Lines
from tests.pipelines.modules.examples import Example
from tests.support.module_runner import dataset, only, run

LINEAR = "regression.linear_regression"
EXAMPLE = Example({"groups": ["drive-wheels"], "may_fail_share": 100, "compare": True})
TRAIN, ALL = "training.train_model_by_group", {"may_fail_share": 100}


def rows(groups=4, each=30, seed=0):
    random = np.random.default_rng(seed)
    x, z = random.normal(size=(2, groups * each))
    group = np.repeat(np.arange(groups), each)
    days = [date(2024, 1, 1) + timedelta(int(day)) for day in np.tile(np.arange(each), groups)]
    label = (group + 1) * x + 0.1 * z + 20
    return pl.DataFrame({"g": [f"g{place}" for place in group], "day": days, "x": x, "z": z, "y": label})


def train(frame, learner=LINEAR, **settings):
    return run(TRAIN, {"label": "y", "groups": ["g"], **settings}, untrained=only(learner), table=frame)


def outcomes(found):
    return dict(zip(found["table"].frame["g"], found["table"].frame["Outcome"], strict=True))


@pytest.mark.parametrize(
    ("learner", "label"),
    [(LINEAR, "price"), ("regression.boosted_trees", "price"), ("classification.multiclass_logistic_regression", "drive-wheels")],
)
def test_each_model_is_that_of_train_model_on_the_rows_of_the_group(learner, label):
    cars, by, untrained = dataset("automobile_price"), ["body-style", "fuel-type"], only(learner)
    fleet = run(TRAIN, {"label": label, "groups": by, **ALL}, untrained=untrained, table=cars)["models"]
    scored = only("scoring.score_model_by_group", models=fleet, table=cars).frame
    compared = 0
    for key, part in cars.frame.group_by(by, maintain_order=True):
        own = scored.filter(pl.all_horizontal(pl.col(column) == value for column, value in zip(by, key, strict=True)))
        table = cars.with_frame(part.drop(by))
        try:
            model = only("training.train_model", {"label": label}, untrained=untrained, table=table)
        except ModuleError:
            assert own["Scored Labels"].null_count() == own.height
            continue
        compared += 1
        assert own["Scored Labels"].equals(only("scoring.score_model", model=model, table=table).frame["Scored Labels"])
    assert compared == fleet.keys.height >= 6


def test_the_result_is_in_the_order_of_the_source():
    frame = rows()[np.random.default_rng(3).permutation(120)]
    found = train(frame)
    assert found["table"].frame["g"].to_list() == frame["g"].unique(maintain_order=True).to_list() == found["models"].keys["g"].to_list()


def test_groups_are_values_of_any_type_and_missing_ones_a_group():
    frame = rows(3).with_columns(
        n=pl.int_range(90) // 30, day=pl.lit(date(2024, 2, 29)), t=pl.when(pl.col("g") != "g1").then(pl.col("g").replace("g2", "Zoë 東京"))
    )
    found = run(TRAIN, {"label": "y", "groups": ["n", "day", "t"]}, untrained=only(LINEAR), table=frame)["models"]
    assert found.facts["group"].to_list() == ["2024-02-29 · 0 · g0", "2024-02-29 · 1 · (missing)", "2024-02-29 · 2 · Zoë 東京"]
    assert only("scoring.score_model_by_group", models=found, table=frame).frame["Scored By"].unique().to_list() == ["own model"]


def test_each_way_to_fail_has_a_code_and_each_oddity_a_remark():
    frame = rows(8)
    number = pl.int_range(240) % 30
    y = (
        pl.when((pl.col("g") == "g1") & (number > 0)).then(None)
        .when(pl.col("g") == "g2").then(None)
        .when(pl.col("g") == "g3").then(7.0)
        .when((pl.col("g") == "g4") & (number == 5)).then(float("inf"))
        .otherwise("y").alias("y")
    )  # fmt: skip
    frame = frame.with_columns(
        y, x=pl.when((pl.col("g") == "g5") & (number == 3)).then(float("-inf")).otherwise("x"),
        level=pl.when((pl.col("g") == "g6") & (number == 29)).then(pl.lit("new")).otherwise(pl.when(number % 2 == 0).then(pl.lit("a")).otherwise(pl.lit("b"))),
        day=pl.when((pl.col("g") == "g7") & (number > 20)).then(pl.col("day") + pl.duration(days=40)).otherwise("day"),
    )  # fmt: skip
    with reporting_to(lines := Lines()):
        found = train(frame, judge_on="latest", time="day", **ALL)
    table = found["table"].frame
    assert outcomes(found) == {
        "g0": "trained", "g1": "no_rows", "g2": "no_rows", "g3": "trained", "g4": "label_not_finite", "g5": "trained", "g6": "trained",
        "g7": "trained",
    }  # fmt: skip
    remarks = dict(zip(table["g"], table["Remarks"], strict=True))
    assert (remarks["g0"], remarks["g3"], remarks["g5"]) == (None, "constant_label", "infinite_values")
    assert (remarks["g6"], remarks["g7"]) == ("new_level", "clock_gap")
    assert table.filter(pl.col("Outcome") != "trained")["Reason"].str.ends_with(".").all()
    assert any("2 groups of 8 failed: no_rows." in line for line, *_ in lines.lines)
    one_class = train(
        rows(3).with_columns(y=(pl.col("x") > 0) | (pl.col("g") == "g1")), "classification.two_class_logistic_regression", **ALL
    )
    assert outcomes(one_class) == {"g0": "trained", "g1": "not_two_classes", "g2": "trained"}


def test_a_label_that_is_missing_in_some_rows_leaves_the_others():
    frame = rows(2).with_columns(y=pl.when(pl.int_range(60) % 3 > 0).then("y"))
    assert train(frame)["table"].frame["Rows"].to_list() == [20, 20]


def test_figures_are_of_rows_that_the_model_has_not_seen():
    frame = rows(2)
    found = train(frame, judge_on="latest", time="day", test_share=0.2, windows=2)["table"].frame
    for place, group in enumerate(("g0", "g1")):
        mine, errors = frame.filter(pl.col("g") == group).drop("g"), []
        for start, end in ((18, 24), (24, 30)):
            model = only("training.train_model", {"label": "y"}, untrained=only(LINEAR), table=mine[:start])
            scored = only("scoring.score_model", model=model, table=mine[start:end]).frame
            errors.append((scored["Scored Labels"] - scored["y"]).abs())
        assert found["Mean absolute error"][place] == pytest.approx(pl.concat(errors).mean(), rel=1e-12)
        assert found["WAPE"][place] == pytest.approx(pl.concat(errors).sum() / mine["y"][18:].abs().sum(), rel=1e-12)
    assert found["Rows judged on"].to_list() == [12, 12] and found["First time"][0] == date(2024, 1, 1)


def test_one_model_of_all_groups_stands_beside_on_the_same_rows():
    found = train(rows(6), compare=True)
    table = found["table"].frame
    assert (table["One model of all: WAPE"] > 3 * table["WAPE"]).sum() >= 4, "groups differ in their slope"
    titles = [block["title"] for block in found["models"].report.blocks]
    assert "Models by group beside: one model of all" in titles and "Groups by WAPE" in titles and "Worst groups by WAPE" in titles
    bars = block(found, "Groups by WAPE")["spec"]["data"]["values"]
    assert (len(bars), sum(bar["groups"] for bar in bars)) == (5, 6), "of few groups all are shown, in few bins"


BOOSTED = "regression.boosted_trees"


def shapes(groups=6, each=60, seed=0):
    """Groups of straight lines, and groups of steps."""
    random = np.random.default_rng(seed)
    x, z = random.normal(size=(2, groups * each))
    group = np.repeat(np.arange(groups), each)
    label = np.where(group % 2 == 0, 20 + (1 + group) * x, 20 + 6 * (np.abs(x) > 0.7)) + random.normal(size=len(x)) / 10
    return pl.DataFrame({"g": [f"g{place}" for place in group], "x": x, "z": z, "y": label})


def with_learners(frame, *learners, **settings):
    return run(TRAIN, {"label": "y", "groups": ["g"], **settings}, untrained=[only(each) for each in learners], table=frame)


def block(found, title):
    return next(each for each in found["models"].report.blocks if each["title"] == title)


def test_each_group_gets_the_learner_that_predicts_best_for_it():
    frame = pl.concat([shapes(6, 200), shapes(1, 3).with_columns(g=pl.lit("tiny"))])
    with reporting_to(lines := Lines()):
        found = with_learners(frame, LINEAR, BOOSTED)
    table = found["table"].frame
    won = dict(zip(table["g"], table["Learner"], strict=True))
    names = [only(LINEAR).name, only(BOOSTED).name]
    assert [won[f"g{group}"] for group in range(6)] == names * 3
    assert won["tiny"] == names[0] and table["Remarks"].to_list()[-1] == "too_few_rows_to_choose"
    assert block(found, "Learner wins")["rows"] == [[names[0], 4], [names[1], 3]]
    beside = {row[0]: row[1:] for row in block(found, "By group beside others")["rows"]}
    alone = {name: with_learners(frame, learner)["table"].frame for name, learner in zip(names, (LINEAR, BOOSTED), strict=True)}
    for name, (groups, own, other, better) in ((name, beside[f"{name} in every group"]) for name in names):
        assert groups == 7 and own < other and better == pytest.approx(100 * (1 - own / other))
        assert min(alone[name]["WAPE"]) < other < max(alone[name]["WAPE"])
    assert any("by group is" in line and "in every group" in line for line, *_ in lines.lines)


def test_wape_over_all_rows_is_the_sum_of_errors_over_the_sum_of_values():
    frame = rows(3)
    found = train(frame, judge_on="latest", time="day", compare=True)
    (told,) = block(found, "By group beside others")["rows"]
    errors, actual = [], []
    for group in ("g0", "g1", "g2"):
        mine = frame.filter(pl.col("g") == group).drop("g")
        scored = only(
            "scoring.score_model",
            model=only("training.train_model", {"label": "y"}, untrained=only(LINEAR), table=mine[:24]),
            table=mine[24:],
        )
        errors.append((scored.frame["Scored Labels"] - scored.frame["y"]).abs().sum())
        actual.append(mine["y"][24:].abs().sum())
    assert told[:2] == ["one model of all", 3] and told[2] == pytest.approx(sum(errors) / sum(actual), rel=1e-9)


def test_the_choice_does_not_see_the_rows_that_judge_it():
    frame = shapes(2).with_columns(day=pl.int_range(120) % 60)
    first = with_learners(frame, LINEAR, BOOSTED, judge_on="latest", time="day", refit=False)
    turned = frame.with_columns(y=pl.when(pl.col("day") >= 48).then(-pl.col("y")).otherwise("y"))
    second = with_learners(turned, LINEAR, BOOSTED, judge_on="latest", time="day", refit=False)
    assert first["table"].frame["Learner"].equals(second["table"].frame["Learner"])
    assert [first["models"].blob(place) == second["models"].blob(place) for place in range(2)] == [True, True]


def test_models_of_several_learners_score_the_rows_of_their_groups():
    frame = shapes(2)
    models = with_learners(frame, LINEAR, BOOSTED)["models"]
    scored = only("scoring.score_model_by_group", models=models, table=frame).frame
    for place, learner in enumerate((LINEAR, BOOSTED)):
        mine = frame.filter(pl.col("g") == f"g{place}").drop("g")
        model = only("training.train_model", {"label": "y"}, untrained=only(learner), table=mine)
        wanted = only("scoring.score_model", model=model, table=mine).frame["Scored Labels"]
        assert scored.filter(pl.col("g") == f"g{place}")["Scored Labels"].to_list() == pytest.approx(wanted.to_list(), rel=1e-12)


def test_learners_that_do_not_go_together_are_refused():
    with pytest.raises(ModuleError) as caught:
        with_learners(rows(), LINEAR, "classification.two_class_logistic_regression")
    assert caught.value.code == "mixed_learners" and caught.value.remedy
    with pytest.raises(ModuleError) as caught:
        with_learners(rows())
    assert caught.value.code == "no_learner"


def test_windows_that_leave_no_rows_to_choose_by_are_refused():
    with pytest.raises(ModuleError) as caught:
        with_learners(rows(), LINEAR, BOOSTED, windows=5)
    assert caught.value.code == "no_rows_to_choose_by" and caught.value.param == "windows" and caught.value.remedy
    assert train(rows(), windows=5)["models"].keys.height == 4, "one learner is not chosen"


def test_two_learners_of_the_same_name_are_told_apart():
    found = run(TRAIN, {"label": "y", "groups": ["g"]}, untrained=[only(BOOSTED, {"trees": 1}), only(BOOSTED)], table=shapes(2, 200))
    name = only(BOOSTED).name
    assert set(found["table"].frame["Learner"]) == {f"{name} 2"}


def test_a_group_that_fails_is_not_in_the_model_of_all_groups():
    frame = rows(5)
    bad = pl.concat([frame, rows(1).with_columns(g=pl.lit("bad"), y=pl.lit(float("inf")))])
    found, without = train(bad, compare=True, **ALL), train(frame, compare=True)
    assert outcomes(found)["bad"] == "label_not_finite"
    column = "One model of all: WAPE"
    assert found["table"].frame[column].to_list()[:5] == pytest.approx(without["table"].frame[column].to_list(), rel=1e-9)


def test_without_judging_there_are_models_and_no_figures():
    found = train(rows(2), judge_on="nothing")
    assert found["table"].frame["WAPE"].to_list() == [None, None] and found["models"].keys.height == 2


def test_no_rows_give_no_models():
    found = train(rows().clear())
    assert found["table"].frame.height == found["models"].keys.height == 0


def test_more_failures_than_may_fail_the_step():
    frame = pl.concat([rows(19), rows(1).head(1).with_columns(g=pl.lit("bad"))])
    assert outcomes(train(frame))["bad"] == "no_rows", "one of twenty is five in a hundred"
    with pytest.raises(ModuleError) as caught:
        train(frame, may_fail_share=4.9)
    assert caught.value.code == "too_many_failed_items" and "bad" in caught.value.words
    assert caught.value.remedy and "“Groups that may fail (%)” is 4.9" in caught.value.remedy


class Listing(Exception):
    def run(self, fan):
        self.items = fan.items
        raise self


def contents(frame, **settings):
    listing = Listing()
    with pytest.raises(Listing), run_by(listing):
        train(frame, **settings)
    assert not any(item.of_inputs for item in listing.items.values())
    return {key: item.content for key, item in listing.items.items()}


def test_a_group_is_known_by_its_own_rows_and_the_settings():
    frame = rows()
    before = contents(frame)
    changed = frame.with_columns(z=pl.when((pl.col("g") == "g2") & (pl.col("day") == date(2024, 1, 9))).then(0.0).otherwise("z"))
    assert [key for key, content in contents(changed).items() if content != before[key]] == ["g2"]
    more = pl.concat([rows(6, seed=1).filter(pl.col("g") == "g5"), frame])
    assert {key: contents(more)[key] for key in before} == before
    assert all(content != before[key] for key, content in contents(frame, seed=1).items())
    roles = Table(frame).with_role("z", role="ignored")
    assert all(content != before[key] for key, content in contents(roles).items())


@pytest.mark.parametrize(
    ("settings", "code"), [({"groups": ["y"]}, "label_is_a_group"), ({"judge_on": "latest"}, "no_column"), ({"groups": []}, "no_groups")]
)
def test_settings_that_make_no_sense_are_refused(settings, code):
    with pytest.raises(ModuleError) as caught:
        train(rows(), **settings)
    assert caught.value.code == code and caught.value.remedy
