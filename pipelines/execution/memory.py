"""How much memory a step may hold, and how much it will probably need."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.procfs import machine_bytes

# A step without a limit may use half of the machine's memory, so that no single step can exhaust it.
STEP_SHARE = 0.5
# Steps together can. When less than SCARCE_SHARE is available, the largest step is stopped if it exceeds its part of FAIR_SHARE.
SCARCE_SHARE, FAIR_SHARE = 0.1, 0.75
# In bytes: the peak of a step with smaller inputs does not scale.
SMALL = 16 * 1024**2


def estimate(past: Sequence[tuple[int, int]], input_bytes: int) -> int | None:
    """Estimate a step's peak memory: the largest of earlier steps, scaled by input size.

    Args:
        past: Peak and input bytes of earlier steps of the same kind.
        input_bytes: The size of the inputs, in bytes.

    Returns:
        Bytes, or None without earlier steps.
    """
    return max((int(peak * max(1.0, input_bytes / max(before, SMALL))) for peak, before in past), default=None)


def step_bytes() -> int:
    """Return a step's default memory limit on this machine, in bytes."""
    return int(machine_bytes() * STEP_SHARE)


def fair_bytes(processes: int) -> int:
    """Return a step's fair share when memory is scarce and this many steps run at once, in bytes."""
    return int(machine_bytes() * FAIR_SHARE) // max(1, processes)


def in_words(bytes: int) -> str:
    """Format a size for display."""
    for unit, size in (("GB", 1024**3), ("MB", 1024**2)):
        if bytes >= size:
            return f"{bytes / size:{'.3g' if bytes < 100 * size else ',.0f'}} {unit}"
    return f"{max(1, bytes // 1024)} kB"
