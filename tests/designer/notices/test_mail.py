"""Email with a real mail server: encrypted before a login, and nothing lost or held up by a server that refuses or hangs."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone

from designer.config.mail import mail_settings
from designer.notices import delivery
from designer.notices.models import Delivery, Notice
from designer.schedules import starting
from designer.schedules.models import Tick
from pipelines.models import Run
from tests.designer.schedules.conftest import Make, end

controllers = pytest.importorskip("aiosmtpd.controller", reason="pip install -r requirements-dev.txt")
from aiosmtpd.smtp import AuthResult, LoginPassword  # noqa: E402

HERE = "127.0.0.1"
SECRET = "S3kr1t+/ :@"


def certificate(folder: Path) -> Path:
    """A certificate of this machine with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now().astimezone()
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    pem = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    plain = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "server.pem"
    file.write_bytes(pem + plain)
    return file


class Post:
    """A mail server's handler: keeps messages, and refuses as long as it is told to."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.logins: list[tuple[str, bool]] = []
        self.refuses = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuses:
            return "451 Try again later"
        self.messages.append(envelope.content.decode())
        return "250 OK"

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, given: LoginPassword) -> AuthResult:
        self.logins.append((given.login.decode(), session.ssl is not None))
        return AuthResult(success=given.password.decode() == SECRET, handled=False)


@pytest.fixture
def post(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """A server that takes mail after STARTTLS and a login."""
    file = certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))  # whom the client trusts
    found = Post()
    server = controllers.Controller(
        found,
        hostname=HERE,
        port=free_port(),
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=found.authenticate,
    )
    server.start()
    use(settings, f"smtp://easel:S3kr1t%2B%2F%20%3A%40@localhost:{server.port}")
    yield found
    server.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        return int(probe.getsockname()[1])


def use(settings: Any, address: str) -> None:
    """Set up mail as the variable EASEL_SMTP_URL does."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    for name, value in mail_settings(address).items():
        setattr(settings, name, value)


def failed(minutely: Make, **more: Any) -> tuple[Run, datetime]:
    """A scheduled run that failed."""
    schedule = minutely(email=True, **more)
    now = timezone.now()
    run = Run.objects.create(scope=schedule.workspace_id, graph={}, plan={}, state="waiting", created_at=now)
    Tick.objects.create(schedule=schedule, origin="times", planned=now, due=now, made_at=now, outcome="started", run=run.pk, overlap="skip")
    end(run.pk, "failed")
    starting.settle(now)
    return run, now


def test_an_email_of_a_failed_run_arrives_encrypted_after_a_login(minutely: Make, post: Post) -> None:
    _, now = failed(minutely)
    delivery.deliver(now)
    (message,) = post.messages
    assert "To: editor@example.org" in message and "A run of" in message and "Nightly" in message and "failed." in message
    assert post.logins == [("easel", True)] and Delivery.objects.get().sent_at == now


def test_a_server_that_refuses_loses_nothing(minutely: Make, post: Post, settings: Any) -> None:
    _, now = failed(minutely)
    post.refuses = True
    delivery.deliver(now)
    row = Delivery.objects.get()
    assert row.sent_at is None and "451" in row.error and row.next_at is not None
    settings.EMAIL_HOST_PASSWORD = "wrong-word"
    delivery.deliver(row.next_at)
    row = Delivery.objects.get()
    assert "535" in row.error and "wrong-word" not in row.error and row.tries == 2 and row.next_at is not None
    settings.EMAIL_HOST_PASSWORD, post.refuses = SECRET, False
    delivery.deliver(row.next_at)
    assert len(post.messages) == 1 and Delivery.objects.get().sent_at


def test_without_encryption_no_login_is_sent(minutely: Make, settings: Any) -> None:
    found = Post()
    server = controllers.Controller(found, hostname=HERE, port=free_port())
    server.start()
    try:
        use(settings, f"smtp://easel:word@{HERE}:{server.port}")
        _, now = failed(minutely)
        delivery.deliver(now)
        assert found.messages == [] and found.logins == [] and "STARTTLS" in Delivery.objects.get().error
    finally:
        server.stop()


@contextmanager
def hanging() -> Iterator[int]:
    """A server that takes a connection and says nothing."""
    with socket.create_server((HERE, 0)) as server:
        yield int(server.getsockname()[1])


def test_a_server_that_hangs_holds_nothing_up_and_loses_nothing(minutely: Make, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A try ends by itself; meanwhile runs settle, since notices are sent by a thread of their own."""
    monkeypatch.setattr(delivery, "MAIL_SECONDS", 0.2)
    with hanging() as port:
        use(settings, f"smtp://{HERE}:{port}")
        _, now = failed(minutely)
        delivery.deliver(now)
    row = Delivery.objects.get()
    assert row.sent_at is None and "timed out" in row.error and row.next_at == now + delivery.FIRST_PAUSE
    assert Notice.objects.get().kind == "failed" and threading.active_count() < 20
