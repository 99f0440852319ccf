"""The audit trail, and a trigger that refuses changes to its rows. Removal is left to the retention."""

import django.utils.timezone
from django.db import migrations, models


def hold(_, schema_editor):
    """Have the database refuse changes."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE TRIGGER audit_append_only BEFORE UPDATE ON audit_auditentry "
            "BEGIN SELECT RAISE(ABORT, 'the audit trail is not changed'); END"
        )
    else:
        schema_editor.execute(
            "CREATE FUNCTION audit_append_only() RETURNS trigger AS $$ BEGIN "
            "RAISE EXCEPTION 'the audit trail is not changed' USING ERRCODE = 'check_violation'; "
            "END $$ LANGUAGE plpgsql"
        )
        schema_editor.execute(
            "CREATE TRIGGER audit_append_only BEFORE UPDATE ON audit_auditentry FOR EACH ROW EXECUTE FUNCTION audit_append_only()"
        )


def release(_, schema_editor):
    """Take the refusal back."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER IF EXISTS audit_append_only")
    else:
        schema_editor.execute("DROP FUNCTION IF EXISTS audit_append_only() CASCADE")


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("user_id", models.BigIntegerField(null=True)),
                ("user_name", models.CharField(max_length=254)),
                ("action", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=20)),
                ("subject", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=200)),
                ("workspace", models.CharField(max_length=32)),
                ("address", models.CharField(max_length=64)),
                ("request_id", models.CharField(max_length=64)),
                ("via", models.CharField(max_length=10)),
                ("token", models.CharField(max_length=32)),
                ("outcome", models.CharField(choices=[("allowed", "Allowed"), ("refused", "Refused"), ("failed", "Failed")], max_length=10)),
                ("status", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=60)),
                ("details", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["workspace", "-id"], name="audit_of_workspace"),
                    models.Index(fields=["user_id", "action", "-id"], name="audit_of_person"),
                    models.Index(fields=["kind", "subject", "-id"], name="audit_of_subject"),
                ],
            },
        ),
        migrations.RunPython(hold, release, elidable=False),
    ]
