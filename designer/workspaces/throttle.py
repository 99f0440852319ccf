"""Slowing those who guess passwords, across all processes."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from designer.workspaces.models import FailedSignIn

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 10
PER_ADDRESS = 50


def must_wait(email: str, address: str) -> bool:
    """Whether an account or an address has seen too many failures lately."""
    recent = FailedSignIn.objects.filter(at__gt=timezone.now() - WINDOW)
    return recent.filter(key=_account(email)).count() >= PER_ACCOUNT or recent.filter(key=_address(address)).count() >= PER_ADDRESS


def note_failure(email: str, address: str) -> None:
    """Remember a failed attempt, and forget old ones."""
    FailedSignIn.objects.filter(at__lt=timezone.now() - WINDOW).delete()
    FailedSignIn.objects.bulk_create(FailedSignIn(key=key) for key in (_account(email), _address(address)))


def forgive(email: str) -> None:
    """Forget an account's failures once its owner is in."""
    FailedSignIn.objects.filter(key=_account(email)).delete()


def _account(email: str) -> str:
    return f"account:{email.lower()[:250]}"


def _address(address: str) -> str:
    return f"address:{address[:100]}"
