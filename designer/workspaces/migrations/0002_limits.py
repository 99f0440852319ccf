"""What a workspace's runs may use."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0001_initial")]
    operations = [migrations.AddField("workspace", "limits", models.JSONField(default=dict))]
