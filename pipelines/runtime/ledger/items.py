"""The ledger's SQL of items: thousands of rows in a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import msgspec

from pipelines.catalogue import items as asking
from pipelines.catalogue.items import Failure
from pipelines.execution.fan import BlobPlace, ItemEnd
from pipelines.execution.schedule import State
from pipelines.models import Item, ItemValue
from pipelines.runtime.ledger import sql
from pipelines.runtime.ledger.values import json_text, prepared

_ITEM, _VALUE = Item._meta.db_table, ItemValue._meta.db_table
KEYS_AT_ONCE = 500
NO_PLACE = 2**31 - 1  # after every position
_place = msgspec.json.Decoder(BlobPlace)


@dataclass(frozen=True, slots=True)
class StoredItem:
    """A row of an item, as far as results and chunks need it."""

    ordinal: int
    key: str
    content: str
    state: str
    figures: Any
    failure: Failure | None
    seconds: float
    blob: BlobPlace | None
    asked: Any = None

    @property
    def is_over(self) -> bool:
        """Return whether it has ended."""
        return self.state != State.WAITING


@dataclass(frozen=True, slots=True)
class KnownValue:
    """The value of an item from an earlier step, as the database has it."""

    seconds: float
    figures: str | None
    blob: str | None

    @property
    def place(self) -> BlobPlace | None:
        """Return where its blob is stored."""
        return _place.decode(self.blob) if self.blob else None


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item to be added: its cache key, and its value where it is known."""

    item: asking.Item
    content: str
    known: KnownValue | None = None


@dataclass(frozen=True)
class Asked:
    """Items to be added, and what was known when a strategy asked for them: so many items, and so many that had ended.

    `more` says that it would ask for more at once: for a moment it was asked no longer.
    """

    items: Sequence[NewItem]
    seen: int = 0
    ended: int = 0
    more: bool = False
    size: int = 1  # how many items the first chunks have
    at_once: int | None = None  # how many chunks may be ready or running at the same time, where a fan-out is opened


def known_values(scope: str, keys: Sequence[str]) -> dict[str, KnownValue]:
    """Return the values that are known of these cache keys."""
    found: dict[str, KnownValue] = {}
    for start in range(0, len(keys), KEYS_AT_ONCE):
        some = keys[start : start + KEYS_AT_ONCE]
        among = ", ".join(["%s"] * len(some))
        for key, *rest in sql.fetch(
            f"SELECT key, seconds, figures, blob FROM {_VALUE} WHERE scope = %s AND key IN ({among})", [scope, *some]
        ):
            found[key] = KnownValue(*rest)
    return found


def add(run: str, node: str, fan: int, items: Iterable[NewItem], first: int = 0, *, asked: bool = False) -> None:
    """Insert items of a fan-out from a position on; `asked` keeps what a strategy asked for."""
    names = ["run_id", "node", "fan", "ordinal", "key", "content", "asked", "state", "reused", "seconds", "figures", "blob"]
    rows = []
    for ordinal, new in enumerate(items, first):
        known, key = new.known, new.item.key
        state = State.DONE if known else State.WAITING
        values = [known.seconds, known.figures, known.blob] if known else [None, None, None]
        content = _json(new.item.content) if asked else None
        rows.append([run, node, fan, ordinal, key, new.content, content, state.value, known is not None, *values])
    sql.write(sql.insert(_ITEM, names), rows)


def end(run: str, node: str, fan: int, ends: Mapping[int, ItemEnd]) -> None:
    """Write how items ended, by position. An item that has ended stays as it is."""
    rows = []
    for ordinal, item in ends.items():
        state, error = (State.FAILED, asdict(item.failure)) if item.failure else (State.DONE, None)
        rows.append([state.value, item.seconds, *_value(item), _json(error), run, node, fan, ordinal])
    changes = "state = %s, seconds = %s, figures = %s, blob = %s, error = %s"
    sql.write(f"UPDATE {_ITEM} SET {changes} WHERE run_id = %s AND node = %s AND fan = %s AND ordinal = %s AND state = 'waiting'", rows)


def keep_values(scope: str, at: datetime, ends: Iterable[tuple[str, ItemEnd]]) -> None:
    """Keep the values of items that last by their cache key, for later steps."""
    names = ["scope", "key", "seconds", "figures", "blob", "created_at"]
    fresh = ", ".join(f"{name} = excluded.{name}" for name in names[2:])
    when = prepared(ItemValue, "created_at", at)
    rows = [[scope, key, item.seconds, *_value(item), when] for key, item in ends if item.lasting and not item.failure]
    sql.write(f"{sql.insert(_VALUE, names)} ON CONFLICT (scope, key) DO UPDATE SET {fresh}", rows)


def waiting(run: str, node: str, fan: int, first: int, last: int, most: int | None = None) -> list[tuple[int, str, str]]:
    """Return position, key and cache key of the items between two positions that have not ended, in order."""
    where = "run_id = %s AND node = %s AND fan = %s AND ordinal >= %s AND ordinal < %s AND state = 'waiting'"
    limit = f" LIMIT {most}" if most is not None else ""
    found = sql.fetch(f"SELECT ordinal, key, content FROM {_ITEM} WHERE {where} ORDER BY ordinal{limit}", [run, node, fan, first, last])
    return [(ordinal, key, content) for ordinal, key, content in found]


def stored(run: str, node: str, fan: int, first: int = 0, last: int = NO_PLACE) -> list[StoredItem]:
    """Return the items of a fan-out between two positions, in order."""
    names = "ordinal, key, content, state, figures, error, seconds, blob, asked"
    where = "run_id = %s AND node = %s AND fan = %s AND ordinal >= %s AND ordinal < %s"
    rows = sql.fetch(f"SELECT {names} FROM {_ITEM} WHERE {where} ORDER BY ordinal", [run, node, fan, first, last])
    return [
        StoredItem(
            ordinal,
            key,
            content,
            state,
            _read(figures),
            _failure(_read(error)),
            seconds or 0.0,
            _place.decode(blob) if blob else None,
            _read(asked),
        )
        for ordinal, key, content, state, figures, error, seconds, blob, asked in rows
    ]


def _value(item: ItemEnd) -> tuple[str | None, str | None]:
    return _json(item.figures), _json(item.blob)


def _json(value: Any) -> str | None:
    return None if value is None else json_text(value)


def _read(text: Any) -> Any:
    return None if text is None else msgspec.json.decode(text)


def _failure(error: Any) -> Failure | None:
    return Failure(**error) if error else None
