"""How deep edits may be, found without recursion and before Yjs sees them."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from pycrdt import Array, Doc, Map, Text

from designer.documents import bounds, yjs_read
from designer.documents.lib0 import BadUpdate, TooDeep
from tests.designer.documents import hostile


def edits_of(doc: Doc[Any], change: Any) -> list[bytes]:
    news: list[bytes] = []
    hearing = doc.observe(lambda event: news.append(event.update))
    with doc.transaction():
        change(doc)
    doc.unobserve(hearing)
    return news


@pytest.mark.slow
@pytest.mark.parametrize("make", [hostile.nested_lists, hostile.nested_objects, hostile.nested_maps, hostile.nested_json])
def test_sixty_deep_is_read_and_more_is_not(make: Any) -> None:
    bounds.scan(make(60))
    for deep in (61, 500, 20_000, 40_000, 100_000):
        with pytest.raises(TooDeep):
            bounds.scan(make(deep))


def test_what_is_as_deep_as_may_be_can_be_read_by_the_draft() -> None:
    doc: Doc[Any] = Doc()
    bounds.apply(doc, hostile.nested_maps(60))
    inner = b"\x01\x01\x02\x00\x28\x00\x01\x3b\x01v\x01" + b"\x75\x01" * 60 + b"\x7f\x00"
    assert bounds.apply(doc, inner).rooted
    bounds.check(doc)
    assert yjs_read.to_json(doc).graph["nodes"] == {}


def test_maps_in_maps_by_many_small_edits() -> None:
    doc: Doc[Any] = Doc()
    for clock in range(60):
        bounds.apply(doc, hostile.map_in(clock - 1 if clock else None, clock))
    bounds.check(doc)
    assert not bounds.apply(doc, hostile.map_in(59, 60, keyed=False)).rooted
    with pytest.raises(TooDeep):
        bounds.check(doc)


def test_a_neighbour_says_where_an_item_is() -> None:
    doc: Doc[Any] = Doc()
    news = edits_of(doc, lambda doc: doc.get("nodes", type=Map).update({"a": Map({"b": 1})}))
    news += edits_of(doc, lambda doc: doc.get("nodes", type=Map)["a"].update({"b": Map({"c": Map({})})}))
    assert [bounds.scan(update).rooted for update in news] == [True, False]
    whole = bounds.scan(doc.get_update())
    assert whole.rooted and len(whole.types) == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda doc: doc.get("nodes", type=Map).update(
            {"n": Map({"params": Map({"x": [1, 2.5, None, True, {"a": "ü🙂"}]}), "position": [1, 2]})}
        ),
        lambda doc: doc.get("notes", type=Map).update({"n": {"text": "🙂" * 1000, "raw": b"\x00\xff", "big": 2**40, "minus": -(2**40)}}),
        lambda doc: doc.get("text", type=Text).insert(0, "a🙂b"),
        lambda doc: doc.get("list", type=Array).extend([1, "two", Map({"three": Array([3])})]),
    ],
)
def test_what_yjs_writes_is_read_to_the_last_clock(change: Any) -> None:
    doc: Doc[Any] = Doc()
    for update in [*edits_of(doc, change), *edits_of(doc, change), doc.get_update()]:
        assert bounds.scan(update).covered_by(doc.get_state())
    assert not bounds.scan(doc.get_update()).covered_by(Doc().get_state())


@pytest.mark.parametrize("data", [b"", b"\xff", b"\x01\x01", b"\xff" * 30, hostile.circle(), *hostile.claims(), b"\x00\x00\x00"])
def test_what_cannot_be_read_is_refused(data: bytes) -> None:
    with pytest.raises(BadUpdate):
        bounds.scan(data)


@pytest.mark.parametrize("vector", [b"", b"\xff\xff\xff\xff\x0f", b"\x02\x01\x01"])
def test_a_state_vector_that_is_none_is_refused(vector: bytes) -> None:
    with pytest.raises(BadUpdate):
        bounds.clocks_of(vector)


def test_text_that_is_none_and_content_that_no_pipeline_has_is_refused() -> None:
    head = b"\x01\x01\x01\x00"
    for struct in (b"\x24" + hostile.ROOT + b"\x02\xff\xfe", b"\x27" + hostile.ROOT + b"\x03\x01p", b"\x29" + hostile.ROOT + b"\x01g\x7f"):
        with pytest.raises(BadUpdate):
            bounds.scan(head + struct + b"\x00")


def test_damaged_edits_are_read_or_refused_and_leave_a_document_that_can_be_read() -> None:
    dice = random.Random(11)
    doc: Doc[Any] = Doc()
    good = edits_of(
        doc, lambda doc: doc.get("nodes", type=Map).update({"n": Map({"params": Map({"x": [1, {"a": "b"}]}), "position": [1, 2]})})
    )
    for _ in range(3000):
        scratch: Doc[Any] = Doc()
        try:
            bounds.apply(scratch, hostile.damaged(dice, good[0]))
        except BadUpdate:
            continue
        bounds.check(scratch)
        yjs_read.to_json(scratch)


def test_an_edit_costs_the_same_however_large_the_document() -> None:
    doc: Doc[Any] = Doc()
    nodes = {f"n{number}": Map({"module": "x", "params": Map({}), "position": [0, 0]}) for number in range(1000)}
    doc.get("nodes", type=Map).update(nodes)
    add = edits_of(doc, lambda doc: doc.get("nodes", type=Map).update({"new": Map({"params": Map({})})}))
    move = edits_of(doc, lambda doc: doc.get("nodes", type=Map)["n5"].update({"position": [1, 2]}))
    assert all(bounds.scan(update).rooted for update in (*add, *move)), "else the whole document is looked at"
    began = time.process_time()
    for _ in range(100):
        bounds.scan(add[0])
    assert time.process_time() - began < 0.1
