"""Notices go out at least once, and reach only what is allowed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from designer.notices import delivery, signatures
from designer.notices import services as notices
from designer.notices.models import Delivery
from designer.readers import PrivateHosts
from pipelines.runtime import outside
from tests.designer.schedules.conftest import Make
from tests.support.web import site


@pytest.fixture(autouse=True)
def _rules_of_this_test() -> Any:
    outside._allowed.cache_clear()
    yield
    outside._allowed.cache_clear()


def test_a_webhook_is_signed_tried_again_and_kept_from_private_addresses(minutely: Make, settings: Any) -> None:
    schedule = minutely()
    secret = signatures.new_secret()
    with site() as server:
        schedule.webhook, schedule.webhook_secret = f"{server.url}/…", outside.encrypt(f"{secret}\n{server.url}/told?a=1")
        schedule.save()
        now = timezone.now()
        notices.add(schedule, "failed", "A run failed.", now, "0" * 32)
        delivery.deliver(now)
        row = Delivery.objects.get()
        assert not server.asked and "private network" in row.error and row.tries == 1 and row.next_at == now + timedelta(seconds=10)
        settings.EASEL_PRIVATE_HOSTS = PrivateHosts(names=("127.0.0.1",))
        outside._allowed.cache_clear()
        delivery.deliver(now + timedelta(seconds=10))  # the path is unknown there: 404
        assert "status 404" in Delivery.objects.get().error
        server.pages["/told"] = (200, {}, b"")
        delivery.deliver(now + timedelta(seconds=20))  # not yet due
        delivery.deliver(now + timedelta(minutes=1))
        row = Delivery.objects.get()
        assert row.sent_at and row.next_at is None and row.error == "" and len(server.asked) == 2
        headers = {name.lower(): value for name, value in server.asked[-1][2].items()}
        body = server.bodies[-1]
        assert signatures.verify(secret, headers, body, (now + timedelta(minutes=1)).timestamp()) and b'"schedule.failed"' in body
        delivery.deliver(now + timedelta(days=1))
        assert len(server.asked) == 2


def test_it_gives_up_after_many_tries_and_says_so(minutely: Make) -> None:
    schedule = minutely()
    schedule.webhook = "http://127.0.0.1:9/"
    schedule.save()
    notices.add(schedule, "failed", "A run failed.", timezone.now())
    for day in range(20):
        delivery.deliver(timezone.now() + timedelta(days=day))
    row = Delivery.objects.get()
    assert row.tries == delivery.MOST_TRIES and row.next_at is None and row.sent_at is None and row.error


def test_an_e_mail_is_sent_where_a_server_is_set_up(minutely: Make, settings: Any) -> None:
    schedule = minutely(email=True)
    notices.add(schedule, "failed", "A run\nfailed.", timezone.now())
    assert not Delivery.objects.exists()
    settings.EMAIL_HOST = "mail.example.org"
    notices.add(schedule, "failed", "A run\nfailed.", timezone.now())
    delivery.deliver(timezone.now())
    (sent,) = mail.outbox
    assert sent.to == ["editor@example.org"] and sent.subject == "Easel: A run failed." and "Nightly" in sent.body
