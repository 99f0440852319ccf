"""Runs of schedules say so themselves, so that they do when their schedule is deleted."""

from django.db import migrations


def tell(apps, _):
    """Name the source of the runs of all ticks."""
    ticks = apps.get_model("schedules", "Tick").objects.filter(run__isnull=False)
    apps.get_model("pipelines", "Run").objects.filter(pk__in=ticks.values("run")).update(source="schedule")


class Migration(migrations.Migration):
    dependencies = [("schedules", "0005_preset"), ("pipelines", "0015_source")]
    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
