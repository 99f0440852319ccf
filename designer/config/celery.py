"""The Celery application: JSON only, no result backend; the database holds all state, and a message has only a run id."""

import os
import warnings

from celery import Celery
from celery.signals import setup_logging
from kombu.transport.redis import Channel

from designer.variables import of_this_process

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "designer.config.settings")
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")  # Django's checks are for developers; they would import all views into each worker

# As root, Celery warns about code in messages; ours are JSON with a run id and nothing else.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")

app = Celery(
    "easel",
    broker=of_this_process()["EASEL_BROKER_URL"],
    include=[
        "pipelines.runtime.worker.tasks",
        "pipelines.runtime.environments",
        "designer.store.tasks",
        "designer.endpoints.tasks",
        "designer.scoring.tasks",
        "designer.registry.tasks",
    ],
)
# Messages are acknowledged on delivery. Kombu need not restore unacknowledged messages. When restoring fails because the broker has died,
# the whole worker ends; a worker that is shutting down waits long for a broker that hangs (kombu 5.7.0).
Channel.do_restore = False
REDIS = {"ack_emulation": False, "socket_timeout": 2.0, "socket_connect_timeout": 2.0}
ONE_TRY = {"max_retries": 0}  # publishing must not block

app.conf.update(
    broker_transport_options=ONE_TRY | (REDIS if (app.conf.broker_url or "").startswith("redis") else {}),
    broker_connection_max_retries=None,  # without limit, while the broker is unavailable
    # Its queue is exclusive to one connection: after a cut, RabbitMQ still keeps it for the lost connection, and the whole worker ends.
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
    beat_scheduler="pipelines.runtime.worker.beat:Beat",
    beat_schedule={
        "clean": {"task": "pipelines.clean", "schedule": 3600.0, "options": {"expires": 1800.0}},
        "publish": {"task": "endpoints.resume", "schedule": 15.0, "options": {"expires": 15.0}},
        "prove": {"task": "scoring.resume", "schedule": 15.0, "options": {"expires": 15.0}},
        "transfer": {"task": "registry.resume", "schedule": 15.0, "options": {"expires": 15.0}},
        "keep": {"task": "endpoints.tend", "schedule": 600.0, "options": {"expires": 600.0}},
        "judge": {"task": "endpoints.judge", "schedule": 60.0, "options": {"expires": 60.0}},
    },
)


@setup_logging.connect  # type: ignore[untyped-decorator]  # celery has no types
def _leave_logging_alone(**_: object) -> None:
    """The settings configure worker logging, as for every process; Celery leaves logging alone while a receiver is connected here."""
