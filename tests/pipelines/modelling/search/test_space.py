"""The spaces of learners."""

import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import UntrainedModel
from pipelines.modelling.search.distributions import Values
from pipelines.modelling.search.samplers import propose
from pipelines.modelling.search.space import learner_of, space_of
from tests.support.module_runner import only

TREES = "classification.two_class_boosted_trees"
LEARNERS = [
    module.id
    for module in catalogue().modules.values()
    if [port.kind for port in module.outputs] == ["untrained_model"] and not module.inputs and any(param.search for param in module.params)
]


def fails(code, untrained, changed):
    with pytest.raises(ModuleError) as caught:
        space_of(untrained, changed)
    assert caught.value.code == code and caught.value.remedy
    return caught.value.words


@pytest.mark.parametrize("id", LEARNERS)
def test_every_learner_declares_a_valid_space_that_it_can_be_made_of(id):
    space = space_of(only(id), {})
    for name, each in space.over.items():
        for value in each.grid(5):
            assert space.learner.params[name].read(value) == value
    low, high = ({name: each.at(share) for name, each in space.over.items()} for share in (0.0, 1.0))
    for settings in (low, high):
        made = space.learner.made(space.used(settings))
        assert isinstance(made, UntrainedModel) and made.estimator is not None
        assert {name: made.arguments[name] for name in settings} == space.used(settings)


def test_every_learner_of_a_label_is_searched_but_those_of_any_estimator():
    all_of = {
        id
        for id, module in catalogue().modules.items()
        if [port.kind for port in module.outputs] == ["untrained_model"]
        and not module.inputs
        and module.shelf.id in ("classification", "regression")
    }
    assert all_of - set(LEARNERS) == {"classification.scikit_learn_classifier", "regression.scikit_learn_regressor"}


def test_a_learner_is_made_again_as_it_was():
    own = only(TREES, {"leaves": 7, "seed": None})
    again = learner_of(own).made({})
    assert again.settings == own.settings and again.estimator.get_params() == own.estimator.get_params()


def test_settings_are_added_replaced_and_left_out():
    space = space_of(only(TREES), {"leaves": "4; 8", "trees": None, "class_weight": "none; Balanced"})
    assert space.over["leaves"] == Values((4, 8))
    assert "trees" not in space.over
    assert space.over["class_weight"] == Values(("none", "balanced"))
    assert space.own["leaves"] == 20 and not space.holds(space.own)


def test_settings_of_any_estimator_are_searched_by_their_names():
    untrained = only("classification.scikit_learn_classifier", {"estimator": "SVC"})
    space = space_of(untrained, {"C": "loguniform(0.1, 10)", "shrinking": "true; false"})
    made = space.learner.made({"C": 2.0, "shrinking": False}).estimator
    assert (made.C, made.shrinking) == (2.0, False)
    fails("nothing_to_search", untrained, {})


def test_a_setting_that_does_not_matter_keeps_its_value():
    space = space_of(only("regression.linear_regression", {"method": "least_squares"}), {"method": "least_squares; gradient_descent"})
    drawn = {"method": "least_squares", "l2_weight": 1.0, "learning_rate": 0.5, "epochs": 3}
    assert space.used(drawn) == drawn | {"learning_rate": 0.1, "epochs": 10}
    assert space_of(only("regression.linear_regression"), {"epochs": "1; 2"}).over.keys() == {"l2_weight"}
    assert space.used(drawn | {"method": "gradient_descent"}) == drawn | {"method": "gradient_descent"}


def test_what_cannot_be_searched_is_said():
    trees = only(TREES)
    assert "“gone”" in fails("unknown_setting", trees, {"gone": "1; 2"})
    assert "“Leaves”" in fails("bad_range", trees, {"leaves": "uniform(1, 5)"})
    assert "needs 1 to 1,000 values" in fails("bad_range", trees, {"leaves": ""})
    assert "whole number" in fails("bad_range", trees, {"leaves": "4.5; 8"})
    assert "must be one of" in fails("bad_range", trees, {"class_weight": "heavy"})
    fails("nothing_to_search", trees, dict.fromkeys(space_of(trees, {}).over))
    script = UntrainedModel("Mine", "two_class", None)
    for part in (script.as_part, {}, {"module": 3}, {**trees.as_part, "parts": [trees.as_part]}, {**trees.as_part, "arguments": 7}):
        fails("cannot_be_tuned", UntrainedModel("All", "multi_class", None, module="classification.one_vs_all", parts=[part]), {})
    deep = trees.as_part
    for _ in range(9):
        deep = {"name": "Deep", "module": "training.calibrate_classifier", "arguments": {"method": "sigmoid", "folds": 5}, "parts": [deep]}
    fails(
        "cannot_be_tuned", UntrainedModel("Deep", "two_class", None, **{name: deep[name] for name in ("module", "arguments", "parts")}), {}
    )
    fails("cannot_be_tuned", UntrainedModel("Mine", "regression", None), {})
    fails("cannot_be_tuned", UntrainedModel("Mine", "regression", None, module="gone.away"), {})
    fails("cannot_be_tuned", UntrainedModel("Mine", "two_class", None, module=TREES, arguments={"leaves": "many"}), {})


def test_numbers_of_a_space_are_what_numpy_and_json_know():
    space = space_of(only(TREES), {})
    drawn = [value for number in range(1, 5) for value in propose("quasi_random", space.over, number, [], 0, 3).values()]
    assert {type(value) for value in drawn} == {int, float}


LOGISTIC = "classification.two_class_logistic_regression"


def test_a_learner_that_is_made_of_one_is_searched_over_the_settings_of_that_one():
    for id in (
        "classification.one_vs_all",
        "classification.one_vs_one",
        "classification.ordinal_regression",
        "training.calibrate_classifier",
    ):
        whole = only(id, untrained=only(TREES, {"leaves": 7}))
        space = space_of(whole, {})
        assert space.over == space_of(only(TREES), {}).over and space.own["leaves"] == 7
        made = space.learner.made({"leaves": 9, "trees": 30})
        assert made.name == whole.name and made.parts[0]["arguments"]["leaves"] == 9
        assert made.estimator.estimator.get_params()["num_leaves"] == 9


def test_a_learner_of_the_logarithm_is_searched_over_the_settings_of_the_learner_inside():
    trees = only("regression.boosted_trees", {"leaves": 7})
    space = space_of(only("training.transform_label", {"predicts": "median"}, untrained=trees), {})
    assert space.over == space_of(trees, {}).over and space.own["leaves"] == 7
    made = space.learner.made({"leaves": 9})
    assert made.estimator.regressor.get_params()["num_leaves"] == 9 and made.arguments["predicts"] == "median"


def test_the_settings_of_several_parts_are_told_apart():
    both = only("training.voting", {"weights": "2,1"}, untrained=[only(TREES), only(LOGISTIC)])
    space = space_of(both, {"2.l2_weight": "1; 2", "1.trees": None, "weights": "1,1; 2,1"})
    assert "1.leaves" in space.over and "1.trees" not in space.over and space.over["2.l2_weight"] == Values((1.0, 2.0))
    assert space.title("2.l2_weight") == "2. L2 weight"
    made = space.learner.made({"1.leaves": 5, "2.l2_weight": 2.0, "weights": "1,1"})
    assert [part["arguments"].get("leaves") for part in made.parts] == [5, None]
    assert made.parts[1]["arguments"]["l2_weight"] == 2.0 and made.estimator.weights == [1.0, 1.0]


def test_a_setting_of_a_part_that_does_not_matter_keeps_its_value():
    linear = only("regression.linear_regression", {"method": "least_squares"})
    both = only("training.voting", untrained=[linear, linear])
    space = space_of(both, {"1.method": "least_squares; gradient_descent"})
    assert "1.epochs" in space.over and "2.epochs" not in space.over
    drawn = {"1.method": "least_squares", "1.epochs": 3, "2.l2_weight": 1.0}
    assert space.used(drawn) == drawn | {"1.epochs": 10}


def test_parts_of_parts_have_the_numbers_of_both():
    inner = only("training.voting", untrained=[only(TREES), only(LOGISTIC)])
    outer = only("training.stacking", untrained=[only("training.calibrate_classifier", untrained=inner), only(LOGISTIC)])
    space = space_of(outer, {"1.folds": "3; 4"})
    assert {"1.1.trees", "1.2.l2_weight", "2.l2_weight", "1.folds"} <= space.over.keys()
    made = space.learner.made({"1.1.trees": 33, "1.folds": 3, "2.l2_weight": 5.0})
    assert made.parts[0]["parts"][0]["parts"][0]["arguments"]["trees"] == 33
    assert made.parts[0]["arguments"]["folds"] == 3 and made.parts[1]["arguments"]["l2_weight"] == 5.0
