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
# Threads of OpenBLAS spin while they wait: on a busy machine that takes up to nine tenths of the processor time of a fit. With 4, the least
# value, they sleep. There are as many of them.
os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "4")
for name in ("EASEL_STORE_URL", "EASEL_DATABASE_URL", "PORT", "DJANGO_SETTINGS_MODULE"):
    if name not in os.environ.get("EASEL_TEST_KEEPS", "").split(","):
        os.environ.pop(name, None)
