"""The database holds the table of allowed transitions too: a terminal state stays, whoever writes.

SQLite loses triggers whenever a migration makes a table anew, so a migration that alters runs or steps ends with `hold`.
"""

from pipelines.execution.schedule import ALLOWED

TABLES = ("pipelines_step", "pipelines_run")


def _allowed() -> str:
    pairs = [f"(OLD.state = '{old}' AND NEW.state = '{new}')" for old, after in ALLOWED.items() for new in sorted(after)]
    return " OR ".join(pairs)


def hold(_, schema_editor):
    """Have the database refuse what may not follow."""
    release(_, schema_editor)
    for table in TABLES:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(
                f"CREATE TRIGGER {table}_transition BEFORE UPDATE OF state ON {table} "
                f"WHEN OLD.state <> NEW.state AND NOT ({_allowed()}) "
                "BEGIN SELECT RAISE(ABORT, 'a state that may not follow'); END"
            )
        else:
            schema_editor.execute(
                f"CREATE FUNCTION {table}_transition() RETURNS trigger AS $$ BEGIN "
                f"IF OLD.state <> NEW.state AND NOT ({_allowed()}) THEN "
                "RAISE EXCEPTION 'state % may not follow %', NEW.state, OLD.state USING ERRCODE = 'check_violation'; END IF; "
                "RETURN NEW; END $$ LANGUAGE plpgsql",
                params=None,  # its % are plpgsql's, not placeholders
            )
            schema_editor.execute(
                f"CREATE TRIGGER {table}_transition BEFORE UPDATE OF state ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_transition()"
            )


def release(_, schema_editor):
    """Take the refusal back."""
    for table in TABLES:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_transition")
        else:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {table}_transition() CASCADE")
