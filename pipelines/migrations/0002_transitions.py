"""Terminal states are final, in the database too."""

from django.db import migrations

from pipelines.migrations._transitions import hold, release


class Migration(migrations.Migration):
    dependencies = [("pipelines", "0001_initial")]
    operations = [migrations.RunPython(hold, release)]
