"""The limits of an endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

import msgspec


class EndpointLimits(msgspec.Struct, frozen=True):
    """What one request may ask for, and how many may wait. `rate` is in requests per minute and key."""

    body_bytes: Annotated[int, msgspec.Meta(ge=1_000, le=100_000_000)] = 5_000_000
    rows: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1_000
    seconds: Annotated[float, msgspec.Meta(gt=0, le=300)] = 10.0
    queue: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 100
    rate: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)] = 600_000

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """The stored limits; defaults for the others.

        Raises:
            msgspec.ValidationError: When one is out of range; its message names it.
        """
        return msgspec.convert(dict(stored), cls)
