"""How runs and steps are carried out: what is forced, limits, further tries, and the memory that a step took."""

from django.db import migrations, models

from pipelines.migrations._transitions import hold, release


class Migration(migrations.Migration):
    dependencies = [("pipelines", "0002_transitions")]
    operations = [
        migrations.AddField("result", "input_bytes", models.BigIntegerField(default=0)),
        migrations.AddField("result", "peak_bytes", models.BigIntegerField(null=True)),
        migrations.AddField("run", "forced", models.JSONField(default=list)),
        migrations.AddField("run", "limits", models.JSONField(default=dict)),
        migrations.AddField("run", "stop_on_failure", models.BooleanField(default=False)),
        migrations.AddField("step", "peak_bytes", models.BigIntegerField(null=True)),
        migrations.AddField("step", "ready_at", models.DateTimeField(null=True)),
        migrations.AddField("step", "tries", models.PositiveIntegerField(default=0)),
        migrations.RunPython(hold, release),
    ]
