"""Result cache: look up a step's outputs by the key of its ingredients."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.runtime.ledger import sql
from pipelines.runtime.ledger.sql import CachedResult
from pipelines.runtime.storage.artifacts import store


@dataclass(frozen=True)
class Unverified:
    """A result whose files must be read, or checked in remote storage, before reuse: outside this transaction, which others wait for."""

    digests: list[str]


def lookup(scope: str, key: str, *, deferred: bool) -> CachedResult | Unverified | None:
    """Return a cached result whose files are all present and sound; a deferred one only if `deferred` is set."""
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
