"""Connection services: create, change, test. A secret goes in, and does not come out."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from designer.http.errors import Refusal
from designer.workspaces.models import Workspace
from pipelines import flow
from pipelines.catalogue.connection import Connection, ConnectionKind, Secret
from pipelines.catalogue.errors import ModuleError
from pipelines.models import Connection as Row
from pipelines.outside.trial import check

MOST_CONNECTIONS = 100
PLACE = ("address", "user", "endpoint")


def make(workspace: Workspace, asked: Mapping[str, str]) -> Row:
    """Create a connection.

    Raises:
        Refusal: When its address is invalid, its name is taken, or the workspace has too many.
    """
    if Row.objects.filter(scope=workspace.pk).count() >= MOST_CONNECTIONS:
        words = f"This workspace already has {MOST_CONNECTIONS} connections, the maximum."
        raise Refusal(409, "too_many_connections", words, remedy="Delete one that is not used.")
    secret = asked.get("secret", "")
    row = Row(scope=workspace.pk, name=asked["name"], kind=asked["kind"], **{name: asked.get(name, "").strip() for name in PLACE})
    _check(row, Secret(secret))
    row.secret = flow.outside.encrypt(secret)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        words = f"A connection named “{row.name}” already exists."
        raise Refusal(409, "name_taken", words, remedy="Enter another name, or delete the existing one first.", field="name") from None
    return row


def change(row: Row, asked: Mapping[str, str]) -> None:
    """Change where a connection leads to, or its secret.

    A stored secret is not sent to another place: a change of the place needs it again.

    Raises:
        Refusal: When the address is invalid, or the secret is missing.
    """
    before = {name: getattr(row, name) for name in PLACE}
    for name in PLACE:
        setattr(row, name, asked.get(name, before[name]).strip())
    moved = any(getattr(row, name) != before[name] for name in PLACE)
    if moved and row.secret and "secret" not in asked:
        words = "The connection leads elsewhere now, and the stored secret is only for the former place."
        raise Refusal(422, "secret_needed", words, remedy="Enter the secret again.", field="secret")
    _check(row, Secret(asked.get("secret", "-" if row.secret else "")))
    if "secret" in asked:
        row.secret = flow.outside.encrypt(asked["secret"])
    row.save()


def test(row: Row) -> str:
    """Use a connection once, and say what was found.

    Raises:
        Refusal: 422 when it does not work.
    """
    try:
        return flow.outside.try_connection(flow.outside.opened(row))
    except ModuleError as wrong:
        raise Refusal(422, wrong.code, wrong.words, remedy=wrong.remedy) from None


def _check(row: Row, secret: Secret) -> None:
    try:
        check(Connection(row.name, ConnectionKind(row.kind), row.address, row.user, row.endpoint, secret))
    except ModuleError as wrong:
        raise Refusal(422, wrong.code, wrong.words, remedy=wrong.remedy, field=wrong.param or "address") from None
