"""Two thousand graphs that are wrong in every way we could think of: each refused with a place and a rule, none a crash."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from designer.documents.models import DraftUpdate, Pipeline
from designer.http import rate_limits
from tests.designer.conftest import Team

Doc = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]
SOUND: Doc = {
    "format": 1,
    "name": "Sound",
    "nodes": {
        "data": {"module": "data.enter_data", "params": {"text": "x,y\n1,2"}, "position": [0, 0]},
        "split": {"module": "transform.split_data", "params": {"fraction": 0.7}, "position": [0, 100]},
        "again": {"module": "transform.split_data", "params": {}, "position": [0, 200]},
        "learner": {"module": "regression.linear_regression", "params": {}, "position": [0, 300]},
    },
    "edges": [["data.table", "split.table"], ["split.first", "again.table"]],
    "parameters": {},
    "frames": [],
    "notes": [],
}
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=5)
NODES = st.sampled_from(sorted(SOUND["nodes"]))
NOT_NUMBERS = st.one_of(WORDS, st.lists(st.integers(), max_size=2), st.just({}), st.booleans())
NOT_OBJECTS = st.one_of(
    st.none(), st.integers(), WORDS, st.lists(st.integers(), max_size=2), st.booleans(), st.floats(allow_nan=False, allow_infinity=False)
)
ODD_IDS = st.one_of(
    st.just(""),
    st.just("1a"),
    st.just("a b"),
    st.just("a.b"),
    st.just("x" * 65),
    st.from_regex(r"[^A-Za-z_0-9\x00][a-z]{0,5}", fullmatch=True),
)
ODD_NUMBERS = st.one_of(st.integers(min_value=2**63, max_value=2**80), st.integers(max_value=-(2**63)), st.sampled_from([-0.1, 1.1, 1e308]))


def cycle(doc: Doc, draw: Draw) -> None:
    doc["edges"] = [["data.table", "split.table"], ["split.first", "again.table"], ["again.second", "split.table"]]


def self_loop(doc: Doc, draw: Draw) -> None:
    doc["edges"].append(["again.first", "again.table"])


def dangling(doc: Doc, draw: Draw) -> None:
    gone = draw(st.from_regex(r"gone_[a-z]{0,8}", fullmatch=True))
    doc["edges"].append(draw(st.sampled_from([[f"{gone}.table", "again.table"], ["split.second", f"{gone}.table"]])))


def duplicate(doc: Doc, draw: Draw) -> None:
    doc["edges"].append(draw(st.sampled_from(doc["edges"])))


def second_into_one(doc: Doc, draw: Draw) -> None:
    doc["edges"].append(["data.table", "again.table"])


def wrong_kind(doc: Doc, draw: Draw) -> None:
    doc["edges"] = [["learner.model", draw(st.sampled_from(["split.table", "again.table"]))]]


def unknown_port(doc: Doc, draw: Draw) -> None:
    port = draw(st.from_regex(r"no_[a-z]{0,8}", fullmatch=True))
    doc["edges"] = [draw(st.sampled_from([[f"data.{port}", "split.table"], ["data.table", f"split.{port}"]]))]


def backwards(doc: Doc, draw: Draw) -> None:
    doc["edges"] = [["split.table", "data.table"]]


def odd_edge(doc: Doc, draw: Draw) -> None:
    ends = st.one_of(
        NOT_OBJECTS, st.lists(WORDS, max_size=3), st.just(["data.table"]), st.just(["data", "split"]), st.just(["a.b.c", "d.e"])
    )
    doc["edges"].append(draw(ends))


def odd_edges(doc: Doc, draw: Draw) -> None:
    doc["edges"] = draw(st.one_of(st.integers(), WORDS, st.none(), st.just({"a": "b"})))


def unknown_module(doc: Doc, draw: Draw) -> None:
    doc["nodes"][draw(NODES)]["module"] = draw(st.from_regex(r"[a-z]{1,6}\.nothing_[a-z]{0,6}", fullmatch=True))


def odd_module(doc: Doc, draw: Draw) -> None:
    doc["nodes"][draw(NODES)]["module"] = draw(NOT_OBJECTS)


def no_module(doc: Doc, draw: Draw) -> None:
    del doc["nodes"][draw(NODES)]["module"]


def odd_node(doc: Doc, draw: Draw) -> None:
    doc["nodes"][draw(NODES)] = draw(NOT_OBJECTS)


def odd_nodes(doc: Doc, draw: Draw) -> None:
    doc["nodes"] = draw(st.one_of(st.integers(), WORDS, st.none(), st.just([1])))


def odd_id(doc: Doc, draw: Draw) -> None:
    doc["nodes"][draw(ODD_IDS)] = {"module": "data.enter_data", "params": {}, "position": [0, 0]}


def odd_params(doc: Doc, draw: Draw) -> None:
    doc["nodes"][draw(NODES)]["params"] = draw(NOT_OBJECTS)


def wrong_type(doc: Doc, draw: Draw) -> None:
    doc["nodes"]["split"]["params"]["fraction"] = draw(NOT_NUMBERS)


def wrong_number(doc: Doc, draw: Draw) -> None:
    doc["nodes"]["split"]["params"]["fraction"] = draw(ODD_NUMBERS)


def unknown_setting(doc: Doc, draw: Draw) -> None:
    doc["nodes"][draw(NODES)]["params"][draw(st.from_regex(r"no_[a-z]{1,8}", fullmatch=True))] = 1


def deep_setting(doc: Doc, draw: Draw) -> None:
    value: Any = 1
    for _ in range(draw(st.integers(21, 50))):
        value = [value] if draw(st.booleans()) else {"a": value}
    doc["nodes"]["split"]["params"]["stratify_by"] = value


def odd_position(doc: Doc, draw: Draw) -> None:
    lists = st.sampled_from([[], [1], [1, 2, 3], [1, "a"], [None, 1], [1e300, 0], [True, 1], [[1], 2]])
    doc["nodes"][draw(NODES)]["position"] = draw(st.one_of(st.none(), st.integers(), WORDS, st.booleans(), lists))


def odd_title(doc: Doc, draw: Draw) -> None:
    doc["nodes"][draw(NODES)][draw(st.sampled_from(["title", "comment"]))] = draw(
        st.one_of(st.just([1]), st.just({"a": 1}), st.just("x" * 10_001), st.just(7))
    )


def unknown_key(doc: Doc, draw: Draw) -> None:
    draw(st.sampled_from([doc, doc["nodes"]["data"]]))["extra"] = 1


def odd_rest(doc: Doc, draw: Draw) -> None:
    key = draw(st.sampled_from(["parameters", "frames", "notes", "name", "format"]))
    doc[key] = draw(st.just(2) if key != "format" else st.sampled_from([0, 2, "1", None, [], True]))


PLACED = (
    cycle,
    self_loop,
    dangling,
    duplicate,
    second_into_one,
    wrong_kind,
    unknown_port,
    backwards,
    unknown_module,
    odd_module,
    no_module,
    odd_node,
    odd_id,
    odd_params,
    wrong_type,
    wrong_number,
    unknown_setting,
    deep_setting,
    odd_position,
    odd_title,
)
WHOLE = (odd_edge, odd_edges, odd_nodes, unknown_key, odd_rest)
TEXT = json.dumps(SOUND)
BAD_TEXTS = st.one_of(
    st.integers(1, len(TEXT) - 1).map(lambda end: TEXT[:end].encode()),
    st.binary(min_size=1, max_size=30).filter(lambda data: not _is_object(data)),
    st.sampled_from(
        ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5000, '"\\ud800"', '"\\u0000"', "[" * 5000, "[" * 70 + "]" * 70, '{"a":' * 3000]
    ).map(lambda value: TEXT.replace("0.7", value).encode()),
    st.sampled_from([b"[]", b"1", b"null", b'"text"', b"\xff\xfe{}", b'{"nodes": {"a": \xff}}', b"true"]),
)


def _is_object(data: bytes) -> bool:
    try:
        return isinstance(json.loads(data), dict)
    except (ValueError, RecursionError):
        return False


@st.composite
def wrong_documents(draw: Draw) -> tuple[bytes, bool]:
    """A document's bytes, and whether a refusal must name a place."""
    how = draw(st.sampled_from([*PLACED, *WHOLE, None]))
    if how is None:
        return draw(BAD_TEXTS), False
    doc = deepcopy(SOUND)
    how(doc, draw)
    return json.dumps(doc).encode(), how in PLACED


@pytest.mark.django_db
def test_the_document_that_all_are_made_from_is_taken(team: Team, pipeline: Pipeline) -> None:
    client = Client()
    client.force_login(team.people["editor"])
    answer = client.put(f"/api/pipelines/{pipeline.pk}/graph/", TEXT, "application/json", headers={"If-Match": '"1"'})
    assert answer.status_code == 200, answer.content


@pytest.mark.slow
@settings(derandomize=True, max_examples=500, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(wrong=wrong_documents(), put=st.booleans())
@example(wrong=(b"", False), put=True)
@example(wrong=(b"", False), put=False)
def test_every_malformed_graph_is_refused(team: Team, pipeline: Pipeline, wrong: tuple[bytes, bool], put: bool) -> None:
    body, placed = wrong
    rate_limits.reset()
    client = Client(raise_request_exception=True)
    client.cookies = _signed_in(team)
    if put:
        answer = client.put(f"/api/pipelines/{pipeline.pk}/graph/", body, "application/json", headers={"If-Match": '"1"'})
    else:
        answer = client.post("/api/pipelines/", b'{"name": "New", "graph": %s}' % body, "application/json")
    assert 400 <= answer.status_code < 500, (body[:300], answer.content)
    error = answer.json()["error"]
    assert error["code"] and error["words"]
    if placed:
        assert any(error[place] is not None for place in ("node", "port", "edge")), error
        assert all(problem["code"] and problem["words"] for problem in error["problems"])
    assert (Pipeline.objects.count(), DraftUpdate.objects.count()) == (1, 1)


_cookies: dict[int, Any] = {}


def _signed_in(team: Team) -> Any:
    """One session for all examples."""
    if team.workspace.pk not in _cookies:
        client = Client()
        client.force_login(team.people["editor"])
        _cookies.clear()
        _cookies[team.workspace.pk] = client.cookies
    return _cookies[team.workspace.pk]
