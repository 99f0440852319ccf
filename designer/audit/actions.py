"""The audit map: audited actions, their display names, and the fields of the request body that the row keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Audited:
    """An action: its display name, the kind of its object, and the body fields that are stored (never a secret)."""

    words: str
    kind: str
    keeps: tuple[str, ...] = ()


ACTIONS: Mapping[str, Audited] = {
    "page.sign_in": Audited("sign in", "person"),
    "page.sign_in_link": Audited("sign in by a link", "person"),
    "page.sign_out": Audited("sign out", "person"),
    "page.join": Audited("join by an invitation", "workspace"),
    "account.disable": Audited("close an account", "person"),
    "account.enable": Audited("open an account again", "person"),
    "link.make": Audited("make a sign-in link", "person"),
    "me.edit": Audited("change one's account", "person", ("name",)),
    "token.make": Audited("make a token", "token", ("scope", "days")),
    "token.revoke": Audited("revoke a token", "token"),
    "workspace.make": Audited("make a workspace", "workspace"),
    "workspace.rename": Audited("rename a workspace", "workspace", ("name",)),
    "workspace.delete": Audited("delete a workspace", "workspace"),
    "limits.edit": Audited("change limits", "workspace", ("runs", "step_memory_bytes", "step_seconds", "store_bytes", "retention_days")),
    "store.clean": Audited("clean the store", "workspace", ("dry_run",)),
    "member.add": Audited("add a member", "person", ("email", "role")),
    "member.change": Audited("change a role", "person", ("role",)),
    "member.remove": Audited("remove a member", "person"),
    "member.invite": Audited("make an invitation", "workspace", ("role",)),
    "pipeline.make": Audited("make a pipeline", "pipeline"),
    "pipeline.edit": Audited("edit a pipeline", "pipeline", ("name",)),
    "pipeline.delete": Audited("delete a pipeline", "pipeline"),
    "version.make": Audited("keep a version", "version", ("name",)),
    "run.start": Audited("start a run", "run", ("force",)),
    "run.cancel": Audited("cancel a run", "run"),
    "run.download": Audited("download a result", "run"),
    "dataset.make": Audited("upload a dataset", "dataset"),
    "dataset.add_version": Audited("upload a version", "dataset"),
    "dataset.edit": Audited("change a dataset", "dataset", ("name", "title")),
    "dataset.delete": Audited("delete a dataset", "dataset"),
    "dataset.download": Audited("download a dataset", "dataset"),
    "environment.make": Audited("make an environment", "environment", ("name",)),
    "environment.build": Audited("build an environment", "environment"),
    "environment.delete": Audited("delete an environment", "environment"),
    "audit.export": Audited("export the audit trail", "workspace"),
    "audit.gap": Audited("be refused more often than is listed", ""),
    "socket.open": Audited("open a window", "pipeline"),
}
UNKNOWN = Audited("", "")
# Audited reads; writes are always audited.
READS = frozenset({"run.download", "dataset.download", "audit.export", "page.sign_in_link"})
# Actions that each person sees on their own account page.
ACCOUNT = ("me.edit", "token.make", "token.revoke", "account.disable", "account.enable")
SIGN_INS = ("page.sign_in", "page.sign_in_link", "page.sign_out", "page.join", "link.make")
