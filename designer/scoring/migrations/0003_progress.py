from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0002_proof_by_a_worker'),
    ]

    operations = [
        migrations.AddField(
            model_name='parityproof',
            name='doing',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='parityproof',
            name='share',
            field=models.FloatField(default=0.0),
        ),
    ]
