"""A wrong value of a body is named with its place, and the remedy says what is taken there."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework import serializers

from designer.http.errors import Refusal
from designer.http.wrong_values import taken, validated

WHOLE, TEXT = "Give a whole number", "Give a text of 1 to 5 characters."
MOMENT = "Give a date and time, such as 2026-05-01T09:30:00Z."


class Row(serializers.Serializer[Any]):
    key = serializers.CharField(max_length=5)
    actual = serializers.JSONField()


class Body(serializers.Serializer[Any]):
    share = serializers.IntegerField(min_value=0, max_value=100, required=False)
    least = serializers.IntegerField(min_value=1, required=False)
    most = serializers.FloatField(max_value=2.5, required=False)
    why = serializers.CharField(max_length=5, required=False)
    form = serializers.RegexField("^a+$", required=False, error_messages={"invalid": "Use the letter a."})
    email = serializers.EmailField(required=False)
    on = serializers.BooleanField(required=False)
    at = serializers.DateTimeField(required=False)
    of = serializers.ChoiceField(choices=["hour", "day"], required=False)
    rows = Row(many=True, required=False)
    row = Row(required=False)
    days = serializers.DictField(child=serializers.IntegerField(), required=False, allow_empty=False)
    names = serializers.ListField(child=serializers.CharField(), max_length=2, allow_empty=False, required=False)
    file = serializers.FileField(required=False)

    def validate_share(self, given: int) -> int:
        if given == 13:
            raise serializers.ValidationError("Not that one.")
        return given

    def validate(self, attrs: Any) -> Any:
        if "why" in attrs and "on" in attrs:
            raise serializers.ValidationError("Give why or on.")
        return attrs


@pytest.mark.parametrize(
    ("body", "place", "words", "remedy"),
    [
        ({"share": 101}, "share", "share is more than 100.", f"{WHOLE} from 0 to 100."),
        ({"share": -1}, "share", "share is less than 0.", f"{WHOLE} from 0 to 100."),
        ({"share": "x"}, "share", "share is not a whole number.", f"{WHOLE} from 0 to 100."),
        ({"share": None}, "share", "share is null.", f"{WHOLE} from 0 to 100."),
        ({"share": "1" * 2000}, "share", "share is out of range.", f"{WHOLE} from 0 to 100."),
        ({"share": 13}, "share", "share: Not that one.", None),
        ({"least": 0}, "least", "least is less than 1.", f"{WHOLE} of 1 or more."),
        ({"most": "x"}, "most", "most is not a number.", "Give a number of 2.5 or less."),
        ({"why": "longer"}, "why", "why has more than 5 characters.", TEXT),
        ({"why": " "}, "why", "why is empty.", TEXT),
        ({"why": []}, "why", "why is not a text.", TEXT),
        ({"form": "b"}, "form", "form: Use the letter a.", None),
        ({"email": "x"}, "email", "email is not an email address.", "Give an address, such as ada@example.org."),
        ({"on": "perhaps"}, "on", "on is neither true nor false.", "Give true or false."),
        ({"at": "soon"}, "at", "at is not a date and time.", MOMENT),
        ({"of": "week"}, "of", "of is none of the choices.", "Use one of hour, day."),
        ({"rows": [{"key": "a", "actual": 1}, {"key": "b"}]}, "rows[1].actual", "rows[1].actual is missing.", None),
        ({"rows": 3}, "rows", "rows is not a list.", "Give a list of objects."),
        ({"row": {}}, "row.key", "row.key is missing.", TEXT),
        ({"row": 3}, "row", "row is not an object.", "Give an object of names and values."),
        ({"days": {"a": 1, "b": "x"}}, "days.b", "days.b is not a whole number.", f"{WHOLE}."),
        ({"days": []}, "days", "days is not an object.", "Give an object of names and values."),
        ({"names": ["a", "b", "c"]}, "names", "names has more than 2 values.", "Give a list of 1 to 2 values."),
        ({"names": []}, "names", "names is empty.", "Give a list of 1 to 2 values."),
        ({"names": "a"}, "names", "names is not a list.", "Give a list of 1 to 2 values."),
        ({"names": ["a", []]}, "names[1]", "names[1] is not a text.", "Give a text of at least 1 character."),
        ({"file": "x"}, "file", "file is not a file.", "Send a file in this field of a form (multipart/form-data)."),
        ({"why": "a", "on": True}, None, "Give why or on.", None),
    ],
)  # fmt: skip
def test_a_refusal_names_the_place_and_the_bounds(body: dict[str, Any], place: str | None, words: str, remedy: str | None) -> None:
    with pytest.raises(Refusal) as refused:
        validated(Body(data=body))
    error = refused.value.body["error"]
    assert (refused.value.status, error["code"], error.get("field")) == (400, "bad_request", place)
    assert (error["words"], error["remedy"]) == (words, remedy)


def test_a_sound_body_gives_its_values() -> None:
    assert validated(Body(data={"share": "7"})) == {"share": 7}
    assert validated(Body(data={"file": SimpleUploadedFile("a.csv", b"a")}))["file"].name == "a.csv"


def test_many_choices_are_not_listed() -> None:
    assert taken(serializers.ChoiceField(choices=[*map(str, range(40))])) is None
