"""What a version predicts follows from the roles of the columns that its run has scored."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.modelling.tasks.clustering import TASK
from pipelines.monitoring.target import CLUSTERS, Classes, Target, counted_as, predicted, target_by_type, target_of

LABEL = ColumnRole("label")


def score(model: str = "m", positive: str | None = None, task: str = "t") -> ColumnRole:
    return ColumnRole("score", positive=positive, model=model, task=task)


def test_two_classes_have_the_probability_of_the_positive_one_also_where_labels_are_numbers() -> None:
    frame = pl.DataFrame({"y": [0, 1], "Scored Labels": [0, 1], "Scored Probabilities": [0.2, 0.8]})
    table = Table(frame, {"y": LABEL, "Scored Labels": score(positive="1"), "Scored Probabilities": score(positive="1")})
    found = target_of(table, {"Scored Labels": "integer", "Scored Probabilities": "number"})
    assert (found.kind, found.positive, found.chances, found.classes) == ("two_class", "1", {"1": "Scored Probabilities"}, ("0", "1"))


def test_several_classes_have_a_probability_each_and_those_of_another_model_do_not_count() -> None:
    names = ["red", "green", "blue"]
    columns = {f"Scored Probabilities ({name})": score(positive=name) for name in names}
    frame = pl.DataFrame({"old": [0.5], "Scored Labels": ["red"], **{key: [0.3] for key in columns}, "y": ["grey"]})
    table = Table(frame, {"old": score("other", "x"), "Scored Labels": score(), **columns, "y": LABEL})
    found = target_of(table, dict.fromkeys(frame.columns, "number"))
    assert found.kind == "multi_class" and [*found.chances] == names and found.classes == ("blue", "green", "grey", "red")


def test_without_probabilities_the_type_of_the_prediction_says_it() -> None:
    table = Table(pl.DataFrame({"Scored Labels": [1.0]}), {"Scored Labels": score()})
    assert target_of(table, {"Scored Labels": "number"}).kind == "numbers"
    assert target_of(Table(pl.DataFrame({"a": [1]})), {"a": "text"}).kind == "classes"
    kinds = [target_by_type({"sum": type}).kind for type in ("number", "integer", "text", "boolean")]
    assert kinds == ["numbers", "numbers", "classes", "classes"] and target_by_type({}).kind == "classes"


def test_classes_are_no_numbers_where_their_names_are_and_probabilities_are_none_served() -> None:
    table = Table(pl.DataFrame({"Scored Labels": [3, 5]}), {"Scored Labels": score(task="multi_class")})
    assert target_of(table, {"Scored Labels": "integer"}) == Target("classes", {}, ("3", "5"))


def test_clusters_are_categories_and_their_distances_numbers() -> None:
    columns = {"Assignments": [0, 1, None], "Distance 0": [0.1, 2.0, 3.0]}
    types = {"Assignments": "integer", "Distance 0": "number"}
    table = Table(pl.DataFrame({"y": [7, 7, 8], **columns}), {"y": LABEL, **{name: score(task=CLUSTERS) for name in columns}})
    found = target_of(table, types)
    assert found == Target("clusters", {}, ("0", "1")) and TASK.id == CLUSTERS
    assert counted_as(found, types) == {"Assignments": "text", "Distance 0": "number"}
    assert target_of(table, {"Distance 0": "number"}).kind == "numbers"  # of an answer without its cluster
    assert counted_as(Target("numbers"), types) == types
    assert counted_as(Target("two_class", {"1": "p"}), {"p": "number"}) == {"p": "number"}


def test_the_prediction_in_an_answer() -> None:
    assert predicted({"Scored Probabilities": 0.3, "Scored Labels": "yes"}) == "yes"
    assert predicted({"sum": 2}) == 2 and predicted(7) == 7 and predicted({}) is None


@pytest.mark.parametrize(
    ("names", "given", "found"),
    [
        (["a", "b"], "a", "a"), (["1", "0"], 1.0, "1"), (["1", "0"], "1.0", "1"), (["1", "0"], True, "1"), (["1.5"], "1.50", "1.5"),
        (["true", "false"], True, "true"), (["true", "false"], 0, "false"), (["nan", "x"], "nan", "nan"), (["a"], "B", "B"),
        (["a"], 10**400, str(10**400)), (["1", "01"], "01", "01"),
    ],
)  # fmt: skip
def test_the_class_of_a_value(names: list[str], given: Any, found: str) -> None:
    assert Classes(names)(given) == found
