"""Values of rows as SQLite and PostgreSQL take them, and as they give them back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

import msgspec
from django.db import connection, models

from pipelines.execution.output import Output

Converter = Callable[[Any], Any]


def prepared(model: type[models.Model], name: str, value: Any) -> Any:
    """Return the database value of a field's value."""
    return _converter(model, name)(value)


@cache
def _converter(model: type[models.Model], name: str) -> Converter:
    """Return the conversion of a field's values to database values."""
    field = model._meta.get_field(name)
    if isinstance(field, models.JSONField):
        return _json_or_null
    return _adapted if isinstance(field, models.DateTimeField) else _plain


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value  # a state becomes a plain string


@lru_cache(maxsize=64)
def _adapted(value: datetime | None) -> Any:
    return value and connection.ops.adapt_datetimefield_value(value)


def _json_or_null(value: Any) -> str | None:
    return None if value is None else json_text(value)


def as_utc(value: datetime | None) -> datetime | None:
    """Return a time from the database in UTC: SQLite stores no time zone."""
    return value and value.replace(tzinfo=UTC)


def json_text(value: Any) -> str:
    """Encode JSON for any database: PostgreSQL refuses NUL and lone surrogates, which an error's text may quote."""
    with suppress(UnicodeEncodeError):
        text = msgspec.json.encode(value).decode()
        if "\\u0000" not in text:
            return text
    return msgspec.json.encode(_without_null_characters(value)).decode()


def _without_null_characters(value: Any) -> Any:
    if isinstance(value, Output):
        return _without_null_characters(value.as_json())
    if isinstance(value, str):
        return value.encode(errors="replace").decode().replace("\0", "�")
    if isinstance(value, Mapping):
        return {_without_null_characters(name): _without_null_characters(held) for name, held in value.items()}
    return [_without_null_characters(held) for held in value] if isinstance(value, list | tuple) else value


@cache
def converters(model: type[models.Model], names: Sequence[str]) -> Sequence[Converter]:
    """Return the conversions of several fields' values, in order."""
    return tuple(_converter(model, name) for name in names)


@cache
def defaults(model: type[models.Model]) -> Mapping[str, Any]:
    """Return the columns of a model that have a default other than NULL, with its database value."""
    fields = (field for field in model._meta.concrete_fields if not field.primary_key)
    found = {field.attname: prepared(model, field.name, field.get_default()) for field in fields}
    return {name: value for name, value in found.items() if value is not None}
