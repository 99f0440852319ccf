"""The engine: what happens to a graph. Folders here think in plain Python; the files beside them wire the thinking to Django."""

import os

# Polars' allocator reads this once, when it is loaded. With few arenas its threads use again what others have freed; by itself it makes four a core.
ALLOCATOR = "_RJEM_MALLOC_CONF", f"narenas:{max(1, (os.cpu_count() or 1) // 2)}"
os.environ.setdefault(*ALLOCATOR)
# OpenMP reads this when it is loaded. Threads that spin while they wait slow each other down tenfold where there are more of them than cores.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
