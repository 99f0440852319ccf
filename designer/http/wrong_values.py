"""What is wrong with a body or a query string: the first wrong value by its place, and what is taken there.

Django REST framework words each check by itself, for the forms of a page. Here a refusal names the place, and its remedy all bounds of the field.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from designer.http.errors import Refusal

MOST_CHOICES = 30
OF_ANOTHER_TYPE = (  # an address is a text as well
    (serializers.IntegerField, "is not a whole number"),
    (serializers.FloatField, "is not a number"),
    (serializers.BooleanField, "is neither true nor false"),
    (serializers.EmailField, "is not an email address"),
    (serializers.CharField, "is not a text"),
    (serializers.FileField, "is not a file"),
    (serializers.JSONField, "is not JSON"),
)
MOMENT = "Give a date and time, such as 2026-05-01T09:30:00Z."


def validated(asked: serializers.BaseSerializer[Any]) -> dict[str, Any]:
    """The values of a serializer.

    Raises:
        Refusal: 400, naming the first wrong value and what is taken there.
    """
    if not asked.is_valid():
        raise _refusal(*_first(asked.errors, asked))
    found: dict[str, Any] = asked.validated_data
    return found


def _first(detail: Any, field: Any, place: str | None = None) -> tuple[str | None, Any, Any]:
    """The first error with its place, such as `rows[2].actual`, and the field there; None where it is of no field."""
    if isinstance(detail, Mapping):
        name, inner = next(iter(detail.items()))
        if name == "non_field_errors":
            return _first(inner, field, place)
        return _first(inner, _within(field, name), _below(place, name))
    if isinstance(detail, list):
        at, item = next(((at, item) for at, item in enumerate(detail) if item), (0, ""))
        if isinstance(item, Mapping):
            return _first(item, _within(field, at), _below(place, at))
        return _first(item, field, place)
    return place, detail, field


def _below(place: str | None, name: str | int) -> str:
    if isinstance(name, int):
        return f"{place or ''}[{name}]"
    return f"{place}.{name}" if place else name


def _within(field: Any, name: str | int) -> Any:
    return field.fields.get(str(name)) if isinstance(field, serializers.Serializer) else getattr(field, "child", None)


def _refusal(place: str | None, detail: Any, field: Any) -> Refusal:
    wrong = _wrong(detail, field) if place and isinstance(detail, ErrorDetail) else None
    if wrong is None:
        return Refusal(400, "bad_request", f"{place}: {detail}" if place else str(detail), field=place)
    return Refusal(400, "bad_request", f"{place} {wrong}.", remedy=taken(field), field=place)


def _wrong(detail: ErrorDetail, field: Any) -> str | None:
    """What is wrong with a value, to follow its name; None for words of the serializer itself."""
    many = isinstance(field, serializers.ListField)
    match detail.code:
        case "required":
            return "is missing"
        case "null":
            return "is null"
        case "blank" | "empty":
            return "is empty"
        case "max_value":
            return f"is more than {field.max_value}"
        case "min_value":
            return f"is less than {field.min_value}"
        case "max_length":
            return f"has more than {field.max_length} {'values' if many else 'characters'}"
        case "min_length":
            return f"has fewer than {field.min_length} {'values' if many else 'characters'}"
        case "invalid_choice":
            return "is none of the choices"
        case "not_a_list":
            return "is not a list"
        case "not_a_dict":
            return "is not an object"
        case "max_string_length" | "overflow" | "make_aware":
            return "is out of range"
        case "invalid":
            return _of_another_type(str(detail), field)
    return None


def _of_another_type(words: str, field: Any) -> str | None:
    match field:
        case serializers.RegexField():  # its own words say the form
            return None
        case serializers.DateTimeField():
            return "is not a date and time"
        case serializers.Serializer():
            return "is not an object" if words.startswith("Invalid data.") else None
    if words != field.error_messages.get("invalid"):
        return None
    return next((wrong for type, wrong in OF_ANOTHER_TYPE if isinstance(field, type)), None)


def taken(field: Any) -> str | None:
    """What a field takes, as a sentence with all its bounds; None where its type says nothing more than the refusal."""
    match field:
        case serializers.ChoiceField():
            names = [str(each) for each in field.choices if each not in ("", None)]
            return f"Use one of {', '.join(names)}." if len(names) <= MOST_CHOICES else None
        case serializers.IntegerField():
            return f"Give a whole number{_between(field.min_value, field.max_value)}."
        case serializers.FloatField():
            return f"Give a number{_between(field.min_value, field.max_value)}."
        case serializers.BooleanField():
            return "Give true or false."
        case serializers.DateTimeField():
            return MOMENT
        case serializers.EmailField():
            return "Give an address, such as ada@example.org."
        case serializers.CharField():
            return f"Give a text{_long(field, 'characters', 0 if field.allow_blank else 1)}."
        case serializers.ListField():
            return f"Give a list{_long(field, 'values', 0 if field.allow_empty else 1)}."
        case serializers.ListSerializer():
            return "Give a list of objects."
        case serializers.FileField():
            return "Send a file in this field of a form (multipart/form-data)."
        case serializers.Serializer() | serializers.DictField():
            return "Give an object of names and values."
    return None


def _between(low: Any, high: Any) -> str:
    if low is not None and high is not None:
        return f" from {low} to {high}"
    return f" of {low} or more" if low is not None else f" of {high} or less" if high is not None else ""


def _long(field: Any, unit: str, least: int) -> str:
    low, high = field.min_length or least, field.max_length
    if high is not None:
        return f" of {low} to {high} {unit}" if low else f" of at most {high} {unit}"
    return f" of at least {low} {unit if low > 1 else unit.removesuffix('s')}" if low else ""
