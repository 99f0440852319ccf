"""Connections of a workspace: named places outside Easel. Their secrets are encrypted in the database with the installation's secret key."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.dispatch import Signal

from pipelines.catalogue.connection import Connection, ConnectionKind, Secret
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import Module
from pipelines.catalogue.params import Param, ParamKind
from pipelines.compilation import Plan, Step
from pipelines.graph.model import Graph
from pipelines.graph.problem import Problem
from pipelines.models import Connection as Row

PURPOSE = b"easel: secrets of connections"
# Sent with `connection`, `run` and `node` when a step of a run opens a secret: once for each of them and process, not for each of a step's items.
secret_used = Signal()
REMEDY = "Select another connection, or ask an admin to create it on the Team page."
TITLES: Mapping[ConnectionKind, str] = {
    ConnectionKind.DATABASE: "a database",
    ConnectionKind.S3: "an S3 bucket",
    ConnectionKind.HTTP: "a web server",
    ConnectionKind.FOLDER: "a folder",
}


def encrypt(secret: str) -> str:
    """Return a secret as the database stores it; an empty one stays empty."""
    return _cipher().encrypt(secret.encode()).decode() if secret else ""


def decrypt(row: Row) -> Secret:
    """Return the secret of a connection.

    Raises:
        ModuleError: `secret_locked`, when it was encrypted with a key that the installation does not have.
    """
    if not row.secret:
        return Secret()
    try:
        return Secret(_cipher().decrypt(row.secret.encode()).decode())
    except InvalidToken:
        words = f"The secret of the connection “{row.name}” was encrypted with another secret key of the installation."
        remedy = "Enter the secret again on the Team page, or ask the administrator to add the former key to EASEL_OLD_SECRET_KEYS."
        raise ModuleError("secret_locked", words, remedy=remedy) from None


def decrypt_text(stored: str) -> str:
    """Return a secret that is no connection's.

    Raises:
        ModuleError: `secret_locked`, when it was encrypted with a key that the installation does not have.
    """
    try:
        return _cipher().decrypt(stored.encode()).decode() if stored else ""
    except InvalidToken:
        words = "The secret was encrypted with another secret key of the installation."
        raise ModuleError("secret_locked", words, remedy="Create a new secret, or ask the administrator to add the former key.") from None


def renewed(stored: str) -> str | None:
    """Return a stored secret, encrypted with the current key; None when it is readable with no key."""
    try:
        return _cipher().rotate(stored.encode()).decode()
    except InvalidToken:
        return None


def renew() -> int:
    """Encrypt with the current key what was encrypted with an old one; returns how many secrets are readable with no key."""
    lost = 0
    for row in Row.objects.exclude(secret=""):
        secret = renewed(row.secret)
        if secret is None:
            lost += 1
        else:
            Row.objects.filter(pk=row.pk, secret=row.secret).update(secret=secret)
    return lost


def _cipher() -> MultiFernet:
    return _cipher_of((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _cipher_of(keys: tuple[str, ...]) -> MultiFernet:
    """Encrypts with the first key, decrypts with each. A key has far more than 256 random bits, so no slow derivation is needed."""
    derived = (HKDF(SHA256(), 32, salt=None, info=PURPOSE).derive(key.encode()) for key in keys)
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in derived])


def opened(row: Row) -> Connection:
    """Return a connection with its secret, for the worker that uses it.

    Raises:
        ModuleError: `secret_locked`.
    """
    return Connection(row.name, ConnectionKind(row.kind), row.address, row.user, row.endpoint, decrypt(row))


def connections_of(step: Step, module: Module, scope: str, run: str) -> dict[str, Connection]:
    """Return the connections that a step of a run names in its settings, by setting.

    Raises:
        ModuleError: When one does not exist, is of another kind, or cannot be decrypted.
    """
    named = {
        param: step.settings[param.name] for param in _params(module) if step.settings.get(param.name) and param.matters(step.settings)
    }
    if not named:
        return {}
    rows = {row.name: row for row in Row.objects.filter(scope=scope, name__in=named.values())}
    for param, name in named.items():
        if wrong := _wrong(param, name, {row.name: row.kind for row in rows.values()}):
            raise ModuleError(wrong[0], wrong[1], param=param.name, remedy=REMEDY)
    found = {param.name: opened(rows[name]) for param, name in named.items()}
    for name in dict.fromkeys(named.values()):
        if rows[name].secret:
            _told(rows[name].pk, run, step.node)
    return found


@lru_cache(maxsize=10_000)
def _told(connection: str, run: str, node: str) -> None:
    secret_used.send_robust(Row, connection=connection, run=run, node=node)


def connections_named(plan: Plan, scope: str) -> list[Row]:
    """Return the connections that the steps of a plan name, with their secrets encrypted."""
    steps = [(step, catalogue().modules[step.module]) for step in plan.steps.values()]
    names = {step.settings.get(param.name) for step, module in steps for param in _params(module) if param.matters(step.settings)}
    return list(Row.objects.filter(scope=scope, name__in=names - {None, ""}).order_by("name"))


def problems(graph: Graph, scope: str) -> list[Problem]:
    """Return a problem for each setting that names a connection which does not exist, or is of another kind."""
    found = []
    known: dict[str, str] | None = None
    for node in graph.nodes.values():
        module = catalogue().modules[node.module]
        values = module.settings(node.params) if module.freshness else {}
        for param in _params(module):
            name = values.get(param.name)
            if not name or not param.matters(values):
                continue
            if known is None:
                known = dict(Row.objects.filter(scope=scope).values_list("name", "kind"))
            if wrong := _wrong(param, name, known):
                found.append(Problem(wrong[0], wrong[1], node=node.id, param=param.name, remedy=REMEDY))
    return found


def _params(module: Module) -> list[Param]:
    return [param for param in module.params if param.kind is ParamKind.CONNECTION] if module.freshness else []


def _wrong(param: Param, name: str, known: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the code and the words of what is wrong with the connection that a setting names."""
    if name not in known:
        return "unknown_connection", f"There is no connection “{name}” in this workspace."
    kind = ConnectionKind(known[name])
    if param.connects and kind not in param.connects:
        wanted = " or ".join(TITLES[each] for each in param.connects)
        return "wrong_connection", f"The connection “{name}” leads to {TITLES[kind]}; {param.title} needs {wanted}."
    return None
