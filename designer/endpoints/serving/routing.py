"""What a serving process knows: endpoints, their loaded versions and keys. It is replaced as a whole, and never changed.

A request takes the routing at its start and keeps it, so it ends on the version that it started with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from designer.endpoints.keeping import Rule
from designer.endpoints.limits import EndpointLimits
from designer.endpoints.serving.model import Model
from designer.endpoints.shares import bucket


@dataclass(frozen=True, slots=True)
class Key:
    """A key, by the hash of which requests are recognized. `expires_at` is a Unix time, `rate` in requests per minute."""

    id: str
    endpoint: str
    rate: int
    expires_at: float | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """An endpoint with its loaded versions. `choices` pairs each version that takes requests with the percents below which it does.

    `keeping` says what is kept of requests; None for nothing.
    """

    id: str
    workspace: str
    name: str
    limits: EndpointLimits
    sticky_column: str
    versions: Mapping[int, Model]
    choices: tuple[tuple[int, Model], ...]
    keeping: Rule | None = None

    def choose(self, text: str) -> Model | None:
        """The version for a request, always the same for the same text; None when none takes requests."""
        if len(self.choices) == 1:
            return self.choices[0][1]
        place = bucket(self.id, text)
        return next((model for below, model in self.choices if place < below), None)

    @property
    def main(self) -> Model | None:
        """The version that takes the most requests."""
        widths = zip(self.choices, (0, *(below for below, _ in self.choices)), strict=False)
        return max(((below - start, model) for (below, model), start in widths), key=lambda each: each[0], default=(0, None))[1]


@dataclass(frozen=True, slots=True)
class Routing:
    """All endpoints by id, and the keys by hash. `processes` is the number of processes that share the rates."""

    revision: int = -1
    endpoints: Mapping[str, Served] = field(default_factory=dict)
    keys: Mapping[str, Key] = field(default_factory=dict)
    processes: int = 1

    def key(self, secret: bytes, now: float) -> Key | None:
        """The key with this secret, unless it is unknown or has expired."""
        found = self.keys.get(sha256(secret).hexdigest())
        return None if found is None or (found.expires_at is not None and found.expires_at <= now) else found


def choices(shares: Mapping[int, int], versions: Mapping[int, Model]) -> tuple[tuple[int, Model], ...] | None:
    """Pair each version that takes requests with its upper bound; None when one of them is not loaded."""
    below, found = 0, []
    for number, share in sorted(shares.items()):
        if share:
            below += share
            if number not in versions:
                return None
            found.append((below, versions[number]))
    return tuple(found)
