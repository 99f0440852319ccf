"""Which nodes before a cross-validation are fitted again in each fold, and which are executed once, with the reason."""

from dataclasses import replace
from itertools import pairwise

import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.graph.model import Endpoint
from pipelines.validation.columns import Columns
from pipelines.validation.leakage import leaks
from pipelines.validation.refitting import MOST_NODES, Paths
from tests.support.graph_builder import draw

DATA = ("data.enter_data", {"text": "a,b,city,y\n1,2,x,0\n2,3,y,1\n"})
OTHER = ("data.enter_data", {"text": "a,b,city,y\n5,6,z,1\n"})
LEARNER = "classification.two_class_logistic_regression"
SCALE = ("transform.normalize", {"columns": ["a"]})
SELECT = ("transform.select_columns", {"columns": ["a", "b", "y"]})
SQL = ("transform.sql", {"query": "select * from t1"})
SCRIPT = "script.python"


def graph(nodes, *edges):
    ends = {"data": DATA, "learner": LEARNER, "validate": ("training.cross_validate", {"label": "y"})}
    return draw({**ends, **nodes}, "learner.model validate.untrained", *edges)


def chain(*steps):
    """The steps one after the other between the data and the validation."""
    nodes = {f"s{at}": step for at, step in enumerate(steps)}
    names = ["data", *nodes, "validate"]
    inside = {name: catalogue().modules[(step if isinstance(step, str) else step[0])] for name, step in nodes.items()}

    def into(name):
        return inside[name].inputs[0].name if name in inside else "table"

    def out(name):
        return next(port.name for port in inside[name].outputs if port.kind == "table") if name in inside else "table"

    return graph(nodes, *(f"{one}.{out(one)} {other}.{into(other)}" for one, other in pairwise(names)))


def path(drawn):
    return Paths(drawn, catalogue()).before("validate", "table")


def told(drawn):
    """The path as its start, how each node on it is refitted, and why others are not."""
    found = path(drawn)
    return str(found.start), {each.node: each.how for each in found.nodes}, found.once


def test_it_starts_before_the_first_node_that_learns():
    assert told(chain(SELECT, SCALE, SELECT)) == ("s0.table", {"s1": "fit", "s2": "each"}, {})
    assert told(chain(SELECT, SELECT)) == ("s1.table", {}, {})


@pytest.mark.parametrize(
    ("step", "how"),
    [
        (SCALE, "fit"),
        (("transform.clean_missing", {"columns": ["a"], "mode": "mean"}), "fit"),
        (("transform.count_features", {"columns": ["city"], "label": "y"}), "fit"),
        (("transform.group_into_bins", {"columns": ["a"], "by": "mdl", "label": "y"}), "fit"),
        (("selection.filter_based", {"label": "y"}), "fit"),
        (("selection.pca", {"columns": ["a", "b"]}), "fit"),
        (("transform.smote", {"label": "y"}), "training"),
        (("transform.partition_and_sample", {"mode": "rate", "rate": 1.0, "replace": True}), "training"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_what_learns_is_refitted(step, how):
    assert told(chain(step)) == ("data.table", {"s0": how}, {})


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (("transform.window", {"columns": ["a"]}), "Window and Lag, which follows, needs all rows together"),
        (("transform.partition_and_sample", {"mode": "folds"}), "Partition and Sample, which follows, needs all rows together"),
        (SQL, "Apply SQL, which follows, needs all rows together"),
        (SCRIPT, "Execute Python Script, which follows, runs code of its own"),
        ("transform.split_data", "Split Data, which follows, draws rows at random for each of its outputs"),
    ],
    ids=["window", "folds", "sql", "script", "split"],
)
def test_what_is_before_something_that_needs_all_rows_is_executed_once_with_the_reason(step, reason):
    drawn = chain(SCALE, step, SCALE)
    start, how, once = told(drawn)
    assert start.startswith("s1.") and how == {"s2": "fit"}
    assert once["s0"] == reason
    columns = Columns(drawn, catalogue(), lambda name, version: None)
    (problem,) = [problem for problem in leaks(drawn, catalogue(), columns.known) if problem.code == "fitted_before_folds"]
    assert (problem.node, problem.severity) == ("s0", "warning") and once["s0"] in problem.words and "Cross Validate Model" in problem.words


def test_what_is_refitted_is_no_leak_and_a_script_is_named():
    drawn = chain(SCRIPT, SCALE)
    assert leaks(drawn, catalogue(), Columns(drawn, catalogue(), lambda name, version: None).known) == []
    start, how, once = told(drawn)
    assert start.startswith("s0.") and (how, once) == ({"s1": "fit"}, {"s0": "what its code learns from rows is not known"})


def test_what_learns_and_gives_nothing_to_apply_says_so_itself():
    step = ("text.extract_key_phrases", {"column": "city", "scope": "all"})
    assert told(chain(step))[2] == {"s0": "it gives nothing that could be applied to other rows"}


def test_figures_of_groups_that_are_joined_to_the_rows_are_computed_of_the_training_rows():
    nodes = {
        "means": ("transform.group_by", {"keys": ["city"]}),
        "join": ("transform.join", {"left_keys": ["city"], "right_keys": ["city"]}),
    }
    wires = ("data.table means.table", "data.table join.left", "means.table join.right", "join.table validate.table")
    assert told(graph(nodes, *wires)) == ("data.table", {"means": "learned", "join": "each"}, {})


def test_a_table_from_elsewhere_is_looked_up_in_and_one_whose_rows_are_added_is_not_refitted():
    nodes = {"other": OTHER, "scale": SCALE, "join": ("transform.join", {"left_keys": ["city"], "right_keys": ["city"]})}
    wires = ("data.table scale.table", "scale.table join.left", "other.table join.right", "join.table validate.table")
    assert told(graph(nodes, *wires)) == ("data.table", {"scale": "fit", "join": "each"}, {})
    nodes["join"] = "transform.add_rows"
    wires = ("data.table scale.table", "scale.table join.tables", "other.table join.tables", "join.table validate.table")
    assert told(graph(nodes, *wires))[1:] == ({}, {"scale": "Add Rows, which follows, puts them together with other rows"})


def test_a_transformation_of_other_rows_is_no_leak_and_one_of_the_same_rows_is_refitted():
    nodes = {"other": OTHER, "scale": SCALE, "apply": "transform.apply_transformation"}
    wires = ("scale.transform apply.transform", "data.table apply.table", "apply.table validate.table")
    assert told(graph(nodes, "other.table scale.table", *wires)) == ("apply.table", {}, {})
    assert told(graph(nodes, "data.table scale.table", *wires)) == ("data.table", {"scale": "fit", "apply": "each"}, {})


def test_a_node_that_is_executed_elsewhere_is_not_refitted():
    sandboxed = ("transform.normalize", {"columns": ["a"]}, {"target": "sandbox"})
    assert told(chain(sandboxed))[2] == {"s0": "it is executed in another environment"}
    assert told(replace(chain(SCALE), execution={"target": "sandbox"}))[1] == {"s0": "fit"}


def test_two_ways_from_one_table_are_on_the_path_together():
    nodes = {"scale": SCALE, "rest": SELECT, "both": "transform.add_columns"}
    wires = ("data.table scale.table", "data.table rest.table", "scale.table both.tables", "rest.table both.tables")
    assert told(graph(nodes, *wires, "both.table validate.table"))[:2] == ("data.table", {"scale": "fit", "rest": "each", "both": "each"})


def test_a_long_way_is_looked_at_in_part():
    assert path(chain(SCALE, *[SELECT] * (MOST_NODES + 1))).nodes == ()


def test_nothing_arrives():
    assert path(graph({})) is None
    assert path(graph({}, "data.table validate.table")).start == Endpoint("data", "table")
