"""The default rate limits: how often a user, or the address of an anonymous request, may do an action."""

from __future__ import annotations

from collections.abc import Mapping

from limits import RateLimitItem, parse

OFF = "off"

# Name -> (rate, what it counts). Far above what users, scripts or our own tests need; EASEL_RATES changes single ones.
DEFAULTS: Mapping[str, tuple[str, str]] = {
    "run.start": ("600/minute", "run starts"),
    "scoring.prove": ("60/minute", "proofs of parity"),
    "pipeline.make": ("600/minute", "new pipelines"),
    "upload": ("300/minute", "uploads"),
    "model.convert": ("60/minute", "conversions of models"),
    "download": ("300/minute", "downloads"),
    "workspace.make": ("60/hour", "new workspaces"),
    "token.make": ("60/hour", "new tokens"),
    "member.invite": ("120/hour", "invitations"),
    "environment.build": ("60/hour", "environment builds"),
    "connection.test": ("120/hour", "connection tests"),
    "endpoint.test": ("1200/hour", "endpoint tests"),
    "hook.receive": ("600/minute", "webhooks from one address"),
    "sign_in.account": ("10/15minute", "wrong passwords for one account from one address"),
    "sign_in.address": ("50/15minute", "wrong passwords from one address"),
    "sign_in.everywhere": ("100/hour", "wrong passwords for one account from unknown addresses"),
    "password.change": ("10/15minute", "wrong current passwords"),
    "token.guess": ("60/minute", "unknown tokens from one address"),
    "link.guess": ("30/minute", "unknown links from one address"),
    "audit.refused": ("120/minute", "refusals that the audit trail lists"),
    "audit.gap": ("1/minute", "notes that it lists no more"),
    "socket.open": ("3000/minute", "windows opened"),
    "socket.message": ("12000/minute", "messages of open windows"),
}


def table(changes: str = "") -> dict[str, RateLimitItem]:
    """The limits in force.

    Args:
        changes: Those that differ from the defaults, such as `run.start=100/minute,upload=off`.

    Raises:
        ValueError: For an unknown limit or an invalid rate; the message completes a sentence that starts with the variable's name.
    """
    rates = {name: rate for name, (rate, _) in DEFAULTS.items()}
    for change in filter(None, (part.strip() for part in changes.split(","))):
        name, _, rate = (part.strip() for part in change.partition("="))
        if name not in rates:
            raise ValueError(f"names '{name}', which is not a limit. The limits are {', '.join(rates)}.")
        rates[name] = rate
    return {name: _item(name, rate) for name, rate in rates.items() if rate != OFF}


def _item(name: str, rate: str) -> RateLimitItem:
    try:
        return parse(rate)
    except ValueError:
        raise ValueError(
            f"sets {name} to '{rate}', which is not a rate. Use a form such as 100/minute or 10/15minute, or as {OFF}."
        ) from None
