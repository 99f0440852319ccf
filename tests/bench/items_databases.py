"""Pages of 100,000 items on SQLite and PostgreSQL: `python -m tests.bench.items_databases`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

from tests.support.databases import postgresql


def main() -> None:
    """Print the figures of both databases."""
    with tempfile.TemporaryDirectory() as home, postgresql() as url:
        for name, database in {"sqlite": {}, "postgresql": {"EASEL_DATABASE_URL": url}}.items():
            env = os.environ | {"EASEL_HOME": home, "DJANGO_SETTINGS_MODULE": "designer.config.settings", **database}
            command = "import django; django.setup(); from tests.bench.items_page import measure; measure()"
            taken = subprocess.run([sys.executable, "-c", command], env=env, check=True, stdout=subprocess.PIPE, text=True)
            print(name, taken.stdout.strip())


if __name__ == "__main__":
    main()
