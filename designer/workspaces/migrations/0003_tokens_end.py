"""Tokens have a scope and may end; those that exist keep all they could do, and do not end. Wrong passwords are counted elsewhere."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0002_limits")]
    operations = [
        migrations.AddField(
            "apitoken",
            "scope",
            models.CharField(choices=[("read", "Read"), ("write", "Write"), ("admin", "Admin")], default="admin", max_length=10),
        ),
        migrations.AddField("apitoken", "expires_at", models.DateTimeField(null=True)),
        migrations.DeleteModel("FailedSignIn"),
    ]
