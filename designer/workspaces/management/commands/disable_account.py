"""`manage.py disable_account EMAIL`: close an account; with --enable, open it again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from designer.workspaces.people import disable, enable


class Command(BaseCommand):
    """Ends a person's sessions and tokens."""

    help = "Disable an account: it cannot sign in, its sessions end, and its tokens are revoked. What it created stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--enable", action="store_true", help="enable it again; its tokens stay revoked")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        user = User.objects.filter(username=email.lower()).first()
        if user is None:
            raise CommandError(f"There is no account with the email {email}.")
        if options["enable"]:
            enable(user)
            self.stdout.write(f"{user.username} can sign in again.")
        else:
            self.stdout.write(f"{user.username} is disabled. Tokens revoked: {disable(user)}.")
