"""Results kept for reuse: what a step with given ingredients left before, and writing a new one down."""

from __future__ import annotations

from typing import Any

from pipelines import rows
from pipelines.artifacts import store
from pipelines.models import Result


def known(scope: str, key: str) -> tuple[dict[str, Any], str, str] | None:
    """The records of a kept result whose files are all there and sound, the run that made it, and when."""
    found = rows.known_result(scope, key)
    if found is None:
        return None
    files = store(scope)
    digests = {record[part] for record in found[0].values() for part in ("digest", "report") if record[part]}
    return found if all(files.has(digest) for digest in digests) else None


def remember(result: Result) -> None:
    """Write a result down, in place of an older one with the same ingredients."""
    rows.keep_result(result)
