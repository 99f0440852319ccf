"""Results kept for reuse: what a step with given ingredients left before, why nothing fits, and writing a new one down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines import rows
from pipelines.artifacts import store
from pipelines.execution.fingerprint import difference
from pipelines.models import Result


def known(scope: str, key: str) -> tuple[dict[str, Any], str] | None:
    """The records of a kept result whose files are all there and sound, and when it was made."""
    found = rows.known_result(scope, key)
    if found is None:
        return None
    files = store(scope)
    digests = {record[part] for record in found[0].values() for part in ("digest", "report") if record[part]}
    return found if all(files.has(digest) for digest in digests) else None


def why_not(scope: str, node: str, module: str, made_of: Mapping[str, Any]) -> str:
    """What differs from the newest result of the same node, in a sentence."""
    earlier = rows.last_ingredients(scope, node, module)
    return difference(made_of, earlier) if earlier else "First run of this step."


def remember(result: Result) -> None:
    """Write a result down, in place of an older one with the same ingredients."""
    rows.keep_result(result)
