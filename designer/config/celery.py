"""The Celery application: JSON only, no results kept; the database is the truth, and a message only names a run."""

import os
import warnings

from celery import Celery
from celery.signals import setup_logging
from kombu.transport.redis import Channel

from designer.variables import of_this_process

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "designer.config.settings")

# As root Celery warns of code in messages; ours are JSON and name a run, nothing else.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")

app = Celery(
    "easel",
    broker=of_this_process()["EASEL_BROKER_URL"],
    include=["pipelines.runtime.worker.tasks", "pipelines.runtime.environments", "designer.store.tasks"],
)
# A message is gone once it is delivered. Kombu's records of unacknowledged messages are of no use here, and when it cannot restore them
# because the broker has died, the whole worker ends, and one that was told to end waits long for a broker that hangs (kombu 5.7.0).
Channel.do_restore = False
REDIS = {"ack_emulation": False, "socket_timeout": 2.0, "socket_connect_timeout": 2.0}
ONE_TRY = {"max_retries": 0}  # nobody waits for a message

app.conf.update(
    broker_transport_options=ONE_TRY | (REDIS if (app.conf.broker_url or "").startswith("redis") else {}),
    broker_connection_max_retries=None,  # for ever, as long as the broker is away
    # Its queue belongs to one connection: after a cut, RabbitMQ still holds it for the lost one, and the whole worker ends.
    worker_enable_remote_control=False,
    accept_content=["json"],
    task_serializer="json",
    result_backend=None,
    task_ignore_result=True,
    task_acks_late=False,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    worker_hijack_root_logger=False,
    timezone="UTC",
    beat_schedule={"clean": {"task": "pipelines.clean", "schedule": 3600.0, "options": {"expires": 1800.0}}},
)


@setup_logging.connect  # type: ignore[untyped-decorator]  # celery has no types
def _leave_logging_alone(**_: object) -> None:
    """The settings say how the worker logs, as for every process; so long as somebody listens here, Celery leaves it alone."""
