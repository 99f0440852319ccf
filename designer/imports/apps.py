"""The Django application of imports."""

from django.apps import AppConfig
from django.db.models.signals import post_delete


class Imports(AppConfig):
    """Looks with the scheduler at what runs brought, says which pipelines write datasets, and lets old refreshes go."""

    name = "designer.imports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take part in the looks of the scheduler, in the check for loops of triggers, and in the cleaning."""
        from designer.imports import models, refreshing, services  # noqa: PLC0415  models are loaded only now
        from designer.schedules import scheduler, watch  # noqa: PLC0415
        from designer.store.services import HISTORIES  # noqa: PLC0415

        scheduler.LOOKS.append(refreshing.collect)
        watch.WRITERS.append(services.writer_of)
        HISTORIES["refreshes whose runs were deleted"] = refreshing.forgotten
        post_delete.connect(services.end_schedule, sender=models.Import, dispatch_uid="imports")
