"""Published pipelines: a stable address that starts runs, with versions, a default, and keys of clients."""
