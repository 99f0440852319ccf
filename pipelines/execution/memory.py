"""The memory of a step: how far its process grew, how far a step like it may grow, and what the machine has.

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
MEMINFO = Path("/proc/meminfo")
# Limit, use and statistics of a container, of control groups version 2 and 1; the files that are cached for it can be dropped.
CGROUPS = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory.stat", "inactive_file"),
    (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes",
        "/sys/fs/cgroup/memory/memory.stat",
        "total_inactive_file",
    ),
)
# A step without a limit may take half of the machine, so that no single step can starve it.
STEP_SHARE = 0.5
# Steps together can: with less than this available, the largest of them is ended, if it holds more than its share of FAIR_SHARE.
SCARCE_SHARE, FAIR_SHARE = 0.1, 0.75
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
    found = [_meminfo("MemTotal")]
    for most, *_ in CGROUPS:
        with suppress(OSError, ValueError):  # no such file, or the word max
            found.append(int(Path(most).read_text()))
    return min(found)


def available_bytes() -> int:
    """The memory that is free, or can be had by dropping cached files, in bytes."""
    found = [_meminfo("MemAvailable")]
    for most, used, statistics, cached in CGROUPS:
        with suppress(OSError, ValueError):
            facts = dict(line.split() for line in Path(statistics).read_text().splitlines())
            found.append(int(Path(most).read_text()) - int(Path(used).read_text()) + int(facts.get(cached, 0)))
    return min(found)


def step_bytes() -> int:
    """What a step may take on this machine where no limit says otherwise, in bytes."""
    return int(machine_bytes() * STEP_SHARE)


def fair_bytes(processes: int) -> int:
    """What a step may take when memory is scarce and this many are carried out at once, in bytes."""
    return int(machine_bytes() * FAIR_SHARE) // max(1, processes)


def _meminfo(name: str) -> int:
    return next(int(line.split()[1]) * 1024 for line in MEMINFO.read_text().splitlines() if line.startswith(f"{name}:"))


def in_words(bytes: int) -> str:
    """A size for people."""
    for unit, size in (("GB", 1024**3), ("MB", 1024**2)):
        if bytes >= size:
            return f"{bytes / size:{'.3g' if bytes < 100 * size else ',.0f'}} {unit}"
    return f"{max(1, bytes // 1024)} kB"
