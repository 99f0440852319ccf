"""The cache key depends on what makes the result, and on nothing else."""

from dataclasses import replace

import msgspec
import polars as pl
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.compilation import Step
from pipelines.execution.fingerprint import Difference, differences, in_words, ingredients, key_of
from pipelines.execution.output import Output, describe
from pipelines.graph.model import Endpoint
from pipelines.graph.run_options import RunOptions

MODULE = catalogue().modules["trial.pass_on"]
FRAME = pl.DataFrame({"a": [1]})
STEP = Step(
    "n0",
    MODULE.id,
    {"mark": 1, "word": "x"},
    {"table": (Endpoint("source", "table"),)},
    {"cars": {"kind": "table", "digest": "c", "bytes": 1}},
)
INPUTS = {"table": [Output("table", "d", 1, 1, describe(Table(FRAME)))]}


def made_of(step=STEP, module=MODULE, inputs=INPUTS):
    return ingredients(step, module, inputs)


SAME = [
    made_of(replace(STEP, node="another", sources={})),
    made_of(replace(STEP, settings={"word": "x", "mark": 1})),
    made_of(inputs={"table": [msgspec.structs.replace(INPUTS["table"][0], bytes=9, rows=9, report="r")]}),
]
OTHER = {
    "The module itself changed.": made_of(module=catalogue().modules["trial.wait"]),
    "The library polars changed from 2.1.0 to 9.9.": made_of() | {"libraries": {"polars": "9.9"}},
    "Setting changed: mark.": made_of(replace(STEP, settings={"mark": 2, "word": "x"})),
    "Setting changed: mark, word.": made_of(replace(STEP, settings={"mark": 2, "word": "y"})),
    "The dataset changed.": made_of(replace(STEP, datasets={"cars": {"kind": "table", "digest": "e", "bytes": 1}})),
    "New data at table.": made_of(inputs={"table": [msgspec.structs.replace(INPUTS["table"][0], digest="e")]}),
    "New data at other, table.": made_of(inputs={"other": INPUTS["table"]}),
}
RELABELLED = made_of(
    inputs={"table": [msgspec.structs.replace(INPUTS["table"][0], columns=describe(Table(FRAME, {"a": ColumnRole("label")})))]}
)


@pytest.mark.parametrize("same", SAME)
def test_node_order_and_size_do_not_matter(same):
    assert key_of(same) == key_of(made_of())


def test_everything_that_makes_the_result_matters():
    keys = {key_of(other) for other in (*OTHER.values(), RELABELLED, made_of())}
    assert len(keys) == len(OTHER) + 2


@pytest.mark.parametrize("words", OTHER)
def test_a_miss_says_what_changed(words):
    before = made_of() | {"libraries": {"polars": "2.1.0"}}
    now = {
        "libraries": {"polars": "2.1.0"},
        **{name: part for name, part in OTHER[words].items() if name != "libraries" or "library" in words},
    }
    assert in_words(differences(now, before)) == words


def test_a_change_is_told_with_both_values():
    assert differences(made_of(replace(STEP, settings={"mark": 2, "word": "x"})), made_of()) == [Difference("setting", "mark", 1, 2)]
    assert differences(made_of(), made_of(replace(STEP, settings={"mark": 1}))) == [Difference("setting", "word", None, "x")]


def test_a_result_that_an_older_easel_described_differs_in_its_module():
    old = {"module": ["trial.pass_on", "abc"], "settings": {}, "datasets": {}, "inputs": {}}
    assert {change.kind for change in differences(made_of(), old)} == {"module", "library", "setting", "dataset", "input"}


def test_the_order_of_several_inputs_matters():
    one, two = INPUTS["table"][0], msgspec.structs.replace(INPUTS["table"][0], digest="e")
    assert key_of(made_of(inputs={"table": [one, two]})) != key_of(made_of(inputs={"table": [two, one]}))


def test_nothing_changed_means_that_the_kept_result_is_gone():
    assert in_words(differences(made_of(), made_of())) == "Its earlier result is missing or damaged."


def test_the_packages_of_a_containers_environment_matter_and_where_it_is_carried_out_does_not():
    def key(**execution):
        return key_of(made_of(replace(STEP, execution=RunOptions(**execution))))

    assert key(target="docker", image="plain") == key(target="sandbox") == key(memory_mb=64) == key()
    assert len({key(), *(key(target="docker", environment="geo", image=image) for image in ("one", "other"))}) == 3
