"""The app of the audit trail."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """App config of the audit trail."""

    name = "designer.audit"

    def ready(self) -> None:
        """Record what steps do with secrets."""
        from designer.audit.secrets import watch_secrets  # noqa: PLC0415  models are loaded only now

        watch_secrets()
