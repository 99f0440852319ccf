"""A fan-out without an engine is a map; with one, the engine decides where its items are computed."""

from __future__ import annotations

import pytest

from pipelines.catalogue import fan_out as subject
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import Strategy, fan_out, run_by, search, seconds_left
from pipelines.catalogue.items import Item, Value


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


def test_more_items_than_a_step_may_have_are_refused_with_both_figures(monkeypatch):
    monkeypatch.setattr(subject, "MOST_ITEMS", 3)
    with pytest.raises(ModuleError, match="There are 4 stores, and a step may have 3") as wrong:
        fan_out(items("a", "b", "c", "d"), double, noun="stores")
    assert wrong.value.code == "too_many_items" and wrong.value.remedy
    with pytest.raises(ModuleError, match="There are 4 trials"):
        search(Strategy(lambda trials, left: Item(f"trial {len(trials)}", 1)), double)


def test_more_failures_than_may_be_fail_the_step_and_name_the_first():
    with pytest.raises(ModuleError) as wrong:
        fan_out(items("a", "bad", "stray"), double, noun="folds", may_fail=1)
    assert wrong.value.code == "too_many_failed_items"
    assert (
        wrong.value.words == "2 of 3 folds failed, and at most 1 may. The first, bad: It is bad." and wrong.value.remedy == "Leave it out."
    )


def test_failures_that_may_be_are_results():
    good, bad, stray = fan_out(items("a", "bad", "stray"), double, may_fail=None)
    assert good.failure is None
    assert (bad.failure.code, bad.figures, bad.blob()) == ("bad_item", None, b"")
    assert stray.failure.code == "unexpected_error" and "ZeroDivisionError" in stray.failure.words


def test_a_runner_gets_the_items_in_order_by_key():
    class Recorder:
        def run(self, fan):
            self.fan = fan
            return []

    recorder = Recorder()
    with run_by(recorder):
        assert fan_out(items("b", "a"), double, noun="folds", may_fail=None) == []
    assert list(recorder.fan.items) == ["b", "a"] and (recorder.fan.noun, recorder.fan.may_fail) == ("folds", None)


def halves(trials, left):
    """Ask for half of the best number so far, until it is odd."""
    best = min((trial.result.figures for trial in trials), default=48)
    return None if best % 2 else Item(f"trial {len(trials)}", best)


def test_a_search_asks_for_items_with_what_came_of_the_others():
    trials = search(Strategy(halves), lambda item: Value(item.content // 2))
    assert [(trial.item.key, trial.result.figures) for trial in trials] == [
        ("trial 0", 24),
        ("trial 1", 12),
        ("trial 2", 6),
        ("trial 3", 3),
    ]


def test_a_search_asks_for_nothing_after_its_deadline_and_says_what_is_left():
    left = []

    def each(item):
        left.append(seconds_left())
        return Value()

    forever = Strategy(lambda trials, seconds: Item(f"trial {len(trials)}", len(trials)), seconds=0.05)
    trials = search(forever, each)
    assert trials and all(seconds <= 0.05 for seconds in left) and left == sorted(left, reverse=True)
    assert seconds_left() is None


def test_a_strategy_that_asks_for_the_same_key_twice_is_refused():
    with pytest.raises(ModuleError, match="used twice"):
        search(Strategy(lambda trials, left: Item("a", 1)), double)
