"""The app of the audit trail."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """App config of the audit trail."""

    name = "designer.audit"
