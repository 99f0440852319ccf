"""The cache key depends on what makes the result, and on nothing else."""

from dataclasses import replace

import polars as pl
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import ColumnRole, Kind, Table
from pipelines.compilation import Step
from pipelines.execution.fingerprint import difference, ingredients, key_of
from pipelines.execution.output import Output, describe
from pipelines.graph.model import Endpoint

MODULE = catalogue().modules["trial.pass_on"]
FRAME = pl.DataFrame({"a": [1]})
STEP = Step(
    "n0",
    MODULE.id,
    {"mark": 1, "word": "x"},
    {"table": (Endpoint("source", "table"),)},
    {"cars": {"kind": "table", "digest": "c", "bytes": 1}},
)
INPUTS = {"table": [Output(Kind.TABLE, "d", 1, 1, describe(Table(FRAME)))]}


def made_of(step=STEP, module=MODULE, inputs=INPUTS):
    return ingredients(step, module, inputs)


SAME = [
    made_of(replace(STEP, node="another", sources={})),
    made_of(replace(STEP, settings={"word": "x", "mark": 1})),
    made_of(inputs={"table": [replace(INPUTS["table"][0], bytes=9, rows=9, report="r")]}),
]
OTHER = {
    "The module or a library it uses changed.": made_of(module=catalogue().modules["trial.wait"]),
    "Setting changed: mark.": made_of(replace(STEP, settings={"mark": 2, "word": "x"})),
    "Setting changed: mark, word.": made_of(replace(STEP, settings={"mark": 2, "word": "y"})),
    "The dataset changed.": made_of(replace(STEP, datasets={"cars": {"kind": "table", "digest": "e", "bytes": 1}})),
    "New data at table.": made_of(inputs={"table": [replace(INPUTS["table"][0], digest="e")]}),
    "An input was removed.": made_of(inputs={}),
}
RELABELLED = made_of(inputs={"table": [replace(INPUTS["table"][0], columns=describe(Table(FRAME, {"a": ColumnRole("label")})))]})


@pytest.mark.parametrize("same", SAME)
def test_node_order_and_size_do_not_matter(same):
    assert key_of(same) == key_of(made_of())


def test_everything_that_makes_the_result_matters():
    keys = {key_of(other) for other in (*OTHER.values(), RELABELLED, made_of())}
    assert len(keys) == len(OTHER) + 2


@pytest.mark.parametrize("words", OTHER)
def test_a_miss_says_what_changed(words):
    assert difference(OTHER[words], made_of()) == words


def test_the_order_of_several_inputs_matters():
    one, two = INPUTS["table"][0], replace(INPUTS["table"][0], digest="e")
    assert key_of(made_of(inputs={"table": [one, two]})) != key_of(made_of(inputs={"table": [two, one]}))


def test_nothing_changed_means_that_the_kept_result_is_gone():
    assert difference(made_of(), made_of()) == "Its earlier result is gone or damaged."
