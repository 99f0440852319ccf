"""What started a run."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pipelines", "0014_sweeps")]
    operations = [
        # Nullable, so that SQLite does not make the table anew and lose its triggers.
        migrations.AddField("Run", "source", models.CharField(max_length=10, null=True)),
    ]
