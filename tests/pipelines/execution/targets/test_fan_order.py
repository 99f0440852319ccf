"""An order says which part of a step's fan-outs is executed elsewhere."""

from __future__ import annotations

from unittest.mock import Mock

import polars as pl
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import Table
from pipelines.compilation import Step
from pipelines.execution.store import LocalStore
from pipelines.execution.targets.fan_order import FanOrder, Known, ask, execute_order, replayed


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path)


def fan_of(order, store, module="trial.spread", **settings):
    found = catalogue().modules[module]
    step = Step("many", module, {param.name: param.default for param in found.params} | settings, {})
    return replayed(order, step, found, {"table": [Table(pl.DataFrame({"a": [1]}))]}, {}, store, Mock())


def test_without_items_the_module_goes_on_to_its_next_fan_out_or_its_end(store):
    first = fan_of(FanOrder(), store, to=2, waves=2).fan
    assert list(first.items) == ["n0", "n1"] and FanOrder().goes_on
    ends = execute_order(FanOrder(items=dict.fromkeys(first.items)), first, store, Mock(), Mock())
    known = [Known(end.key, end.figures, None, end.seconds, end.blob) for end in ends]
    order = FanOrder([known])
    assert order.digests() == [ends[0].blob.digest] and fan_of(order, store, to=2, waves=2).fan.items["n0"].payload == (0, 1)
    assert fan_of(order, store, to=2).values["table"].frame["blob"].to_list() == ["0", "1"]


def test_a_strategy_is_asked_for_several_items_as_if_those_before_were_executed(store):
    fan = fan_of(FanOrder(), store, "trial.seek", trials=5, wave=3).fan
    assert [item.key for item in ask(FanOrder(trials=[], want=9), fan, store)] == ["t0", "t1", "t2"]
    assert [item.key for item in ask(FanOrder(trials=[], want=2), fan, store)] == ["t0", "t1"]
    trials = [Known(f"t{number}", {"sum": 1}, asked=[number, 0, 0.0]) for number in range(2)]
    running = Known("t2", asked=[2, 0, 0.0], is_over=False)
    assert ask(FanOrder(trials=[*trials, running], want=9), fan, store) == []
    over = Known("t2", {"sum": 1}, asked=[2, 0, 0.0])
    assert [item.content[1] for item in ask(FanOrder(trials=[*trials, over], want=9), fan, store)] == [3, 3]
    assert ask(FanOrder(trials=[], want=9, seconds_left=-1.0), fan, store) == []


def test_what_a_module_says_before_its_items_is_new_once():
    assert [FanOrder().goes_on, FanOrder(items={}).goes_on, FanOrder(trials=[]).goes_on] == [True, False, False]
