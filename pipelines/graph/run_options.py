"""Run options of a node: target, retries and limits. Part of the document, not of the cache key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

TARGETS = ("worker", "sandbox", "docker", "ray")
# Name, minimum, maximum, and whether the number must be whole.
NUMBERS: Mapping[str, tuple[float, float, bool]] = {
    "retries": (0, 10, True),
    "backoff_seconds": (0.1, 3600, False),
    "timeout_seconds": (1, 7 * 24 * 3600, False),
    "memory_mb": (64, 1024 * 1024, True),
}
KEYS = ("target", "environment", *NUMBERS)
BACKOFF_SECONDS = 2.0

STORE_AWAY = "store_away"
OUTAGE_RETRIES = 3


def errors(value: object) -> Iterator[str]:
    """Yield why a value is not a valid `execution`, each as the end of a sentence."""
    if not isinstance(value, dict):
        yield "execution must be an object"
        return
    for key in sorted(str(key) for key in value.keys() - set(KEYS)):
        yield f"execution has an unknown key {key[:60]!r}"
    if value.get("target", "worker") not in TARGETS:
        yield f"the target must be one of {', '.join(TARGETS)}"
    environment = value.get("environment", "")
    if not (isinstance(environment, str) and len(environment) <= 100 and environment.isprintable()):
        yield "the environment must be a name of at most 100 characters"
    for name, (least, most, whole) in NUMBERS.items():
        if name in value and not _is_within(value[name], least, most, whole):
            yield f"{name.replace('_', ' ')} must be a {'whole ' if whole else ''}number from {least:g} to {most:g}"


def _is_within(value: object, least: float, most: float, whole: bool) -> bool:
    return isinstance(value, int if whole else int | float) and not isinstance(value, bool) and least <= value <= most


@dataclass(frozen=True)
class RunOptions:
    """The run options of a node; None for what neither the node nor its graph sets.

    `image` and `packages` are pinned when a run starts: the container's image, or the directory of the sandbox's environment.
    """

    target: str | None = None
    environment: str | None = None
    retries: int | None = None
    backoff_seconds: float | None = None
    timeout_seconds: float | None = None
    memory_mb: int | None = None
    image: str | None = None
    packages: str | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> RunOptions:
        """Create options from valid JSON; unknown keys are ignored."""
        return cls(**{key: data[key] for key in _FIELDS & data.keys()}) if data else NONE

    def as_json(self) -> dict[str, Any]:
        """Return the options that are set, as a plan stores them."""
        return {name: value for name, value in vars(self).items() if value is not None}

    def target_for(self, *, runs_code: bool) -> str:
        """Return where the node is executed: its own choice, else the sandbox if it runs user code, else the worker."""
        return self.target or ("sandbox" if runs_code else "worker")

    def retries_after(self, code: str) -> int:
        """Return the number of retries of a transient failure: the node's own; for a store outage at least OUTAGE_RETRIES."""
        return max(self.retries or 0, OUTAGE_RETRIES if code == STORE_AWAY else 0)

    def backoff(self, tries: int) -> float:
        """Return the delay before a retry in seconds, after so many tries: it doubles each time, up to an hour."""
        return float(min((self.backoff_seconds or BACKOFF_SECONDS) * 2 ** (tries - 1), 3600.0))


_FIELDS = frozenset(field.name for field in fields(RunOptions))
NONE = RunOptions()
