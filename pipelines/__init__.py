"""The engine: stages in plain Python, and their wiring to Django and Celery in `runtime/`."""

import os

# Polars' allocator reads this once, when it is loaded. With few arenas its threads reuse freed memory; the default is four a core.
ALLOCATOR = "_RJEM_MALLOC_CONF", f"narenas:{max(1, (os.cpu_count() or 1) // 2)}"
os.environ.setdefault(*ALLOCATOR)
# OpenMP reads this when it is loaded. Threads that spin while waiting slow each other down tenfold when they outnumber the cores.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
