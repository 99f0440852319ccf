"""A fan-out without an engine is a map; with one, the engine decides where its items are computed."""

from __future__ import annotations

import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import Item, Value, compute, fan_out, run_by


def items(*keys):
    return [Item(key) for key in keys]


def double(item):
    if item.key == "bad":
        raise ModuleError("bad_item", "It is bad.", remedy="Leave it out.")
    if item.key == "stray":
        raise ZeroDivisionError("stray")
    return Value(item.key * 2, item.key.encode())


def test_without_an_engine_the_items_are_computed_here_in_order():
    results = fan_out(items("b", "a"), double)
    assert [(result.key, result.figures, result.blob()) for result in results] == [("b", "bb", b"b"), ("a", "aa", b"a")]


def test_no_items_give_no_results():
    assert list(fan_out([], double)) == []


@pytest.mark.parametrize(
    ("keys", "said"),
    [(("a", "a"), "used twice"), (("",), "empty"), (("x" * 201,), "longer"), (("a\0",), "null character")],
    ids=["twice", "empty", "long", "null"],
)
def test_a_key_that_names_no_item_is_refused(keys, said):
    with pytest.raises(ModuleError, match=said) as wrong:
        fan_out(items(*keys), double, noun="folds")
    assert wrong.value.code == "unusable_item_key" and wrong.value.remedy


def test_more_failures_than_may_be_fail_the_step_and_name_the_first():
    with pytest.raises(ModuleError) as wrong:
        fan_out(items("a", "bad", "stray"), double, noun="folds", may_fail=1)
    assert wrong.value.code == "too_many_failed_items"
    assert wrong.value.words == "2 of 3 folds failed. The first, bad: It is bad." and wrong.value.remedy == "Leave it out."


def test_failures_that_may_be_are_results():
    good, bad, stray = fan_out(items("a", "bad", "stray"), double, may_fail=None)
    assert good.failure is None
    assert (bad.failure.code, bad.figures, bad.blob()) == ("bad_item", None, b"")
    assert stray.failure.code == "unexpected_error" and "ZeroDivisionError" in stray.failure.words


def test_a_stray_exception_keeps_its_traceback_for_the_log():
    assert "ZeroDivisionError" in compute(Item("stray"), double).trace
    assert compute(Item("bad"), double).trace == ""


def test_an_item_without_memory_fails_alone():
    def greedy(item):
        raise MemoryError

    assert compute(Item("a"), greedy).failure.code == "out_of_memory"


def test_figures_that_cannot_be_stored_are_a_failure_of_the_item():
    assert compute(Item("a"), lambda item: Value(object())).failure.code == "unexpected_error"
    assert compute(Item("a"), lambda item: Value({"share": float("nan")})).failure is None


def test_a_runner_gets_the_items_in_order_by_key():
    class Recorder:
        def run(self, fan):
            self.fan = fan
            return []

    recorder = Recorder()
    with run_by(recorder):
        assert fan_out(items("b", "a"), double, noun="folds", may_fail=None) == []
    assert list(recorder.fan.items) == ["b", "a"] and (recorder.fan.noun, recorder.fan.may_fail) == ("folds", None)
