"""What a run left out, and an index for the turns that people take."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pipelines", "0006_environments")]
    operations = [
        # Nullable, so that SQLite does not make the table anew and lose its triggers.
        migrations.AddField("Run", "left_out", models.JSONField(null=True)),
        migrations.AddIndex(
            "Run",
            models.Index(fields=["scope", "by", "created_at"], condition=models.Q(("finished_at", None)), name="run_turns"),
        ),
    ]
