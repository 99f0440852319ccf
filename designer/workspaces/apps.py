"""App config of accounts and workspaces."""

from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    """Connects the signals that make open sockets recheck their permissions."""

    name = "designer.workspaces"

    def ready(self) -> None:
        from designer.workspaces import recheck  # noqa: PLC0415  it needs the models

        recheck.connect()
