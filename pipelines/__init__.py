"""The engine: what happens to a graph. Folders here think in plain Python; the files beside them wire the thinking to Django."""

import os

# Polars' allocator reads this once, when it is loaded. With few arenas its threads use again what others have freed; by itself it makes four a core.
ALLOCATOR = "_RJEM_MALLOC_CONF", f"narenas:{max(1, (os.cpu_count() or 1) // 2)}"
os.environ.setdefault(*ALLOCATOR)
