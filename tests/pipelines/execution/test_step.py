"""One step: values in, records and values out, or a problem with a place."""

import errno
from dataclasses import replace
from unittest.mock import Mock

import polars as pl
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.module import module
from pipelines.catalogue.ports import Frame, Table
from pipelines.catalogue.shelf import Shelf
from pipelines.catalogue.signature import read
from pipelines.compilation import Step
from pipelines.execution.codecs import load
from pipelines.execution.step import Stopped, execute_step
from pipelines.execution.store import LocalStore

TABLE = Table(pl.DataFrame({"a": [1, 2]}))


def do(id, settings, tmp_path, datasets=None, listener=None):
    one = catalogue().modules[id] if isinstance(id, str) else read(module("Odd")(id), "o.odd", Shelf("O", 1, 2, "o"))
    step = Step("n0", one.id, {**{p.name: p.default for p in one.params if p.name not in (datasets or {})}, **settings}, {})
    inputs = {port.name: [TABLE] for port in one.inputs}
    return execute_step(step, one, inputs, datasets or {}, LocalStore(tmp_path), listener or Mock())


def test_outputs_are_kept_and_given(tmp_path):
    outcome = do("trial.pass_on", {}, tmp_path)
    assert outcome.problem is None
    assert LocalStore(tmp_path).has(outcome.outputs["table"].digest)
    assert outcome.values["table"].frame.equals(TABLE.frame)


def test_a_value_in_memory_has_the_chunks_of_its_file(tmp_path):
    """Otherwise a sum of its column, and so a later result, would depend on where the value comes from."""

    def odd(table: Frame) -> Frame:
        return pl.concat([table, table], rechunk=False)

    outcome = do(odd, {}, tmp_path)
    (value,) = outcome.values.values()
    (output,) = outcome.outputs.values()
    assert value.frame.n_chunks() == load(output, LocalStore(tmp_path)).frame.n_chunks() == 1
    assert value.kept == output


def test_a_data_set_comes_as_its_table(tmp_path):
    outcome = do("data.dataset", {"version": None}, tmp_path, {"dataset": TABLE})
    assert outcome.outputs["table"].rows == 2


def test_a_refusal_becomes_a_problem_at_the_node(tmp_path):
    problem = do("trial.fail", {}, tmp_path).problem
    assert (problem.code, problem.node, problem.port, problem.remedy) == ("told_to_fail", "n0", "table", "Choose another module.")


def test_a_worker_without_the_extra_of_a_module_says_so(tmp_path):
    lacking = replace(catalogue().modules["trial.pass_on"], extra="moonshine", libraries=("no-such-library",))
    problem = execute_step(Step("n0", lacking.id, {}, {}), lacking, {"table": [TABLE]}, {}, LocalStore(tmp_path), Mock()).problem
    assert (problem.code, problem.node, problem.remedy) == ("extra_missing", "n0", "Install it with make run EXTRAS=moonshine.")
    assert "“moonshine”" in problem.words


def test_a_stray_exception_becomes_a_problem_with_a_trace(tmp_path):
    outcome = do("trial.fail", {"how": "stray"}, tmp_path)
    assert outcome.problem.code == "unexpected_error"
    assert outcome.problem.words == "Fail stopped with an unexpected error: ZeroDivisionError: stray"
    assert 'raise ZeroDivisionError("stray")' in outcome.trace


@pytest.mark.parametrize("stray", [OSError(errno.ENOSPC, "No space left on device"), OSError("No space left on device (os error 28)")])
def test_a_full_disk_is_told_as_such_may_pass_and_nothing_is_left_on_it(tmp_path, monkeypatch, stray):
    monkeypatch.setattr(LocalStore, "keep", Mock(side_effect=stray))
    outcome = do("trial.pass_on", {}, tmp_path)
    assert (outcome.problem.code, outcome.transient) == ("disk_full", True)
    assert not list((tmp_path / "scratch").iterdir())


@pytest.mark.parametrize("stray", [pl.exceptions.PanicException("panicked"), SystemExit(1)], ids=["panic", "exit"])
def test_what_is_no_exception_is_a_problem_too(tmp_path, stray):
    def odd(table: Frame) -> Frame:
        raise stray

    assert do(odd, {}, tmp_path).problem.code == "unexpected_error"


def test_want_of_memory_is_told_as_such(tmp_path):
    def hungry(table: Frame) -> Frame:
        raise MemoryError

    assert do(hungry, {}, tmp_path).problem.code == "out_of_memory"


def test_being_stopped_is_no_problem_of_the_step(tmp_path):
    def stopped(table: Frame) -> Frame:
        raise Stopped

    with pytest.raises(Stopped):
        do(stopped, {}, tmp_path)


def test_what_the_step_says_reaches_the_listener(tmp_path):
    listener = Mock()
    do("trial.wait", {"seconds": 0.01}, tmp_path, listener=listener)
    listener.log.assert_called_once_with("waiting for 0.01 s", "info")
    listener.progress.assert_called_once_with(1, 1, "waiting")


def test_a_step_that_fails_while_saving_is_a_problem_too(tmp_path):
    def odd(table: Frame) -> Frame:
        return pl.DataFrame({"a": [object()]}, schema={"a": pl.Object})

    assert do(odd, {}, tmp_path).problem.code == "unexpected_error"
