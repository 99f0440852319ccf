"""Distances between a window and the reference, and how probable they are without any change.

PSI is the population stability index over deciles or categories with a bin for gaps. KS is the largest distance of the distributions at the edges of
the bins of the reference: it is too small by at most the share of one bin, 2 % where values have no ties. Wasserstein is the mean distance in standard
deviations of the reference, linear within bins (a normal column is within 0.02, and 7 % at a shift of one deviation); numbers out of its range count as
at its end.
The probabilities are those of a G-test with Williams' correction (Sokal and Rohlf, Biometry), of the Kolmogorov distribution for both sizes, and of the
test of ranks of Mann and Whitney with its correction for ties: the first finds changes of the form, the last one shifts. The smallest counts, times three.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import numpy as np

from pipelines.monitoring.profile import ColumnProfile
from pipelines.monitoring.tally import Numbers, Tally

FLOOR = 1e-4  # the least share, so that an empty bin has a finite PSI
CHANCE = 1e-3  # how often no change exceeds `psi_limit`


class Drift(msgspec.Struct, frozen=True):
    """Distances of one column. `psi_limit` is what PSI exceeds once in 1,000 windows of this size without any change."""

    psi: float
    psi_limit: float
    ks: float | None
    wasserstein: float | None
    p: float


class Cells(NamedTuple):
    """Rows of the reference and of the window in the bins that PSI compares; the last one has the gaps."""

    reference: Numbers
    window: Numbers


def compare(column: ColumnProfile, window: Tally) -> Drift | None:
    """Compare a window with the reference; None for a column of which gaps alone are counted, or without rows."""
    from scipy import special  # noqa: PLC0415  (a web process starts without it)

    if column.kind == "presence" or not window.bins or window.missing + window.present == 0:
        return None
    cells = cells_of(column, window)
    sizes = float(cells.reference.sum()), float(cells.window.sum())
    psi = _psi(cells.reference / sizes[0], cells.window / sizes[1])
    p, degrees = _g_test(cells)
    limit = (1 / sizes[0] + 1 / sizes[1]) * float(special.chdtri(degrees, CHANCE)) if degrees else 0.0
    if column.kind != "number" or not window.present:
        return Drift(psi, limit, None, None, p)
    gaps = np.cumsum(window.bins)[:-1] / window.present - np.cumsum(column.tally.bins)[:-1] / column.tally.present
    ks = float(np.abs(gaps).max(initial=0))
    size = window.present * column.tally.present / (window.present + column.tally.present)
    p = min(1.0, 3 * min(p, float(special.kolmogorov(ks * np.sqrt(size))), _rank_test(column.tally, window)))
    return Drift(psi, limit, ks, _wasserstein(column, gaps), p)


def cells_of(column: ColumnProfile, window: Tally) -> Cells:
    """Return the counts of both in the bins that PSI compares."""
    reference, found = (
        np.append(np.add.reduceat(np.array(tally.bins, dtype=np.float64), column.groups), tally.missing) for tally in (column.tally, window)
    )
    return Cells(reference, found)


def _psi(reference: Numbers, window: Numbers) -> float:
    r, c = np.maximum(reference, FLOOR), np.maximum(window, FLOOR)
    return float(np.sum((c - r) * np.log(c / r)))


def _g_test(cells: Cells) -> tuple[float, int]:
    """The probability of cells so different without any change, and the degrees of freedom."""
    from scipy import special  # noqa: PLC0415  (a web process starts without it)

    both = cells.reference + cells.window
    there = both > 0
    r, c, both = cells.reference[there], cells.window[there], both[there]
    m, n, degrees = r.sum(), c.sum(), int(there.sum()) - 1
    if degrees < 1:
        return 1.0, 0
    total = m + n
    g = 2 * float(np.sum(special.xlogy(r, r * total / (m * both)) + special.xlogy(c, c * total / (n * both))))
    correction = 1 + (total / m + total / n - 1) * (float(np.sum(total / both)) - 1) / (6 * total * degrees)
    return float(special.chdtrc(degrees, max(0.0, g) / correction)), degrees


def _rank_test(reference: Tally, window: Tally) -> float:
    """The probability of mean ranks so different without any change, with all values of a bin as ties."""
    from scipy import special  # noqa: PLC0415  (a web process starts without it)

    r, c = np.array(reference.bins, dtype=np.float64), np.array(window.bins, dtype=np.float64)
    m, n, ties = r.sum(), c.sum(), r + c
    total = m + n
    ranks = np.cumsum(ties) - ties / 2
    variance = n * m / 12 * (total + 1 - float(np.sum(ties**3 - ties)) / (total * (total - 1)))
    return float(special.erfc(abs(float(c @ ranks) - n * total / 2) / np.sqrt(2 * variance))) if variance > 0 else 1.0


def _wasserstein(column: ColumnProfile, gaps: Numbers) -> float | None:
    """The area between the two distributions, whose difference at the edges is given, over the standard deviation."""
    low, high = column.tally.low, column.tally.high
    if not column.spread or low is None or high is None:
        return None
    knots = np.concatenate(([low], column.edges, [high]))
    ends = np.concatenate(([0.0], gaps, [0.0]))
    a, b = ends[:-1], ends[1:]
    whole = np.abs(a) + np.abs(b)
    crossing = a * b < 0
    heights = np.where(crossing, (a * a + b * b) / np.where(crossing, 2 * whole, 1), whole / 2)
    return float(np.sum(np.diff(knots) * heights) / column.spread)


def chance_of(rows: int, of: int, expected: float, against: float) -> float:
    """Return the probability of at least `rows` among `of`, of a share with a beta distribution of these parameters (beta-binomial).

    The share of a thing that the reference has `k` times in `m` rows has the parameters k + 1/2 and m - k + 1/2 (Jeffreys).
    """
    from scipy import special  # noqa: PLC0415  (a web process starts without it)

    if rows <= 0:
        return 1.0
    k = np.arange(rows, of + 1, dtype=np.float64)
    a, b = expected, against
    logs = (special.gammaln(of + 1) - special.gammaln(k + 1) - special.gammaln(of - k + 1)) + (
        special.gammaln(k + a) + special.gammaln(of - k + b) - special.gammaln(of + a + b)
    )
    logs += special.gammaln(a + b) - special.gammaln(a) - special.gammaln(b)
    return float(min(1.0, np.exp(logs).sum()))
