"""Facts about processes and memory from Linux: /proc and the container's control group. No other file reads them.

One rule for memory: a process holds its anonymous, shared and swapped pages. Pages of mapped files do not count, since the kernel can
reclaim them. Source: `man 5 proc`. Why not psutil: docs/decisions/0007-dependencies.md.
"""

from __future__ import annotations

import os
import re
import resource
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
FIGURE = re.compile(rb"^(VmHWM|VmRSS|RssFile):\s+(\d+) kB$", re.MULTILINE)
HELD = re.compile(r"^(?:RssAnon|RssShmem|VmSwap):\s+(\d+) kB$", re.MULTILINE)
SHARE = re.compile(r"^(?:Pss_Anon|Pss_Shmem|SwapPss):\s+(\d+) kB$", re.MULTILINE)
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


def is_alive(pid: int) -> bool:
    """Return whether a process is running; a zombie is not."""
    return started_at(pid) is not None


def started_at(pid: int) -> str | None:
    """Return when a process started, in ticks since boot; None for a dead process, zombies included."""
    try:
        facts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if facts[0] in "ZX" else facts[19]


def boot_id() -> str:
    """Return an id of this boot of the machine, which makes a process id and its start unique."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def name_of(pid: int) -> str:
    """Return a process's name in the system's process list; empty when the process is gone."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def children(pid: int) -> list[int]:
    """Return the children of a process, of any of its threads; none when it is gone."""
    found: list[int] = []
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (thread / "children").read_text().split())
    except OSError:
        pass
    return found


def family(pid: int, most: int) -> Iterator[int]:
    """Yield a process and its descendants, daemons too: in a sandbox they belong to its first process. At most one more than `most`."""
    waiting = [pid]
    while waiting and most >= 0:
        pid = waiting.pop()
        yield pid
        most -= 1
        waiting += children(pid)


def open_files(pid: int) -> Iterator[os.DirEntry[str]]:
    """Yield the open files of a process, each named by its descriptor; none when it is gone."""
    with suppress(OSError), os.scandir(f"/proc/{pid}/fd") as entries:
        yield from entries


def set_oom_score(score: int) -> None:
    """Make the kernel prefer this process when memory runs out; where that is not allowed, nothing changes."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(score))


def held_bytes(pid: int) -> int:
    """Return the memory that a process holds, in bytes; 0 when it is gone."""
    return _kilobytes(f"/proc/{pid}/status", HELD)


def held_together(pids: Iterable[int], most: int) -> int:
    """Return the memory of processes in bytes; above `most`, pages that forked processes share count once, which takes longer to read."""
    pids = list(pids)
    held = sum(map(held_bytes, pids))
    return held if held <= most else sum(_kilobytes(f"/proc/{pid}/smaps_rollup", SHARE) for pid in pids)


def _kilobytes(file: str, lines: re.Pattern[str]) -> int:
    try:
        return sum(map(int, lines.findall(Path(file).read_text()))) * 1024
    except OSError:
        return 0


class Peak:
    """The peak growth of this process, measured from the object's creation.

    It is the resident high-water mark, less its value at the start and the files mapped meanwhile.
    """

    def __init__(self) -> None:
        with suppress(OSError), RESET.open("wb", buffering=0) as reset:
            reset.write(b"5")
        facts = _own_figures()
        self._before, self._mapped = facts.get("VmRSS", 0), facts.get("RssFile", 0)

    def bytes(self) -> int | None:
        """Return the growth in bytes; None where the system does not report it."""
        facts = _own_figures()
        if "VmHWM" not in facts:
            return None
        mapped = max(0, facts.get("RssFile", 0) - self._mapped)
        return max(0, facts["VmHWM"] - self._before - mapped)


def _own_figures() -> dict[str, int]:
    with suppress(OSError), STATUS.open("rb", buffering=0) as page:
        return {name.decode(): int(size) * 1024 for name, size in FIGURE.findall(page.read())}
    return {}


def data_bytes() -> int:
    """Return the size of this process's data segment in bytes, which RLIMIT_DATA limits."""
    return int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()


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


def _meminfo(name: str) -> int:
    return next(int(line.split()[1]) * 1024 for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith(f"{name}:"))
