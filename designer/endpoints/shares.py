"""Shares of an endpoint's versions: whole percents by number, which sum to 100. Pure functions."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

Shares = Mapping[int, int]
WHOLE = 100


class WrongShares(ValueError):
    """Shares that cannot be; the message says why."""


def checked(shares: Shares, ready: Sequence[int]) -> dict[int, int]:
    """Return the shares without zeros, in the order of the versions.

    Args:
        shares: Percents by the number of a version.
        ready: The versions that may take requests.

    Raises:
        WrongShares: When they do not sum to 100, one is outside 0 to 100, or a version is not ready.
    """
    for number, share in shares.items():
        if not 0 <= share <= WHOLE:
            raise WrongShares(f"The share of version {number} is {share}; a share is a whole percent from 0 to 100.")
        if share and number not in ready:
            raise WrongShares(f"Version {number} is not ready, so it cannot take requests.")
    if (total := sum(shares.values())) != WHOLE:
        raise WrongShares(f"The shares sum to {total}; they must sum to 100.")
    return {number: shares[number] for number in sorted(shares) if shares[number]}


def with_canary(shares: Shares, number: int, share: int) -> dict[int, int]:
    """Return shares in which one version has `share` percent, and the others keep their proportions in what is left.

    Rounding follows the largest remainder; equal remainders go to the older version. Without others the version has everything.
    """
    others = {each: old for each, old in sorted(shares.items()) if each != number and old}
    if not others:
        return {number: WHOLE}
    left, before = WHOLE - share, sum(others.values())
    exact = {each: old * left / before for each, old in others.items()}
    given = {each: int(part) for each, part in exact.items()}
    short = left - sum(given.values())
    for each in sorted(exact, key=lambda each: (given[each] - exact[each], each))[:short]:
        given[each] += 1
    return {each: part for each, part in sorted({**given, number: share}.items()) if part}


def last_whole(history: Sequence[Shares], now: Shares) -> int | None:
    """Return the version that last had all requests before now; None without one.

    Args:
        history: Earlier shares, the newest first.
        now: The present shares.
    """
    for shares in history:
        for number, share in shares.items():
            if share == WHOLE and now.get(number) != WHOLE:
                return number
    return None


def bucket(salt: str, text: str) -> int:
    """Return the place of a text among the percents, 0 to 99. Every process gives the same; endpoints do not share their order."""
    return zlib.crc32(f"{salt}:{text}".encode(errors="surrogatepass")) % WHOLE
