"""Notices are an application of their own: its migration takes the tables over under their new names."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('schedules', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AlterModelTable('notice', 'notices_notice'),
                migrations.AlterModelTable('delivery', 'notices_delivery'),
            ],
            state_operations=[
                migrations.DeleteModel('Delivery'),
                migrations.DeleteModel('Notice'),
            ],
        ),
    ]
