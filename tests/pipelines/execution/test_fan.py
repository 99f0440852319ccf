"""Chunks of items: executed within a time, flushed meanwhile, their blobs in one file."""

from __future__ import annotations

from contextlib import suppress
from unittest.mock import Mock

import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import FanOut, fan_out, run_by
from pipelines.catalogue.items import Failure, Item, ItemResult, Trial, Value
from pipelines.catalogue.reporting import log, reporting_to
from pipelines.execution import fan as fans
from pipelines.execution.fan import Chunk, FannedOut, Replay, execute_items, item_keys, node_of, trial
from pipelines.execution.step import Stopped
from pipelines.execution.store import LocalStore


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path)


@pytest.fixture
def clock(monkeypatch):
    """A clock that goes on only when an item says so."""
    now = [100.0]
    monkeypatch.setattr(fans.time, "monotonic", lambda: now[0])
    return now


def _ended(key, figures=None, failure=None):
    return Trial(Item(key), ItemResult(key, figures, failure))


def numbers(count, each=lambda item: Value(int(item.key), item.key.encode() * 3)):
    return FanOut({str(number): Item(str(number)) for number in range(count)}, each)


def execute(fan, store, flush=None, listener=None):
    return execute_items(fan, list(fan.items), store, listener or Mock(), flush or Mock())


def test_a_chunk_has_a_name_that_no_node_has():
    chunk = Chunk("train_all", 2, 10, 25)
    assert Chunk.of(chunk.name) == chunk and node_of(chunk.name) == "train_all" == node_of("train_all")
    assert Chunk.of("train_all") is None


def test_blobs_of_a_chunk_are_in_one_file_and_read_alone(store):
    ends = execute(numbers(3), store)
    assert [end.figures for end in ends] == [0, 1, 2] and len({end.blob.digest for end in ends}) == 1
    read = [trial(end.key, end.figures, None, end.seconds, end.blob, store).result.blob() for end in ends]
    assert read == [b"000", b"111", b"222"]


def test_an_item_without_a_blob_writes_no_file(store, tmp_path):
    (end,) = execute(numbers(1, lambda item: Value(1)), store)
    assert end.blob is None and list(store.files()) == []
    assert trial("0", 1, None, 0.0, None, store).result.blob() == b""


def test_ends_are_flushed_each_second(store, clock):
    def each(item):
        clock[0] += 0.6
        return Value(int(item.key))

    flush = Mock()
    left = execute(numbers(3, each), store, flush)
    assert [[end.key for end in call.args[0]] for call in flush.call_args_list] == [["0", "1"]]
    assert [end.key for end in left] == ["2"]


def test_large_blobs_are_stored_before_they_fill_the_memory(store, clock, monkeypatch):
    monkeypatch.setattr(fans, "FLUSH_BYTES", 5)
    flush = Mock()
    left = execute(numbers(5), store, flush)
    assert [[end.key for end in call.args[0]] for call in flush.call_args_list] == [["0", "1"], ["2", "3"]]
    assert [end.key for end in left] == ["4"]


def test_a_chunk_ends_after_two_seconds_with_the_items_it_has(store, clock):
    def each(item):
        clock[0] += 2.5
        return Value(int(item.key))

    assert [end.key for end in execute(numbers(5, each), store)] == ["0"]


def test_a_chunk_that_somebody_else_has_stops(store, clock):
    def each(item):
        clock[0] += 1.1
        return Value()

    with pytest.raises(Stopped):
        execute(numbers(5, each), store, Mock(side_effect=Stopped))


def test_an_item_may_fan_out_itself_and_its_own_items_are_computed_with_it(store):
    def deep(depth):
        def each(item):
            if item.key == "bad":
                raise ModuleError("bad_item", "It is bad.")
            return Value(1 if depth == 3 else sum(result.figures for result in fan_out([Item("x"), Item("y")], deep(depth + 1))))

        return each

    fan = FanOut({key: Item(key) for key in ("a", "bad")}, deep(1))
    with run_by(Mock(run=Mock(side_effect=AssertionError("an item waits for nobody")))), run_by(None):
        good, bad = execute(fan, store)
    assert good.figures == 4 and bad.failure.code == "bad_item"


def test_a_failure_is_an_end_and_its_traceback_is_logged_with_the_key(store):
    def each(item):
        log("a line")
        if item.key == "1":
            raise ModuleError("bad", "It is bad.", remedy="Do better.")
        raise ZeroDivisionError

    listener = Mock()
    first, second = execute(numbers(2, each), store, listener=listener)
    assert first.failure.code == "unexpected_error" and second.failure == Failure("bad", "It is bad.", "Do better.")
    lines = [call.args[0] for call in listener.log.call_args_list]
    assert lines[0] == "0: a line" and lines[-1] == "1: a line" and "0: ZeroDivisionError" in lines
    listener.progress.assert_not_called()


def test_a_replay_answers_what_is_known_and_stops_at_the_first_that_is_not():
    known = [_ended("a", 1)]

    def module():
        first = fan_out([Item("a")], lambda item: Value())
        second = fan_out([Item(f"b{first[0].figures}")], lambda item: Value())
        return second

    with run_by(Replay([known], Mock())), pytest.raises(FannedOut) as fanned:
        module()
    assert list(fanned.value.fan.items) == ["b1"]
    with run_by(Replay([known, [_ended("b1", 2)]], Mock())):
        assert module()[0].figures == 2
    with (
        run_by(Replay([[_ended("a", failure=Failure("bad", "It is bad."))]], Mock())),
        pytest.raises(ModuleError, match="1 of 1 items failed"),
    ):
        module()


@pytest.mark.parametrize(
    ("earlier", "silent", "heard"),
    [(0, False, ["one"]), (1, False, ["two"]), (2, False, ["three"]), (0, True, []), (1, True, [])],
    ids=["first", "second", "last", "chunk", "later chunk"],
)
def test_what_a_module_has_said_in_an_earlier_call_is_not_said_again(earlier, silent, heard):
    def module():
        log("one")
        fan_out([Item("a")], lambda item: Value())
        log("two")
        fan_out([Item("b")], lambda item: Value())
        log("three")

    listener = Mock()
    replay = Replay([[_ended("a")], [_ended("b")]][:earlier], listener, silent=silent)
    with suppress(FannedOut), reporting_to(replay), run_by(replay):
        module()
    assert [call.args[0] for call in listener.log.call_args_list] == heard


MADE_OF = {"module": {"id": "m"}, "libraries": {"polars": "1"}, "settings": {"seed": 1}, "datasets": {}, "inputs": {"table": ["x"]}}


def keys(items, index=0, code=(), **changed):
    return list(item_keys({**MADE_OF, **changed}, index, items, code))


def test_neither_neighbours_nor_position_are_part_of_a_cache_key():
    a, b = Item("a", [1]), Item("b", [2])
    assert keys([a, b]) == keys([b, a])[::-1] and len(set(keys([a, b]))) == 2
    assert keys([Item("renamed", [1])]) == keys([a])


def test_user_code_cannot_give_items_the_key_of_others():
    items = [Item("a"), Item("a", [1]), Item("a", [1], of_inputs=False)]
    own, others, trusted = keys(items, code=["script"]), keys(items, code=["other"]), keys(items)
    assert not {*own[1:]} & {*others[1:], *trusted[1:]}


def test_what_an_item_depends_on_is_part_of_its_cache_key():
    plain, said, narrow = Item("a"), Item("a", [1]), Item("a", [1], of_inputs=False)
    first = keys([plain, said, narrow])
    assert [one == two for one, two in zip(first, keys([plain, said, narrow], settings={"seed": 2}), strict=True)] == [False, True, True]
    assert [one == two for one, two in zip(first, keys([plain, said, narrow], inputs={"table": ["y"]}), strict=True)] == [
        False,
        False,
        True,
    ]
    assert not set(first) & set(keys([plain, said, narrow], libraries={"polars": "2"}))
    assert not set(first) & set(keys([plain, said, narrow], index=1))


def test_whether_a_value_lasts_is_passed_on(store):
    fan = numbers(2, lambda item: Value(1, lasting=item.key == "0"))
    assert [end.lasting for end in execute(fan, store)] == [True, False]
