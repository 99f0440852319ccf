"""Results kept for reuse: what a step with given ingredients left before, and writing a new one down."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.models import Result
from pipelines.runtime.ledger import sql
from pipelines.runtime.ledger.sql import CachedResult
from pipelines.runtime.storage.artifacts import store


@dataclass(frozen=True)
class Unverified:
    """A result with files that must be read, or asked for far away, before it may be reused; not while others wait for this transaction."""

    digests: list[str]


def lookup(scope: str, key: str, *, deferred: bool) -> CachedResult | Unverified | None:
    """A kept result whose files are all there and sound; whether one that is deferred will do."""
    found = sql.cached_result(scope, key)
    if found is None or (not deferred and any(output.deferred for output in found.outputs.values())):
        return None
    files = store(scope)
    digests = {digest for output in found.outputs.values() for digest in (output.digest, output.report) if digest}
    sound = {digest: files.known(digest) for digest in digests}
    if False in sound.values():
        return None
    unsure = [digest for digest, is_sound in sound.items() if is_sound is None]
    return Unverified(unsure) if unsure else found


def save(result: Result) -> None:
    """Write a result down, in place of an older one with the same ingredients."""
    sql.save_result(result)
