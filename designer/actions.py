"""The actions of the REST API, the pages and the sockets: who may do each, how the audit trail names it, and its rate limit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

# The least role in the workspace of the object; or, without one: everybody, the operator's programs, every signed-in person.
Least = Literal["public", "operator", "signed_in", "viewer", "editor", "admin", "owner"]


@dataclass(frozen=True)
class Action:
    """An action.

    Args:
        least: Who may do it; None where no request asks for it.
        words: Its name in the audit trail; every change has one.
        kind: The kind of its object in the audit trail.
        keeps: The fields of the request body that the audit row keeps, never a secret.
        rate: Its rate limit (designer/rate_table.py).
    """

    least: Least | None
    words: str = ""
    kind: str = ""
    keeps: tuple[str, ...] = ()
    rate: str | None = None


TABLE: Mapping[str, Action] = {
    "page.canvas": Action("signed_in"),
    "page.sign_in": Action("public", "sign in", "person"),
    "page.sign_in_link": Action("public", "sign in with a link", "person"),
    "page.sign_out": Action("public", "sign out", "person"),
    "page.join": Action("public", "join with an invitation", "workspace"),
    "account.disable": Action(None, "disable an account", "person"),
    "account.enable": Action(None, "enable an account", "person"),
    "link.make": Action(None, "create a sign-in link", "person"),
    "me.see": Action("signed_in"),
    "me.sign_ins": Action("signed_in"),
    "me.edit": Action("signed_in", "change an account", "person", keeps=("name",)),
    "token.see": Action("signed_in"),
    "token.make": Action("signed_in", "create a token", "token", keeps=("scope", "days"), rate="token.make"),
    "token.revoke": Action("signed_in", "revoke a token", "token"),
    "workspace.list": Action("signed_in"),
    "workspace.make": Action("signed_in", "create a workspace", "workspace", rate="workspace.make"),
    "workspace.rename": Action("admin", "rename a workspace", "workspace", keeps=("name",)),
    "workspace.delete": Action("owner", "delete a workspace", "workspace"),
    "limits.see": Action("viewer"),
    "limits.edit": Action(
        "admin", "change limits", "workspace", keeps=("runs", "step_memory_bytes", "step_seconds", "store_bytes", "retention_days")
    ),
    "store.see": Action("viewer"),
    "store.clean": Action("admin", "clean up storage", "workspace", keeps=("dry_run",)),
    "member.see": Action("viewer"),
    "member.leave": Action("viewer"),
    "member.add": Action("admin", "add a member", "person", keeps=("email", "role")),
    "member.change": Action("admin", "change a role", "person", keeps=("role",)),
    "member.remove": Action("admin", "remove a member", "person"),
    "member.invite": Action("admin", "create an invitation", "workspace", keeps=("role",), rate="member.invite"),
    "pipeline.list": Action("viewer"),
    "pipeline.see": Action("viewer"),
    "pipeline.make": Action("editor", "create a pipeline", "pipeline", rate="pipeline.make"),
    "pipeline.edit": Action("editor", "edit a pipeline", "pipeline", keeps=("name",)),
    "pipeline.export": Action("viewer", "export a pipeline as code", "pipeline", rate="download"),
    "pipeline.delete": Action("editor", "delete a pipeline", "pipeline"),
    "version.see": Action("viewer"),
    "version.make": Action("editor", "save a version", "version", keeps=("name",)),
    "run.list": Action("viewer"),
    "run.see": Action("viewer"),
    "run.start": Action("editor", "start a run", "run", keeps=("force",), rate="run.start"),
    "run.cancel": Action("editor", "cancel a run", "run"),
    "scoring.prove": Action("editor", "prove a scoring graph", "run", rate="scoring.prove"),
    "run.download": Action("viewer", "download a result", "run", rate="download"),
    "template.list": Action("viewer"),
    "template.see": Action("viewer"),
    "template.make": Action("editor", "save a template", "template", keeps=("name",)),
    "template.edit": Action("editor", "change a template", "template", keeps=("name",)),
    "template.delete": Action("editor", "delete a template", "template"),
    "component.list": Action("viewer"),
    "component.see": Action("viewer"),
    "component.make": Action("editor", "save a component", "component", keeps=("name",)),
    "component.publish": Action("editor", "save a version of a component", "component"),
    "component.edit": Action("editor", "change a component", "component", keeps=("name",)),
    "component.delete": Action("editor", "delete a component", "component"),
    "sweep.list": Action("viewer"),
    "sweep.see": Action("viewer"),
    "sweep.start": Action("editor", "start a sweep", "sweep", keeps=("pipeline",), rate="run.start"),
    "sweep.cancel": Action("editor", "cancel a sweep", "sweep"),
    "lineage.see": Action("viewer"),
    "dataset.list": Action("viewer"),
    "dataset.see": Action("viewer"),
    "dataset.make": Action("editor", "upload a dataset", "dataset", rate="upload"),
    "dataset.add_version": Action("editor", "upload a version", "dataset", rate="upload"),
    "dataset.save": Action("editor", "save a result", "dataset", keeps=("name",)),
    "dataset.edit": Action("editor", "change a dataset", "dataset", keeps=("name", "title")),
    "dataset.delete": Action("editor", "delete a dataset", "dataset"),
    "dataset.download": Action("viewer", "download a dataset", "dataset", rate="download"),
    "import.list": Action("viewer"),
    "import.see": Action("viewer"),
    "import.make": Action("editor", "create an import", "import", keeps=("title", "dataset"), rate="run.start"),
    "import.edit": Action("editor", "change an import", "import"),
    "import.refresh": Action("editor", "refresh an import", "import", rate="run.start"),
    "import.delete": Action("editor", "delete an import", "import"),
    "model.list": Action("viewer"),
    "model.see": Action("viewer"),
    "model.register": Action("editor", "register a model", "model", keeps=("name", "run", "node", "port")),
    "model.import": Action("editor", "import a model", "model", keeps=("name", "task"), rate="upload"),
    "model.convert": Action("editor", "write a model as ONNX", "model", rate="model.convert"),
    "model.edit": Action("editor", "change a model", "model", keeps=("name",)),
    "model.alias": Action("editor", "move an alias", "model", keeps=("version", "expected", "why")),
    "model.approve": Action("admin", "change the stage of a model", "model", keeps=("stage", "why")),
    "model.gates": Action("admin", "set the conditions of a model", "model", keeps=("gates",)),
    "model.delete": Action("editor", "delete a model", "model"),
    "model.download": Action("viewer", "download a model", "model", rate="download"),
    "environment.list": Action("viewer"),
    "environment.see": Action("viewer"),
    "environment.make": Action("editor", "create an environment", "environment", keeps=("name",), rate="environment.build"),
    "environment.build": Action("editor", "build an environment", "environment", rate="environment.build"),
    "environment.delete": Action("editor", "delete an environment", "environment"),
    "connection.list": Action("viewer"),
    "connection.see": Action("viewer"),
    "connection.make": Action("admin", "create a connection", "connection", keeps=("name", "kind")),
    "connection.edit": Action("admin", "change a connection", "connection"),
    "connection.test": Action("admin", "test a connection", "connection", rate="connection.test"),
    "connection.use": Action(None, "use the secret of a connection", "connection"),
    "connection.delete": Action("admin", "delete a connection", "connection"),
    "endpoint.list": Action("viewer"),
    "endpoint.see": Action("viewer"),
    "endpoint.make": Action("editor", "publish an endpoint", "endpoint", keeps=("name", "run")),
    "endpoint.publish": Action("editor", "publish a version", "endpoint", keeps=("run", "share", "why")),
    "endpoint.edit": Action("editor", "change an endpoint", "endpoint", keeps=("description", "sticky_column", "limits")),
    "endpoint.run": Action("editor", "stop or start a version", "endpoint", keeps=("running",)),
    "endpoint.move": Action("editor", "move the shares of an endpoint", "endpoint", keeps=("why",)),
    "endpoint.rollback": Action("editor", "roll back an endpoint", "endpoint", keeps=("why",)),
    "endpoint.test": Action("viewer", "test an endpoint", "endpoint", keeps=("version",), rate="endpoint.test"),
    "endpoint.watch": Action(
        "editor", "change the monitoring of an endpoint", "endpoint", keeps=("enabled", "window", "zone", "rows", "thresholds", "email")
    ),
    "endpoint.keep": Action(
        "admin",
        "change what an endpoint keeps",
        "endpoint",
        keeps=("share", "days", "columns", "sensitive", "answers", "answer_days", "key", "bound"),
    ),
    "endpoint.collect": Action("editor", "make a dataset of kept requests", "endpoint"),
    "endpoint.truth": Action("editor", "add what turned out to be true", "endpoint", keeps=("dataset",)),
    "endpoint.forget": Action("admin", "delete what is kept of a request", "endpoint"),
    "endpoint.delete": Action("admin", "delete an endpoint", "endpoint"),
    "endpoint_key.see": Action("viewer"),
    "endpoint_key.make": Action("admin", "create a key", "key", keeps=("name", "days", "rate"), rate="token.make"),
    "endpoint_key.revoke": Action("admin", "revoke a key", "endpoint"),
    "published.list": Action("viewer"),
    "published.see": Action("viewer"),
    "published.make": Action("editor", "publish a pipeline", "published", keeps=("name", "pipeline", "why")),
    "published.publish": Action("editor", "publish a version of a pipeline", "published", keeps=("pipeline", "default", "why")),
    "published.edit": Action("editor", "change a published pipeline", "published", keeps=("name", "description")),
    "published.move": Action("editor", "move the default of a published pipeline", "published", keeps=("version", "why")),
    "published.run": Action("editor", "run a published pipeline", "published", rate="run.start"),
    "published.cancel": Action("editor", "cancel a run of a published pipeline", "published"),
    "published.download": Action("viewer", "download a result of a published pipeline", "published", rate="download"),
    "published.delete": Action("admin", "delete a published pipeline", "published"),
    "published_key.see": Action("viewer"),
    "published_key.make": Action("admin", "create a key of a published pipeline", "key", keeps=("name", "days"), rate="token.make"),
    "published_key.revoke": Action("admin", "revoke a key of a published pipeline", "published"),
    "schedule.list": Action("viewer"),
    "schedule.see": Action("viewer"),
    "schedule.make": Action("editor", "create a schedule", "schedule", keeps=("name", "pipeline", "published", "run_as")),
    "schedule.edit": Action("editor", "change a schedule", "schedule"),
    "schedule.delete": Action("editor", "delete a schedule", "schedule"),
    "schedule.pause": Action("editor", "pause a schedule", "schedule", keeps=("note",)),
    "schedule.resume": Action("editor", "resume a schedule", "schedule", keeps=("catch_up",)),
    "schedule.run": Action("editor", "run a schedule now", "schedule", keeps=("start", "end", "dry"), rate="run.start"),
    "schedule.drop": Action("editor", "empty the queue of a schedule", "schedule"),
    "schedule.secret": Action("editor", "create a webhook secret", "schedule"),
    "times.see": Action("signed_in"),
    "hook.receive": Action("public", "send a webhook", "trigger", rate="hook.receive"),
    "notice.list": Action("viewer"),
    "notice.see": Action("signed_in"),
    "notice.read": Action("signed_in", "mark notices as read", "notice"),
    "audit.see": Action("admin"),
    "audit.export": Action("admin", "export the audit trail", "workspace"),
    "audit.gap": Action(None, "be refused repeatedly", ""),
    "socket.open": Action(None, "open a pipeline", "pipeline"),
    "site.health": Action("public"),
    "site.metrics": Action("operator"),  # a program with EASEL_METRICS_TOKEN, not a person
    "schema.see": Action("signed_in"),
    "module.see": Action("signed_in"),
    "sample.see": Action("signed_in"),
}
UNKNOWN = Action(None)
LEAST: Mapping[str, Least] = {name: action.least for name, action in TABLE.items() if action.least is not None}
AUDITED: Mapping[str, Action] = {name: action for name, action in TABLE.items() if action.words}
# Audited reads; writes are always audited.
READS = frozenset(
    {"run.download", "published.download", "pipeline.export", "dataset.download", "model.download", "audit.export", "page.sign_in_link"}
)
# Actions that each person sees on their own account page.
ACCOUNT = ("me.edit", "token.make", "token.revoke", "account.disable", "account.enable")
SIGN_INS = ("page.sign_in", "page.sign_in_link", "page.sign_out", "page.join", "link.make")
