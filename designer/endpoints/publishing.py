"""Building a version: the scoring graph of a run as a bundle, proven equal to what the run's own scores were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from designer.endpoints.models import EndpointVersion


@dataclass(frozen=True)
class Built:
    """A bundle in the store, with its signature and an example row."""

    bundle: str
    data: bytes
    signature: dict[str, Any]
    example: dict[str, Any]


class CannotPublish(Exception):
    """A version cannot be published; the words say why, and `parity` is the report of a failed proof."""

    def __init__(self, words: str, parity: dict[str, Any] | None = None) -> None:
        super().__init__(words)
        self.parity = parity


def build(version: EndpointVersion) -> Built:
    """Derive and store the scoring graph of a version's run."""
    raise CannotPublish("not yet")


def prove(version: EndpointVersion, made: Built) -> dict[str, Any]:
    """Score the held-out rows both ways."""
    raise CannotPublish("not yet")
