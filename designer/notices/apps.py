"""The Django application of notices."""

from django.apps import AppConfig


class Notices(AppConfig):
    """Notices, their deliveries, and who has read them."""

    name = "designer.notices"
    default_auto_field = "django.db.models.BigAutoField"
