"""What comes of an item: its value, or its failure."""

from __future__ import annotations

import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.items import Item, Value, compute


def raises(wrong):
    def each(item):
        raise wrong

    return each


def test_a_stray_exception_keeps_its_traceback_for_the_log():
    assert "ZeroDivisionError" in compute(Item("a"), raises(ZeroDivisionError())).trace
    assert compute(Item("a"), raises(ModuleError("bad_item", "It is bad."))).trace == ""


@pytest.mark.parametrize(
    ("wrong", "code"),
    [(ModuleError("bad_item", "It is bad."), "bad_item"), (ZeroDivisionError(), "unexpected_error"), (MemoryError(), "out_of_memory")],
    ids=["module error", "stray", "memory"],
)
def test_an_exception_is_the_failure_of_its_item(wrong, code):
    assert compute(Item("a"), raises(wrong)).failure.code == code


def test_figures_that_cannot_be_stored_are_a_failure_of_the_item():
    assert compute(Item("a"), lambda item: Value(object())).failure.code == "unexpected_error"
    assert compute(Item("a"), lambda item: Value({"share": float("nan")})).failure is None
