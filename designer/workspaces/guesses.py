"""Throttles password guesses without locking out the owner of the account.

Wrong passwords are counted for an account at one address, for one address, and for an account at all addresses without an earlier sign-in.
Only the first of the three applies to an address from which the account signed in before: guesses from elsewhere cannot keep its owner out.
"""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from designer.actions import SIGN_INS
from designer.audit.models import AuditEntry, Outcome
from designer.http import rate_limits
from designer.workspaces.token_hashing import digest

KNOWN_FOR = timedelta(days=90)


class Guess:
    """One attempt to sign in: to an account, from an address."""

    def __init__(self, email: str, address: str) -> None:
        self._address = rate_limits.address_key(address)
        self._account = f"account:{digest(email.lower())[:32]}"
        self._pair = f"{self._account} {self._address}"
        self._known = _has_signed_in(email, address)

    def seconds_to_wait(self) -> float | None:
        """Count the attempt, before the password is checked: concurrent guesses count too."""
        if wait := rate_limits.hit("sign_in.account", self._pair):
            return wait
        if self._known:
            return None
        return rate_limits.spent("sign_in.address", self._address) or rate_limits.spent("sign_in.everywhere", self._account)

    def failed(self) -> None:
        """Record a wrong password."""
        rate_limits.hit("sign_in.address", self._address)
        if not self._known:
            rate_limits.hit("sign_in.everywhere", self._account)

    def succeeded(self) -> None:
        """Record a right password: the count of the account at this address is reset."""
        rate_limits.forgive("sign_in.account", self._pair)


def _has_signed_in(email: str, address: str) -> bool:
    user = User.objects.filter(username=email.lower()).values_list("pk", flat=True).first()
    lately = AuditEntry.objects.filter(user_id=user, at__gt=timezone.now() - KNOWN_FOR, action__in=SIGN_INS, outcome=Outcome.ALLOWED)
    return user is not None and lately.filter(address=address).exists()
