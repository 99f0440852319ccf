"""The app of people and workspaces."""

from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    """Lets open sockets know who may no longer."""

    name = "designer.workspaces"

    def ready(self) -> None:
        from designer.workspaces import recheck  # noqa: PLC0415  it needs the models

        recheck.connect()
