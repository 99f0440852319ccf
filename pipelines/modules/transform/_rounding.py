"""Ways to round: a table of what each is called, what it computes, and what its second argument is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

Array = np.ndarray


def nan_unless(holds: Array, values: Array) -> Array:
    """Return the values where a condition holds, and NaN elsewhere."""
    return np.where(holds, values, np.nan)


def _to_digits(rounded: Callable[[Array], Array], x: Array, digits: Array) -> Array:
    """Round at a decimal digit; negative digits round to tens, hundreds and so on."""
    power = np.power(10.0, np.abs(digits))
    scaled = np.where(digits >= 0, x * power, x / power)
    near = np.rint(scaled)
    # 0.29 × 100 is 28.999999999999996: what is whole but for the error of multiplying is whole
    scaled = np.where(np.abs(scaled - near) <= 4 * np.spacing(np.abs(scaled)), near, scaled)
    whole = rounded(scaled)
    exact = (np.abs(scaled) >= 2.0**52) | ~np.isfinite(scaled)  # has no digits there to round
    return nan_unless(np.floor(digits) == digits, np.where(exact, x, np.where(digits >= 0, whole / power, whole * power)))


def _away(x: Array) -> Array:
    return np.asarray(np.where(x < 0, np.floor(x), np.ceil(x)))


def _power_of_2(x: Array) -> Array:
    part, exponent = np.frexp(x)
    return nan_unless(x > 0, np.ldexp(1.0, np.where(part == 0.5, exponent - 1, exponent)))


ROUNDING: Mapping[str, tuple[str, Callable[..., Array]] | tuple[str, Callable[..., Array], str]] = {
    "ceiling": ("Ceiling", np.ceil),
    "ceiling_power_2": ("Next power of 2", _power_of_2),
    "floor": ("Floor", np.floor),
    "mod": ("Modulo, with the sign of the divisor", np.mod, "the divisor"),
    "quotient": ("Whole quotient, towards 0", lambda x, y: np.trunc(x / y), "the divisor"),
    "remainder": ("Remainder, with the sign of the column", np.fmod, "the divisor"),
    "round_digits": ("Round to digits, half to even", lambda x, digits: _to_digits(np.rint, x, digits), "how many digits"),
    "round_down": ("Round down to digits, towards 0", lambda x, digits: _to_digits(np.trunc, x, digits), "how many digits"),
    "round_up": ("Round up to digits, away from 0", lambda x, digits: _to_digits(_away, x, digits), "how many digits"),
    "to_even": ("Nearest even number", lambda x: 2 * np.rint(x / 2)),
    "to_multiple": ("Nearest multiple", lambda x, y: np.rint(x / y) * y, "of what"),
    "to_odd": ("Nearest odd number", lambda x: 2 * np.rint((x - 1) / 2) + 1),
    "truncate": ("Truncate to a whole number", np.trunc),
}
