"""The web process: HTTP and websockets behind one door."""

import atexit
import gc
import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import get_resolver

from designer.config.arenas import few_arenas

few_arenas()  # before any library starts a thread
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "designer.config.settings")
pages = get_asgi_application()  # before what follows: it makes the models ready

from designer.config.limits import BodyLimit  # noqa: E402
from designer.config.outages import Outages  # noqa: E402
from designer.config.pool import keep_connections  # noqa: E402
from designer.config.requests import Sockets  # noqa: E402
from designer.config.room import open_for_good, reserve  # noqa: E402
from designer.config.socket_audit import SocketAudit  # noqa: E402
from designer.config.sockets import elsewhere, routes  # noqa: E402
from designer.datasets.leftovers import forget_uploads  # noqa: E402
from designer.workspaces.socket import SameOrigin  # noqa: E402

sockets = Sockets(Outages(AuthMiddlewareStack(SocketAudit(SameOrigin(URLRouter([*routes, elsewhere]))))))
application = ProtocolTypeRouter({"http": BodyLimit(pages), "websocket": sockets})

anchor = open_for_good()
reserve()
forget_uploads()  # what this process's predecessor was receiving and reading when it was killed
keep_connections()
get_resolver().url_patterns  # noqa: B018  loads all views, so that they too are below
gc.collect()
atexit.register(gc.unfreeze)  # libraries in C complain of what is still there at the end
gc.freeze()  # what is loaded stays: looking through it for garbage again and again took half the time of a large request
