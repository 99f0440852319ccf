"""What JSON is let in."""

from __future__ import annotations

import io

import pytest

from designer.http.errors import Refusal
from designer.http.json import StrictJSONParser, read


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
