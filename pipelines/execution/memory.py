"""The memory of a step: how far its process grew, and how far a step like it may grow.

Measured is the resident high-water mark of the process over what it was at the start, less the files that were mapped meanwhile, which the
system takes back when it must. Source: `man 5 proc`, VmHWM and clear_refs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
FIGURE = re.compile(rb"^(VmHWM|VmRSS|RssFile):\s+(\d+) kB$", re.MULTILINE)
CGROUPS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
# Below this, what a step takes says little about what it takes of more.
SMALL = 16 * 1024**2


class Peak:
    """Measures from its making on."""

    def __init__(self) -> None:
        with suppress(OSError), RESET.open("wb", buffering=0) as reset:
            reset.write(b"5")
        facts = _facts()
        self._before, self._mapped = facts.get("VmRSS", 0), facts.get("RssFile", 0)

    def bytes(self) -> int | None:
        """How far the process grew at most, in bytes; None where the system does not tell."""
        facts = _facts()
        if "VmHWM" not in facts:
            return None
        mapped = max(0, facts.get("RssFile", 0) - self._mapped)
        return max(0, facts["VmHWM"] - self._before - mapped)


def _facts() -> dict[str, int]:
    """The figures of the system's status page that count here, in bytes."""
    with suppress(OSError), STATUS.open("rb", buffering=0) as page:
        return {name.decode(): int(size) * 1024 for name, size in FIGURE.findall(page.read())}
    return {}


def estimate(past: Sequence[tuple[int, int]], input_bytes: int) -> int | None:
    """What a step may take, by the largest of earlier ones scaled to the size of what arrives.

    Args:
        past: Peak and input bytes of earlier steps of the same kind.
        input_bytes: The size of what arrives now.

    Returns:
        Bytes, or None when there is nothing to go by.
    """
    return max((int(peak * max(1.0, input_bytes / max(before, SMALL))) for peak, before in past), default=None)


@cache
def machine_bytes() -> int:
    """The memory that this machine or its container has, in bytes."""
    found = [int(line.split()[1]) * 1024 for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal:")]
    for file in CGROUPS:
        with suppress(OSError, ValueError):  # no such file, or the word max
            found.append(int(Path(file).read_text()))
    return min(found)


def in_words(bytes: int) -> str:
    """A size for people."""
    for unit, size in (("GB", 1024**3), ("MB", 1024**2)):
        if bytes >= size:
            return f"{bytes / size:{'.3g' if bytes < 100 * size else ',.0f'}} {unit}"
    return f"{max(1, bytes // 1024)} kB"
