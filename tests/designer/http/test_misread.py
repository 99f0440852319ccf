"""What msgspec refuses is said in words."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
import pytest

from designer.http.misread import misread


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    days: Annotated[list[Annotated[int, msgspec.Meta(ge=1, le=31)] | Literal["last"]], msgspec.Meta(min_length=1, max_length=3)] = (
        msgspec.field(default_factory=lambda: [1])
    )
    text: Annotated[str, msgspec.Meta(max_length=4)] = ""
    dates: list[date] = []

    def __post_init__(self) -> None:
        if self.text == "odd":
            raise ValueError("“odd” is not a time of day such as 07:30")


class Outer(msgspec.Struct):
    rule: Inner
    share: Annotated[float, msgspec.Meta(gt=0)] = 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"rule": {"days": [1, 32]}}, "“rule.days”, entry 2, must be at most 31"),
        ({"rule": {"days": [0]}}, "“rule.days”, entry 1, must be at least 1"),
        ({"rule": {"days": []}}, "“rule.days” must not be empty"),
        ({"rule": {"days": [1, 2, 3, 4]}}, "“rule.days” must have at most 3 entries"),
        ({"rule": {"days": ["first"]}}, "“rule.days”, entry 1, cannot be 'first'"),
        ({"rule": {"text": "fifth"}}, "“rule.text” must have at most 4 characters"),
        ({"rule": {"text": "odd"}}, "“odd” is not a time of day such as 07:30"),
        ({"rule": {"dates": ["25.12.2027"]}}, "“rule.dates”, entry 1, must be a date such as 2027-12-25"),
        ({"rule": {"when": 1}}, "“rule” has a field “when”, which is not known"),
        ({"rule": {}, "share": "half"}, "“share” must be a number, not text"),
        ({"rule": {}, "share": 0}, "“share” must be more than 0"),
        ({"rule": None}, "“rule” must be an object, not null"),
        ({}, "It lacks “rule”"),
    ],
)
def test_words(given: object, words: str) -> None:
    with pytest.raises(msgspec.ValidationError) as wrong:
        msgspec.convert(given, Outer)
    assert misread(wrong.value) == words
