"""Loaded before Django (pytest -p): every test run has a home of its own, no broker, and the test-only modules."""

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="easel-test-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ.update(
    EASEL_HOME=_home,
    EASEL_MODULES="tests.easel_modules",
    EASEL_BROKER_URL="memory://",
    EASEL_CHANNEL_URL="memory://",
    EASEL_LOG_LEVEL="WARNING",
)
for name in ("EASEL_STORE_URL", "EASEL_DATABASE_URL", "PORT", "DJANGO_SETTINGS_MODULE"):
    if name not in os.environ.get("EASEL_TEST_KEEPS", "").split(","):
        os.environ.pop(name, None)
