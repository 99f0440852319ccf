"""Addresses of webhooks are encrypted, also those that earlier versions stored in clear."""

from __future__ import annotations

from django.utils import timezone

from designer.endpoints.models import Endpoint
from designer.notices.models import Delivery
from designer.notices.services import add, hide_addresses, webhook_of
from pipelines import flow
from tests.designer.conftest import Team

ADDRESS = "https://93.184.216.34/services/token"


def test_an_address_in_clear_is_encrypted_with_its_secret_once(team: Team) -> None:
    endpoint = Endpoint.objects.create(
        workspace=team.workspace, name="prices", webhook=ADDRESS, webhook_secret=flow.outside.encrypt("whsec_a"), created_by="e"
    )
    add(endpoint, "alarm", "It differs.", timezone.now())
    hide_addresses(Endpoint)
    endpoint.refresh_from_db()
    assert Delivery.objects.get().target == endpoint.webhook == "https://93.184.216.34/…" and webhook_of(endpoint) == ("whsec_a", ADDRESS)
    before = endpoint.webhook_secret
    hide_addresses(Endpoint)
    endpoint.refresh_from_db()
    assert endpoint.webhook_secret == before


def test_one_whose_secret_no_key_reads_stays_as_it_is(team: Team) -> None:
    locked = Endpoint.objects.create(workspace=team.workspace, name="prices", webhook=ADDRESS, webhook_secret="1:locked", created_by="e")
    hide_addresses(Endpoint)
    locked.refresh_from_db()
    assert (locked.webhook, locked.webhook_secret) == (ADDRESS, "1:locked")
