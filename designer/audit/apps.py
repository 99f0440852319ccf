"""The app of the audit trail."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who did what, from where, and whether it was allowed."""

    name = "designer.audit"
