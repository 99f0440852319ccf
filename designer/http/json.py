"""Strict JSON parsing and rendering: values that databases or other readers cannot handle are rejected."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from typing import IO, Any

import msgspec
from django.conf import settings
from django.utils.functional import Promise
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer as PlainJSONRenderer

from designer.http.errors import Refusal

DEEPEST = 60


class JSONRenderer(PlainJSONRenderer):
    """Always JSON, whatever the browser accepts; structs are encoded as they are."""

    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None) -> bytes:
        if data is None:
            return b""
        body = msgspec.json.encode(data, enc_hook=_plain_text)
        indent = self.get_indent(accepted_media_type or "", renderer_context or {})
        return body if indent is None else msgspec.json.format(body, indent=indent)


def _plain_text(value: Any) -> str:
    """The text of Django's choices, and of its lazy and marked texts."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Promise):
        return str(value)
    raise NotImplementedError(f"{type(value).__name__} has no JSON")


class StrictJSONParser(JSONParser):
    """Parses a JSON body, an object; invalid JSON, deep nesting, large numbers and invalid text are refused with a message."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        body = stream.read(settings.EASEL_BODY_LIMIT + 1)
        if len(body) > settings.EASEL_BODY_LIMIT:
            raise Refusal(413, "too_large", "The request is larger than 10 MB.", remedy="Send less data at once.")
        value = read(body)
        if not isinstance(value, dict):
            raise _bad("The request is JSON, but not an object.", "Send an object: {…}.")
        return value


def read(body: bytes) -> Any:
    """Parse a JSON text.

    Raises:
        Refusal: When it is not JSON that can be stored.
    """
    try:
        value = json.loads(body, parse_constant=_refuse_constant, parse_float=_finite, object_pairs_hook=unique)
    except RecursionError:
        raise _bad("The JSON is nested too deeply.") from None
    except UnicodeDecodeError:
        raise _bad("The request is not UTF-8 text.") from None
    except json.JSONDecodeError as error:
        raise _bad(f"The request is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.") from None
    except ValueError as error:
        raise _bad(str(error) if isinstance(error, Ambiguous) else "The JSON contains a number with too many digits.") from None
    _check(value, body)
    return value


class Ambiguous(ValueError):
    """What JSON readers interpret differently."""


def _refuse_constant(text: str) -> float:
    raise Ambiguous(f"The JSON contains {text}, which is not a JSON number.")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise Ambiguous(f"The JSON contains {text[:20]}, which is too large a number.")
    return number


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of its pairs, for `json.loads`.

    Raises:
        Ambiguous: When two have one key.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        name = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise Ambiguous(f"The JSON has the key “{name[:64]}” twice in one object.")
    return found


def _check(value: Any, body: bytes) -> None:
    """Check the depth, and texts that no database or browser can hold."""
    layer, depth = [value], 0
    while layer:
        depth += 1
        if depth > DEEPEST:
            raise _bad("The JSON is nested too deeply.")
        layer = [
            item for outer in layer if isinstance(outer, list | dict) for item in (outer.values() if isinstance(outer, dict) else outer)
        ]
    if b"\\u" in body:
        try:
            text = json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise _bad("The JSON contains half a character (a lone surrogate).") from None
        if b"\\u0000" in text:
            raise _bad("The JSON contains the character NUL, which cannot be stored.")


def _bad(words: str, remedy: str = "Send well-formed JSON.") -> Refusal:
    return Refusal(400, "bad_json", words, remedy=remedy)
