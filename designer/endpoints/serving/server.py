"""The server of a serving process: uvicorn with httptools, on a port that any number of processes share."""

from __future__ import annotations

import gc
import importlib
import socket
from contextlib import suppress

import uvicorn
from django.db import connections

from designer.endpoints.serving.app import ServingApp
from designer.endpoints.serving.model import Model
from designer.endpoints.serving.observing import Observer
from designer.endpoints.serving.watching import EVERY_SECONDS, Watcher
from designer.endpoints.tickets import read_ticket
from designer.http.guarded import IDLE_SECONDS, MOST_CONNECTIONS, Guarded, open_many_files
from designer.workspaces.permissions import is_operator
from pipelines import flow
from pipelines.catalogue.discover import catalogue
from pipelines.periodic import Periodic
from pipelines.serving.checking import BadRows
from pipelines.serving.scorer import Scorer

COUNT_SECONDS = 0.25
START_SECONDS = 20.0


class Server(uvicorn.Server):
    """uvicorn's server, which says on /health/ready that it ends: a proxy then sends no further request."""

    def __init__(self, config: uvicorn.Config, app: ServingApp) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.stopping = True
        await super().shutdown(sockets)


def load(workspace: str, bundle: str, number: int) -> Model:
    """Load a version from the workspace's store. A sandbox that it needs is started, so that the first request does not wait for it."""
    scorer = Scorer.load(flow.store(workspace).path(bundle).read_bytes())
    if scorer.mode == "sandbox":
        with suppress(BadRows):
            scorer.score([scorer.signature.example])
    return Model(number, scorer)


def prepare() -> None:
    """Import the modules and the libraries that scorers use, which takes longer than loading a version."""
    catalogue()
    for library in ("sklearn.linear_model", "sklearn.ensemble", "lightgbm"):
        importlib.import_module(library)


def serve(host: str, port: int, grace: int) -> None:
    """Serve until the process is told to end.

    Args:
        host, port: The address. Other serving processes may have the same; the kernel shares connections among them.
        grace: Seconds to finish requests at the end.
    """
    open_many_files()
    app = ServingApp(is_operator, read_ticket)
    app.observer = Observer()
    watcher = Watcher(app, load, f"{socket.gethostname()}:{port}", prepare)
    counting = Periodic(COUNT_SECONDS, app.observer.drain, last=True)
    listener = bound(host, port)
    watcher.start(START_SECONDS)
    connections.close_all()
    with listener, Periodic(EVERY_SECONDS, watcher.tick, at_end=connections.close_all), counting:
        gc.collect()
        gc.freeze()  # what is loaded stays: collections would walk through it during requests
        config = uvicorn.Config(
            app,
            http=Guarded,
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,  # the settings configure logging
            server_header=False,
            timeout_graceful_shutdown=grace,
            limit_concurrency=MOST_CONNECTIONS,
            timeout_keep_alive=IDLE_SECONDS,
        )
        Server(config, app).run([listener])
    with suppress(Exception):  # the database may be away; others then see after some seconds that this process is gone
        watcher.end()
    gc.unfreeze()


def bound(host: str, port: int) -> socket.socket:
    """A socket that other processes of the same user may share. It does not listen yet: until then the others get the requests."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((host, port))
    listener.set_inheritable(False)
    return listener
