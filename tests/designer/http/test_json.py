"""What JSON is let in."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from designer.http.errors import Refusal
from designer.http.json import JSONRenderer, StrictJSONParser, read
from designer.workspaces.models import Role


def test_ordinary_json() -> None:
    assert read('{"a": [1, 2.5, "é\\u00e9", null, true]}'.encode()) == {"a": [1, 2.5, "éé", None, True]}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "nothing",
        "NaN",
        "[Infinity]",
        "1e999",
        "9" * 5000,
        "[" * 100_000,
        "[" * 61 + "]" * 61,
        '{"a":' * 61 + "1" + "}" * 61,
        '"\\ud800"',
        '"\\u0000"',
        '[{"nodes": {"a": 1, "a": 2}}]',
    ],
)
def test_what_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(text.encode())
    assert refused.value.status == 400 and refused.value.body["error"]["code"] == "bad_json"


def test_other_encodings_are_refused() -> None:
    with pytest.raises(Refusal):
        read(b'"\xff"')


@pytest.mark.parametrize("text", ["[null, null]", "0", "null", '"x"', "true", "1.5", "[]"])
def test_a_body_is_an_object(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        StrictJSONParser().parse(io.BytesIO(text.encode()))
    assert refused.value.body["error"]["words"] == "The request is JSON, but not an object."


class Answer(msgspec.Struct):
    at: datetime
    role: Role
    more: Any


def test_structs_dates_choices_and_marked_texts_are_sent() -> None:
    more = {"lazy": gettext_lazy("Yes"), "safe": mark_safe("a\u2028é"), "whole": 2**70, "none": None, "pair": (1, 0.5)}
    sent = JSONRenderer().render(Answer(datetime(2026, 11, 27, 1, 2, 3, 40, UTC), Role.OWNER, more))
    assert json.loads(sent) == {
        "at": "2026-11-27T01:02:03.000040Z",
        "role": "owner",
        "more": {"lazy": "Yes", "safe": "a\u2028é", "whole": 2**70, "none": None, "pair": [1, 0.5]},
    }
    assert JSONRenderer().render(None) == b""


def test_what_has_no_json_is_a_fault() -> None:
    with pytest.raises(NotImplementedError):
        JSONRenderer().render({"what": object()})
