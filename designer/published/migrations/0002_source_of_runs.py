"""Runs of published pipelines say so themselves, so that they do when what they were published as is deleted."""

from django.db import migrations


def tell(apps, _):
    """Name the source of these runs; a schedule that started one has named it, or does."""
    started = apps.get_model("published", "PublishedRun").objects.values("run")
    apps.get_model("pipelines", "Run").objects.filter(pk__in=started, source=None).update(source="request")


class Migration(migrations.Migration):
    dependencies = [("published", "0001_initial"), ("pipelines", "0015_source")]
    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
