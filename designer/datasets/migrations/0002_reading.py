"""A version remembers how the text of its file was read; of those that exist it is not known."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("datasets", "0001_initial")]
    operations = [migrations.AddField("datasetversion", "reading", models.JSONField(default=dict))]
