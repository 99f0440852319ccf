"""Leaks are told before anything runs, at the node that causes them, with the remedy; what is no leak is not told."""

from itertools import pairwise

import pytest

from designer.documents.samples import samples
from pipelines.catalogue.discover import catalogue
from pipelines.graph import codec
from pipelines.validation import find_problems
from pipelines.validation.columns import Columns
from pipelines.validation.leakage import leaks
from tests.support.graph_builder import draw
from tests.support.module_runner import dataset, sample

ROWS = "\n".join(f"{at % 5},{at % 7},{'xyz'[at % 3]},{at % 2}" for at in range(40))
DATA = ("data.enter_data", {"text": f"a,b,city,y\n{ROWS}"})
SPLIT = ("transform.split_data", {"fraction": 0.7})
LEARNER = "classification.two_class_logistic_regression"
TRAIN = ("training.train_model", {"label": "y"})
NUMBERS = {"columns": ["a", "b"]}
NORMALIZE = ("transform.normalize", NUMBERS)
# A model that is trained and tested; where its rows come from is the test's.
ENDS = {"learner": LEARNER, "train": TRAIN, "score": "scoring.score_model", "judge": "evaluation.evaluate_model"}
WIRES = ("learner.model train.untrained", "train.model score.model", "score.table judge.scored")
AFTER_SPLIT = ("split.first train.table", "split.second score.table")


def told(nodes, *edges, label="y"):
    graph = draw({**ENDS, **nodes, "train": ("training.train_model", {"label": label})}, *WIRES, *edges)
    assert [problem for problem in find_problems(graph, catalogue()) if problem.severity == "error"] == []
    columns = Columns(graph, catalogue(), lambda name, version: dataset(name))
    assert columns.problems == []
    return leaks(graph, catalogue(), columns.known)


def places(problems):
    return [(problem.code, problem.node, problem.column) for problem in problems]


def before_split(*steps):
    """Steps one after the other between the data and the split, each by module and settings."""
    nodes = {"data": DATA, **{f"s{at}": step for at, step in enumerate(steps)}, "split": SPLIT}
    names = list(nodes)
    wires = [f"{one}.table {other}.table" for one, other in pairwise(names)]
    return nodes, *wires, *AFTER_SPLIT


FITTED = [
    NORMALIZE,
    ("transform.clean_missing", {**NUMBERS, "mode": "mean"}),
    ("transform.clip_values", NUMBERS),
    ("transform.group_into_bins", NUMBERS),
    ("transform.group_rare_categories", {"columns": ["city"]}),
    ("transform.count_features", {"columns": ["city"], "label": "y"}),
    ("transform.smote", {"label": "y"}),
    ("transform.partition_and_sample", {"mode": "rate", "rate": 1.0, "replace": True}),
    ("selection.filter_based", {"label": "y"}),
    ("selection.pca", NUMBERS),
]
STATELESS = [
    ("transform.normalize", {**NUMBERS, "method": "tanh"}),
    ("transform.clean_missing", {"mode": "drop_rows"}),
    ("transform.clean_missing", {"mode": "value"}),
    ("transform.clip_values", {**NUMBERS, "by": "constant"}),
    ("transform.group_into_bins", {**NUMBERS, "by": "edges", "edges": "1, 2"}),
    ("transform.convert_to_indicator", {"columns": ["city"]}),
    ("transform.apply_math", {**NUMBERS, "function": "abs"}),
    ("transform.derive_column", {"name": "c", "formula": "a * b"}),
    ("transform.edit_metadata", {"columns": ["a", "y"], "new_names": "c, y"}),
    ("transform.filter_rows", {"formula": "a > 0", "condition": "formula"}),
    ("transform.partition_and_sample", {"mode": "rate", "rate": 0.5}),
    ("transform.remove_duplicate_rows", {}),
    ("transform.replace_values", {"columns": ["city"], "pairs": "x => z"}),
    ("transform.select_columns", {"columns": ["a", "y"]}),
    ("transform.sort_rows", {"columns": ["a"]}),
    ("transform.text_operations", {"columns": ["city"]}),
    ("transform.window", {"columns": ["y"]}),
    ("transform.group_by", {"keys": ["a", "b", "y"], "count": True}),
    ("transform.sql", {"query": "select * from t1"}),
]


@pytest.mark.parametrize("step", FITTED, ids=lambda step: step[0])
def test_what_is_fitted_before_the_split_is_told_at_its_node(step):
    nodes, *edges = before_split(step)
    (problem,) = told(nodes, *edges)
    assert (problem.code, problem.node, problem.port, problem.severity) == ("fitted_on_test_rows", "s0", "table", "warning")
    assert "Score Model tests the model on" in problem.words and "after the split, to the training rows only" in problem.remedy
    fitted = catalogue().modules[step[0]]
    assert ("Apply Transformation" in problem.remedy) is ("transform" in {port.name for port in fitted.outputs})
    assert ("and the label in them" in problem.words) is (fitted.lineage.label is not None)


@pytest.mark.parametrize("step", STATELESS, ids=lambda step: step[0])
def test_what_looks_at_one_row_at_a_time_is_not_told(step):
    wires = [
        wire.replace("s0.table", "s0.t1") if step[0] == "transform.sql" and wire.endswith("s0.table") else wire
        for wire in before_split(step)[1:]
    ]
    assert told(before_split(step)[0], *wires) == []


def test_what_is_fitted_on_the_training_rows_and_applied_to_the_test_rows_is_not_told():
    nodes = {"data": DATA, "split": SPLIT, "fit": NORMALIZE, "again": "transform.apply_transformation"}
    right = ("data.table split.table", "split.first fit.table", "fit.transform again.transform", "split.second again.table")
    assert told(nodes, *right, "fit.table train.table", "again.table score.table") == []
    all_rows = ("data.table split.table", "data.table fit.table", "fit.transform again.transform", "split.second again.table")
    assert places(told(nodes, *all_rows, "split.first train.table", "again.table score.table")) == [("fitted_on_test_rows", "fit", None)]


def test_what_is_fitted_on_the_test_rows_themselves_is_told():
    nodes = {"data": DATA, "split": SPLIT, "fit": NORMALIZE, "again": NORMALIZE}
    (problem,) = told(
        nodes,
        "data.table split.table",
        "split.first fit.table",
        "split.second again.table",
        "fit.table train.table",
        "again.table score.table",
    )
    assert (problem.code, problem.node) == ("fitted_on_test_rows", "again") and "not on the training rows" in problem.words
    assert problem.remedy == "Use Apply Transformation with what was fitted on the training rows."


def test_figures_of_all_rows_that_are_joined_to_each_row_are_told_and_those_of_other_rows_are_not():
    join = ("transform.join", {"left_keys": ["city"], "right_keys": ["city"]})
    nodes = {"data": DATA, "means": ("transform.group_by", {"keys": ["city"], "columns": ["y"]}), "join": join, "split": SPLIT}
    wires = ("means.table join.right", "join.table split.table", *AFTER_SPLIT)
    found = told(nodes, "data.table means.table", "data.table join.left", *wires)
    assert places(found) == [("fitted_on_test_rows", "means", None)]
    other = ("data.enter_data", {"text": "city,y\nx,1\ny,2"})
    assert told({**nodes, "other": other}, "other.table means.table", "data.table join.left", *wires) == []


TRAINED_ON = {
    "the same table": ({"data": DATA}, "data.table train.table", "data.table score.table"),
    "an equal source": ({"data": DATA, "again": DATA}, "data.table train.table", "again.table score.table"),
    "all rows and one side": ({"data": DATA, "split": SPLIT}, "data.table split.table", "data.table train.table", "split.second score.table"),
    "one side and all rows": ({"data": DATA, "split": SPLIT}, "data.table split.table", "split.first train.table", "data.table score.table"),
    "sides of two splits": (
        {"data": DATA, "split": SPLIT, "other": ("transform.split_data", {"seed": 7})},
        "data.table split.table", "data.table other.table", "split.first train.table", "other.second score.table",
    ),
    "two ways to prepare them": (
        {"data": DATA, "fit": NORMALIZE, "again": "transform.apply_transformation"},
        "data.table fit.table", "fit.transform again.transform", "data.table again.table", "fit.table train.table", "again.table score.table",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TRAINED_ON)
def test_test_rows_that_were_trained_on_are_told_at_the_score(case):
    (problem,) = told(*TRAINED_ON[case])
    assert (problem.code, problem.node, problem.port, problem.severity) == ("tested_on_training_rows", "score", "table", "warning")
    assert "Split Data" in problem.remedy


NOT_TRAINED_ON = {
    "the sides of a split": ({"data": DATA, "split": SPLIT}, "data.table split.table", *AFTER_SPLIT),
    "of two equal splits": (
        {"data": DATA, "split": SPLIT, "other": SPLIT},
        "data.table split.table", "data.table other.table", "split.first train.table", "other.second score.table",
    ),
    "of a split of a split": (
        {"data": DATA, "split": SPLIT, "rest": ("transform.split_data", {"seed": 3})},
        "data.table split.table", "split.second rest.table", "split.first train.table", "rest.second score.table",
    ),
    "the rows of two conditions": (
        {
            "data": DATA,
            "some": ("transform.filter_rows", {"condition": "formula", "formula": "a < 3"}),
            "rest": ("transform.filter_rows", {"condition": "formula", "formula": "a >= 3"}),
        },
        "data.table some.table", "data.table rest.table", "some.table train.table", "rest.table score.table",
    ),
    "the sides of a split by a condition": (
        {"data": DATA, "split": ("transform.split_data", {"by": "condition", "condition": "a < 3"})}, "data.table split.table", *AFTER_SPLIT,
    ),
    "other data": ({"data": DATA, "new": ("data.enter_data", {"text": "a,b,city,y\n1,1,x,1"})}, "data.table train.table", "new.table score.table"),
    "a fold and the others": (
        {
            "data": DATA,
            "folds": ("transform.partition_and_sample", {"mode": "folds"}),
            "one": ("transform.partition_and_sample", {"mode": "pick"}),
            "rest": ("transform.partition_and_sample", {"mode": "pick", "complement": True}),
        },
        "data.table folds.table", "folds.table one.table", "folds.table rest.table", "rest.table train.table", "one.table score.table",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NOT_TRAINED_ON)
def test_rows_that_the_model_has_not_seen_are_not_told(case):
    assert told(*NOT_TRAINED_ON[case]) == []


TWIN = ("transform.join", {"left_keys": ["a", "b", "city"], "right_keys": ["a", "b", "city"]})
COPIES = {
    "a formula": ([("transform.derive_column", {"name": "hint", "formula": "y * 2 + a"})], "hint"),
    "a function": ([("transform.apply_math", {"columns": ["a", "y"], "function": "exp"})], "y_exp"),
    "a duplicate": ([("transform.select_columns", {"columns": [{"include": {"names": ["a", "y", "y"]}}], "own_order": True})], "y_2"),
    "a new name of a copy": (
        [("transform.derive_column", {"name": "c", "formula": "y"}), ("transform.edit_metadata", {"columns": ["a", "c"], "new_names": "c, d"})],
        "d",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", COPIES)
def test_a_copy_of_the_label_among_the_features_is_told_at_the_training(case):
    steps, column = COPIES[case]
    (problem,) = told(*before_split(*steps))
    assert (problem.code, problem.node, problem.port, problem.column, problem.severity) == (
        "label_in_features",
        "train",
        "table",
        column,
        "warning",
    )
    assert f"“{column}” is computed from the label “y”" in problem.words and "Select Columns" in problem.remedy


def test_the_label_of_a_second_table_is_told_and_the_column_it_is_computed_from_too():
    nodes = {"data": DATA, "again": DATA, "join": TWIN, "split": SPLIT}
    wires = ("data.table join.left", "again.table join.right", "join.table split.table", *AFTER_SPLIT)
    assert places(told(nodes, *wires)) == [("label_in_features", "train", "y_right")]
    nodes = {"data": DATA, "again": DATA, "side": ("transform.add_columns", {}), "split": SPLIT}
    wires = ("data.table side.tables", "again.table side.tables", "side.table split.table", *AFTER_SPLIT)
    assert places(told(nodes, *wires)) == [("label_in_features", "train", "y_2")]
    derived, *more = before_split(("transform.derive_column", {"name": "high", "formula": "a > 3"}))
    assert places(told(derived, *more, label="high")) == [("label_in_features", "train", "a")]


def test_a_copy_without_the_role_feature_is_not_told():
    ignored = ("transform.edit_metadata", {"columns": ["hint"], "role": "ignored"})
    assert told(*before_split(("transform.derive_column", {"name": "hint", "formula": "y"}), ignored)) == []


@pytest.mark.parametrize(("kind", "codes"), [("ratings", ["tested_on_training_rows"]), ("items", [])])
def test_ratings_of_the_pairs_that_a_recommender_learned_from_are_told_and_lists_are_not(kind, codes):
    graph = draw(
        {
            "data": ("data.enter_data", {"text": "who,make,stars\nAda,audi,3"}),
            "train": ("recommendation.train_svd_recommender", {"user": "who", "item": "make", "rating": "stars"}),
            "score": ("recommendation.score_svd_recommender", {"kind": kind}),
        },
        "data.table train.table",
        "train.recommender score.recommender",
        "data.table score.table",
    )
    assert [problem.code for problem in leaks(graph, catalogue(), {})] == codes


def test_a_pipeline_that_is_not_finished_is_looked_at_too():
    assert told({"data": DATA}, "data.table train.table") == []
    assert places(told({"data": DATA, "fit": NORMALIZE}, "data.table fit.table", "fit.table train.table")) == []


@pytest.mark.parametrize("slug", samples())
def test_a_sample_has_no_leaks(slug):
    graph = codec.load(sample(slug))
    columns = Columns(graph, catalogue(), lambda name, version: dataset(name))
    assert leaks(graph, catalogue(), columns.known) == []


def test_every_module_that_returns_what_it_fitted_says_which_rows_it_returns():
    """Without a declaration it would be told whatever its settings are."""
    for module in catalogue().modules.values():
        if module.inputs and any(port.kind == "transform" for port in module.outputs) and not module.id.startswith("trial."):
            declared = module.lineage.rows is not None or module.lineage.fits is not None
            assert declared, f"{module.id} needs lineage=Lineage(rows=…, fits=…), see pipelines/catalogue/lineage.py"
