"""`manage.py sign_in_link [EMAIL]`: print a one-time sign-in link for a person; a new account is created when needed."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand

from designer.audit import trail
from designer.workspaces.links import local_owner, make_sign_in_link
from designer.workspaces.people import email_of, make_person, make_workspace


class Command(BaseCommand):
    """Prints the link's path, or its full URL."""

    help = "Print a link that signs a person in, once, within half an hour."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", nargs="?", help="the email of the account; by default, the first account")
        parser.add_argument("--base", default="", help="the address of the installation, such as http://127.0.0.1:8000")

    def handle(self, *args: Any, email: str | None, base: str, **options: Any) -> None:
        person = _person(email) if email else local_owner()
        trail.record(trail.Draft("link.make", kind="person", subject=str(person.pk), name=email_of(person), via="command"))
        self.stdout.write(base + make_sign_in_link(person))


def _person(email: str) -> User:
    found = User.objects.filter(username=email.lower()).first()
    if found is None:
        found = make_person(email)
        make_workspace("My workspace", found)
    return found
