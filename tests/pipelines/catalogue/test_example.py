"""Example documents from what docstrings say; tests/pipelines/modules/test_every_example.py runs those of all modules."""

from dataclasses import replace

import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.example import example, lines


def modules(document):
    return [node["module"] for node in document["nodes"].values()]


def wires(document):
    return {tuple(edge) for edge in document["edges"]}


def test_a_module_stands_on_a_dataset_with_its_settings():
    made = example("transform.clip_values")
    assert modules(made) == ["data.dataset", "transform.clip_values"]
    assert made["nodes"]["clip_values"]["params"]["columns"] == ["price"]
    assert wires(made) == {("dataset.table", "clip_values.table")}
    assert made["nodes"]["dataset"]["position"][1] < made["nodes"]["clip_values"]["position"][1]


def test_a_learner_is_shown_trained_scored_and_evaluated_on_one_split():
    made = example("classification.two_class_boosted_trees")
    assert sorted(modules(made)) == [
        "classification.two_class_boosted_trees",
        "data.dataset",
        "evaluation.evaluate_model",
        "scoring.score_model",
        "training.train_model",
        "transform.split_data",
    ]
    assert made["nodes"]["dataset"]["params"] == {"dataset": "credit_risk"}
    assert made["nodes"]["train_model"]["params"]["label"] == "Status"
    assert {("split_data.first", "train_model.table"), ("split_data.second", "score_model.table")} < wires(made)


def test_a_learner_of_a_learner_keeps_its_own_input():
    assert ("two_class_logistic_regression.model", "one_vs_all.untrained") in wires(example("classification.one_vs_all"))


def test_the_output_that_fits_the_port_is_wired():
    assert ("normalize.transform", "apply_transformation.transform") in wires(example("transform.apply_transformation"))


def test_several_sources_feed_one_port():
    assert wires(example("transform.add_rows")) >= {("split_data.first", "add_rows.tables"), ("split_data.second", "add_rows.tables")}


def test_a_line_that_names_nothing_is_an_error():
    module = replace(catalogue().modules["transform.join"], example="colour: blue")
    with pytest.raises(ValueError, match="“colour” of its example is unknown"):
        lines(module)
