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
    assert "whole number" in fails("bad_range", trees, {"leaves": "4.5; 8"})
    assert "must be one of" in fails("bad_range", trees, {"class_weight": "heavy"})
    fails("nothing_to_search", trees, dict.fromkeys(space_of(trees, {}).over))
    fails("cannot_be_tuned", only("classification.one_vs_all", untrained=trees), {})
    fails("cannot_be_tuned", UntrainedModel("Mine", "regression", None), {})
    fails("cannot_be_tuned", UntrainedModel("Mine", "regression", None, module="gone.away"), {})
    fails("cannot_be_tuned", UntrainedModel("Mine", "two_class", None, module=TREES, arguments={"leaves": "many"}), {})


def test_numbers_of_a_space_are_what_numpy_and_json_know():
    space = space_of(only(TREES), {})
    drawn = [value for number in range(1, 5) for value in propose("quasi_random", space.over, number, [], 0, 3).values()]
    assert {type(value) for value in drawn} == {int, float}
