"""References to parameters: they exist, and their types suit the settings."""

import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.graph import codec
from pipelines.validation.parameters import misfits

TYPES = {
    "integer": 3,
    "number": 0.5,
    "text": "x",
    "boolean": True,
    "choice": "rows",
    "date": "2027-03-31",
    "time": "14:30",
    "column": "a",
    "columns": ["a"],
    "dataset": "cars",
    "connection": "s3",
}


def found(module, setting, type):
    data = {"type": type, "default": TYPES[type], **({"choices": ["rows"]} if type == "choice" else {})}
    node = {"module": module, "params": {setting: {"$parameter": "p"}}}
    return [*misfits(codec.load({"nodes": {"a": node}, "parameters": {"p": data}}), catalogue())]


@pytest.mark.parametrize(
    ("module", "setting", "suits"),
    [
        ("transform.split_data", "fraction", {"integer", "number"}),
        ("transform.split_data", "seed", {"integer"}),
        ("transform.split_data", "by", {"choice"}),
        ("data.dataset", "dataset", {"dataset"}),
        ("data.enter_data", "text", {"text"}),
        ("script.python", "code", set()),
        ("training.train_model", "label", {"column"}),
        ("transform.select_columns", "columns", {"columns"}),
    ],
)
def test_types_suit_kinds_of_settings(module, setting, suits):
    param = catalogue().modules[module].param(setting)
    assert param is not None
    assert {type for type in TYPES if not found(module, setting, type)} == suits


def test_a_misfit_names_the_setting_and_both_kinds():
    (problem,) = found("transform.split_data", "fraction", "text")
    assert problem.words == "Split Data: Fraction is a setting of the kind number; the parameter p is of the type text."
    assert (problem.node, problem.param, problem.subject) == ("a", "fraction", ("Split Data: ", "Fraction "))


def test_a_parameter_that_does_not_exist_is_named():
    graph = codec.load({"nodes": {"a": {"module": "transform.split_data", "params": {"fraction": {"$parameter": "gone"}}}}})
    assert [problem.words for problem in misfits(graph, catalogue())] == [
        "Split Data: Fraction comes from the parameter gone, which does not exist."
    ]


def test_options_are_checked_by_their_form_and_unknown_settings_elsewhere():
    given = {"estimator": "Ridge", "parameters": {"alpha": {"$parameter": "p"}}}
    nodes = {
        "a": {"module": "regression.scikit_learn_regressor", "params": given},
        "b": {"module": "no.such", "params": {"x": {"$parameter": "p"}}},
    }
    graph = codec.load({"nodes": nodes, "parameters": {"p": {"type": "number", "default": 1.0}}})
    assert [*misfits(graph, catalogue())] == []
