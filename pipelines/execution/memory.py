"""Memory of steps: measured growth of the process, estimates from earlier steps, and the machine's memory.

A peak is the process's resident high-water mark minus its value at the start, without files mapped meanwhile, which the kernel can
reclaim. Source: `man 5 proc`, VmHWM and clear_refs.
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
# Limit, usage and statistics of a container in control groups version 2 and 1; its cached files can be dropped.
CGROUPS = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory.stat", "inactive_file"),
    (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes",
        "/sys/fs/cgroup/memory/memory.stat",
        "total_inactive_file",
    ),
)
# A step without a limit may use half of the machine's memory, so that no single step can exhaust it.
STEP_SHARE = 0.5
# Steps together can. When less than SCARCE_SHARE is available, the largest step is stopped if it exceeds its part of FAIR_SHARE.
SCARCE_SHARE, FAIR_SHARE = 0.1, 0.75
# In bytes: the peak of a step with smaller inputs does not scale.
SMALL = 16 * 1024**2


class Peak:
    """Measures from its creation."""

    def __init__(self) -> None:
        with suppress(OSError), RESET.open("wb", buffering=0) as reset:
            reset.write(b"5")
        facts = _facts()
        self._before, self._mapped = facts.get("VmRSS", 0), facts.get("RssFile", 0)

    def bytes(self) -> int | None:
        """Return the peak growth of the process in bytes; None where the system does not report it."""
        facts = _facts()
        if "VmHWM" not in facts:
            return None
        mapped = max(0, facts.get("RssFile", 0) - self._mapped)
        return max(0, facts["VmHWM"] - self._before - mapped)


def _facts() -> dict[str, int]:
    """Return the relevant figures of the process's status file, in bytes."""
    with suppress(OSError), STATUS.open("rb", buffering=0) as page:
        return {name.decode(): int(size) * 1024 for name, size in FIGURE.findall(page.read())}
    return {}


def estimate(past: Sequence[tuple[int, int]], input_bytes: int) -> int | None:
    """Estimate a step's peak memory: the largest of earlier steps, scaled by input size.

    Args:
        past: Peak and input bytes of earlier steps of the same kind.
        input_bytes: The size of the inputs, in bytes.

    Returns:
        Bytes, or None without earlier steps.
    """
    return max((int(peak * max(1.0, input_bytes / max(before, SMALL))) for peak, before in past), default=None)


@cache
def machine_bytes() -> int:
    """Return the memory of this machine or its container, in bytes."""
    found = [_meminfo("MemTotal")]
    for most, *_ in CGROUPS:
        with suppress(OSError, ValueError):  # no such file, or the value max
            found.append(int(Path(most).read_text()))
    return min(found)


def available_bytes() -> int:
    """Return the memory that is free or can be freed by dropping cached files, in bytes."""
    found = [_meminfo("MemAvailable")]
    for most, used, statistics, cached in CGROUPS:
        with suppress(OSError, ValueError):
            facts = dict(line.split() for line in Path(statistics).read_text().splitlines())
            found.append(int(Path(most).read_text()) - int(Path(used).read_text()) + int(facts.get(cached, 0)))
    return min(found)


def step_bytes() -> int:
    """Return a step's default memory limit on this machine, in bytes."""
    return int(machine_bytes() * STEP_SHARE)


def fair_bytes(processes: int) -> int:
    """Return a step's fair share when memory is scarce and this many steps run at once, in bytes."""
    return int(machine_bytes() * FAIR_SHARE) // max(1, processes)


def _meminfo(name: str) -> int:
    return next(int(line.split()[1]) * 1024 for line in MEMINFO.read_text().splitlines() if line.startswith(f"{name}:"))


def in_words(bytes: int) -> str:
    """Format a size for display."""
    for unit, size in (("GB", 1024**3), ("MB", 1024**2)):
        if bytes >= size:
            return f"{bytes / size:{'.3g' if bytes < 100 * size else ',.0f'}} {unit}"
    return f"{max(1, bytes // 1024)} kB"
