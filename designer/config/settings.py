"""Django settings; every address comes from the environment, every default serves one machine."""

import os
import tempfile
from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext
from django.core.management.utils import get_random_secret_key
from limits import RateLimitItem
from pythonjsonlogger.core import RESERVED_ATTRS

from designer import variables
from designer.config.mail import mail_settings
from designer.readers import PrivateHosts

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parents[2]
ENV = variables.of_this_process()
EASEL_HOME: Path = ENV["EASEL_HOME"]
DEBUG: bool = ENV["EASEL_DEBUG"]
HTTPS: bool = ENV["EASEL_HTTPS"]


def _secret_key(file: Path) -> str:
    """The installation's own key, generated at first start; two processes that start at once agree on one."""
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    if not file.exists():
        fresh.touch(mode=0o600)
        fresh.write_text(get_random_secret_key() + get_random_secret_key())
        try:
            os.link(fresh, file)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    key = file.read_text().strip()
    if len(key) < 50:
        variables.refuse(f"{file} does not contain a secret key. Delete it to create a new one; everyone must then sign in again.")
    return key


SECRET_KEY = ENV["EASEL_SECRET_KEY"] or _secret_key(EASEL_HOME / "secret_key")
SECRET_KEY_FALLBACKS: list[str] = ENV["EASEL_OLD_SECRET_KEYS"]  # sessions and secrets of connections stay readable

EASEL_BROKER_URL: str = ENV["EASEL_BROKER_URL"]
EASEL_CHANNEL_URL: str = ENV["EASEL_CHANNEL_URL"]
EASEL_STORE_URL: str = ENV["EASEL_STORE_URL"] or (EASEL_HOME / "store").as_uri()
EASEL_COPIES_LIMIT: int = ENV["EASEL_COPIES_LIMIT"]
EASEL_UPLOAD_LIMIT: int = ENV["EASEL_UPLOAD_LIMIT"]
EASEL_RAY_ADDRESS: str = ENV["EASEL_RAY_ADDRESS"]
# On shutdown a worker finishes its current steps for this long; then it releases them.
EASEL_STOP_SECONDS: int = ENV["EASEL_STOP_SECONDS"]
# The upper limits of a workspace; its admins may set lower ones.
EASEL_LIMITS: dict[str, int] = {
    name: ENV[variable]
    for name, variable in {
        "runs": "EASEL_RUNS_AT_ONCE",
        "step_memory_bytes": "EASEL_STEP_MEMORY",
        "step_seconds": "EASEL_STEP_SECONDS",
        "store_bytes": "EASEL_STORE_QUOTA",
        "retention_days": "EASEL_RETENTION_DAYS",
    }.items()
    if ENV[variable]
}
EASEL_BASE_IMAGE: str | None = ENV["EASEL_BASE_IMAGE"]
EASEL_WHEELS: Path | None = ENV["EASEL_WHEELS"]
EASEL_PIP_CONFIG: Path | None = ENV["EASEL_PIP_CONFIG"]
EASEL_BUILD_NETWORK: str = ENV["EASEL_BUILD_NETWORK"]
# What pipelines may reach beyond the public internet, and the reader of files that they fetch.
EASEL_PRIVATE_HOSTS: PrivateHosts = ENV["EASEL_PRIVATE_HOSTS"]
EASEL_IMPORT_FOLDERS: list[Path] = ENV["EASEL_IMPORT_FOLDERS"]
EASEL_EXPORT_FOLDERS: list[Path] = ENV["EASEL_EXPORT_FOLDERS"]
EASEL_FILE_READER = "designer.datasets.reader"
EASEL_BODY_LIMIT = 10 * 1024**2
EASEL_MESSAGE_LIMIT = 8 * 1024**2
EASEL_AUDIT_DAYS: int = ENV["EASEL_AUDIT_DAYS"]  # 0 keeps the audit trail forever
EASEL_HISTORY_DAYS: int = ENV["EASEL_HISTORY_DAYS"]  # 0 keeps rows of what was deleted or has ended forever
EASEL_RATES: dict[str, RateLimitItem] = ENV["EASEL_RATES"]  # rate limits by name

ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *ENV["EASEL_HOSTS"]]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ENV["EASEL_HOSTS"]]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "pipelines",
    "designer.audit",
    "designer.workspaces",
    "designer.notices",
    "designer.documents",
    "designer.templates",
    "designer.components",
    "designer.datasets",
    "designer.registry",
    "designer.endpoints",
    "designer.runs",
    "designer.scoring",
    "designer.lineage",
    "designer.schedules",
    "designer.imports",
    "designer.published",
    "designer.store",
    "designer.site",
]
MIDDLEWARE = [
    "designer.http.request_log.Requests",
    "django.middleware.security.SecurityMiddleware",
    "designer.http.static.Static",
    "designer.http.content_security.ContentPolicy",
    "designer.http.compression.CompressJSON",
    "designer.http.disk_space.ReservedSpace",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "designer.config.urls"
ASGI_APPLICATION = "designer.config.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth"],
            "libraries": {"pages": "designer.site.page_tags"},
        },
    }
]


# An unreachable database is given up well before the leases end that other workers may then take over (seconds and milliseconds).
# The last one is for the server: a stopped or disconnected client does not hold its locks for hours, nor one of a hundred connections.
UNHEARD_OF = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
    "options": "-c idle_in_transaction_session_timeout=15s -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=3 -c tcp_keepalives_count=3",
}


def _database() -> dict[str, Any]:
    """PostgreSQL when configured; else SQLite, configured so that writers wait for each other instead of failing."""
    if url := ENV["EASEL_DATABASE_URL"]:
        found: dict[str, Any] = {**dj_database_url.parse(url, conn_max_age=0, conn_health_checks=True)}
        options = UNHEARD_OF if "postgres" in found["ENGINE"] else {}
        return {**found, "OPTIONS": {**options, **found.get("OPTIONS", {})}}
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(EASEL_HOME / "easel.sqlite3"),
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
        "TEST": {"NAME": str(Path(tempfile.gettempdir()) / f"easel-test-{os.getpid()}.sqlite3")},
    }


DATABASES = {"default": _database()}
EASEL_DATABASE_POOL: int = ENV["EASEL_DATABASE_POOL"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def _channel_layer() -> dict[str, Any]:
    """Redis; without it the in-process layer, for tests."""
    if not EASEL_CHANNEL_URL.startswith(("redis", "unix")):
        return {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 1000}}
    return {
        "BACKEND": "designer.http.channel_layer.Layer",
        # The layer waits five seconds for a message; redis-py's own default times out at the same moment and ends the socket.
        "CONFIG": {
            "hosts": [{"address": EASEL_CHANNEL_URL, "socket_timeout": 30, "max_connections": 50}],
            "capacity": 1000,
            "expiry": 60,
            "group_expiry": 120,  # windows rejoin about every 20 seconds; entries of a killed process expire soon
            "prefix": "easel",
        },
    }


CHANNEL_LAYERS = {"default": _channel_layer()}

LOGIN_URL = "/sign-in"
CSRF_FAILURE_VIEW = "designer.site.failures.csrf_failure"
SESSION_COOKIE_NAME = "easel_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
X_FRAME_OPTIONS = "DENY"
if ENV["EASEL_BEHIND_PROXY"]:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
    )
]

DATA_UPLOAD_MAX_MEMORY_SIZE = EASEL_BODY_LIMIT
FILE_UPLOAD_HANDLERS = ["designer.datasets.receiving.UploadHandler"]
FILE_UPLOAD_TEMP_DIR = str(EASEL_HOME / "uploads")
Path(FILE_UPLOAD_TEMP_DIR).mkdir(mode=0o700, exist_ok=True)

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_AUTOREFRESH = DEBUG


def WHITENOISE_IMMUTABLE_FILE_TEST(path: str, url: str) -> bool:  # noqa: N802  the name is WhiteNoise's
    """Vite names its assets by a hash of their content."""
    return url.startswith("/static/canvas/assets/")


LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "designer.workspaces.authentication.BearerToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["designer.workspaces.permission_class.MayCall"],
    "DEFAULT_RENDERER_CLASSES": ["designer.http.json.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["designer.http.json.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "designer.http.openapi.Schema",
    "EXCEPTION_HANDLER": "designer.http.errors.answer",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Easel",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_PERMISSIONS": ["designer.workspaces.permission_class.MayCall"],
    "OAS_VERSION": "3.1.0",
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enum_id_removal", "designer.http.openapi.document_errors"],
}

# The serving processes of endpoints: their port here, and the address at which clients reach them.
EASEL_SERVE_PORT: int = ENV["EASEL_SERVE_PORT"] or ENV["PORT"] % 65_535 + 1
EASEL_SERVE_URL: str = (ENV["EASEL_SERVE_URL"] or f"http://127.0.0.1:{EASEL_SERVE_PORT}").rstrip("/")
globals().update(mail_settings(ENV["EASEL_SMTP_URL"] or ""))
DEFAULT_FROM_EMAIL: str = ENV["EASEL_MAIL_FROM"]

EASEL_METRICS_TOKEN: str = ENV["EASEL_METRICS_TOKEN"]
EASEL_OPENLINEAGE_URL: str | None = ENV["EASEL_OPENLINEAGE_URL"]
EASEL_OPENLINEAGE_KEY: str = ENV["EASEL_OPENLINEAGE_KEY"]
EASEL_OPENLINEAGE_NAMESPACE: str = ENV["EASEL_OPENLINEAGE_NAMESPACE"]
LOG_FORMAT: str = ENV["EASEL_LOG_FORMAT"]
_FROM_ROOT: dict[str, Any] = {"handlers": [], "propagate": True, "level": "NOTSET"}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "facts": {"()": "pipelines.runtime.telemetry.log_context.Facts"},
        "one_line": {"()": "pipelines.runtime.telemetry.log_context.OneLine"},
        "outages": {"()": "designer.http.outage_handling.OneLine"},
    },
    "formatters": {
        "plain": {"()": "pipelines.runtime.telemetry.log_context.Plain", "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        "json": {
            "()": "pythonjsonlogger.msgspec.MsgspecFormatter",
            "fmt": ("levelname", "name", "message", "process"),
            "rename_fields": {"levelname": "level", "name": "logger"},
            "timestamp": "at",
            "reserved_attrs": [*RESERVED_ATTRS, "request"],  # Django's own records have the whole object as an attribute
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["facts", "outages"]}},
    "root": {"handlers": ["stderr"], "level": ENV["EASEL_LOG_LEVEL"]},
    "loggers": {
        "celery": {"level": "WARNING"},
        "celery.worker.request": {"filters": ["one_line"]},
        "django.request": {"level": "ERROR"},
        "channels_redis": {"level": "WARNING"},
        "psycopg.pool": {"level": "ERROR"},  # it logs each attempt to reach an unavailable database
        "uvicorn": _FROM_ROOT,
        "uvicorn.error": _FROM_ROOT,  # same level as the others; by default it logs each window
        "uvicorn.access": {**_FROM_ROOT, "level": "WARNING"},  # designer.http.request_log logs each request
    },
}
