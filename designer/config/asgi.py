"""The ASGI application of the web process: HTTP and websockets."""

import atexit
import gc
import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.db import connections
from django.urls import get_resolver

from designer.site.arenas import TRIM_SECONDS, few_arenas, trim

gc.disable()  # until all is loaded that stays in memory
few_arenas()  # before any library starts a thread
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "designer.config.settings")
pages = get_asgi_application()  # before the imports below: it loads the models

from designer.config.body_limit import BodyLimit  # noqa: E402
from designer.config.connection_pool import keep_connections  # noqa: E402
from designer.config.routing import elsewhere, routes  # noqa: E402
from designer.config.socket_audit import SocketAudit  # noqa: E402
from designer.datasets.cleanup import delete_abandoned_uploads  # noqa: E402
from designer.http.disk_space import hold_connection_open, reserve  # noqa: E402
from designer.http.outage_handling import Outages  # noqa: E402
from designer.http.request_log import Sockets  # noqa: E402
from designer.lineage.delivery import EVERY_SECONDS, deliver  # noqa: E402
from designer.workspaces.consumer_base import SameOrigin  # noqa: E402
from pipelines.periodic import Periodic  # noqa: E402

sockets = Sockets(Outages(AuthMiddlewareStack(SocketAudit(SameOrigin(URLRouter([*routes, elsewhere]))))))
application = ProtocolTypeRouter({"http": BodyLimit(pages), "websocket": sockets})

anchor = hold_connection_open()
reserve()
delete_abandoned_uploads()  # files of a killed process that was receiving or parsing an upload
keep_connections()
Periodic(TRIM_SECONDS, trim).start()
if settings.EASEL_OPENLINEAGE_URL:
    Periodic(EVERY_SECONDS, deliver, at_end=connections.close_all).start()
get_resolver().url_patterns  # noqa: B018  loads all views, so that they too are below
gc.collect()
atexit.register(gc.unfreeze)  # C libraries report objects that are still alive at exit
gc.freeze()  # loaded modules stay in memory: garbage collection of them took half the time of a large request
gc.enable()
