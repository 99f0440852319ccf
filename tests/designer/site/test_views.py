"""Pages: signing in, by link, by invitation; the page that holds the canvas."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from designer.http import rate_limits
from designer.rate_table import table
from designer.site import urls
from designer.workspaces.links import local_workspace, make_invitation, make_sign_in_link
from designer.workspaces.models import Membership, SignInLink
from designer.workspaces.people import make_person
from tests.designer.conftest import Team

ROOT = Path(__file__).parents[3]
PASSWORD = "correct horse 7"


@pytest.fixture
def ann(db: None) -> User:
    return make_person("Ann@Example.org", name="Ann", password=PASSWORD)


def sign_in(client: Client, password: str = PASSWORD, email: str = "ann@example.ORG", **more: str) -> Any:
    return client.post("/sign-in", {"email": email, "password": password, **more})


def signed_in(client: Client) -> bool:
    return client.get("/api/me/").status_code == 200


def test_everything_asks_to_sign_in_first(db: None) -> None:
    answer = Client().get("/pipelines/abc?x=1")
    assert answer.status_code == 302 and answer.headers["Location"] == "/sign-in?next=/pipelines/abc%3Fx%3D1"


def test_signing_in_and_out(ann: User) -> None:
    client = Client()
    assert client.get("/sign-in").status_code == 200
    answer = sign_in(client, next="/runs")
    assert answer.status_code == 302 and answer.headers["Location"] == "/runs"
    assert signed_in(client) and client.get("/sign-in").status_code == 302
    assert client.cookies["easel_session"]["httponly"] and client.cookies["easel_session"]["samesite"] == "Lax"
    client.post("/sign-out")
    assert not signed_in(client)


@pytest.mark.parametrize("next", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example"])
def test_nobody_is_sent_elsewhere_after(ann: User, next: str) -> None:
    assert sign_in(Client(), next=next).headers["Location"] == "/"
    assert Client().get(make_sign_in_link(ann), {"next": next}).headers["Location"] == "/"


def test_a_wrong_password_and_an_unknown_person_read_the_same(ann: User) -> None:
    wrong, unknown = sign_in(Client(), "wrong"), sign_in(Client(), email="bob@example.org")
    assert wrong.status_code == unknown.status_code == 403
    assert b"is incorrect" in wrong.content and b"is incorrect" in unknown.content
    assert sign_in(Client(), "").status_code == 400


def test_guessing_is_slowed_and_the_answer_says_how_long(ann: User, settings: Any) -> None:
    settings.EASEL_RATES = table("sign_in.account=3/minute")
    for _ in range(3):
        assert sign_in(Client(), "wrong").status_code == 403
    answer = sign_in(Client())
    assert answer.status_code == 429 and 1 <= int(answer.headers["Retry-After"]) <= 60 and b"Too many attempts. Wait" in answer.content
    rate_limits.reset()
    assert sign_in(Client()).status_code == 302


def test_guessing_from_elsewhere_does_not_lock_the_owner_out(ann: User, settings: Any) -> None:
    settings.EASEL_RATES = table("sign_in.account=3/minute,sign_in.everywhere=5/hour")
    home, stranger = {"REMOTE_ADDR": "10.0.0.1"}, {"REMOTE_ADDR": "10.0.0.2"}
    assert sign_in(Client(**home)).status_code == 302
    assert [sign_in(Client(**stranger), "wrong").status_code for _ in range(4)] == [403, 403, 403, 429]
    others = [sign_in(Client(REMOTE_ADDR=f"10.0.1.{number}"), "wrong").status_code for number in range(4)]
    assert others == [403, 403, 429, 429], "an account has an hourly limit over all unknown addresses"
    assert sign_in(Client(REMOTE_ADDR="10.0.2.1")).status_code == 429
    assert sign_in(Client(**home)).status_code == 302, "the owner comes in from where they signed in before"


def test_guessing_from_one_address_is_slowed_but_not_for_those_who_are_known_there(ann: User, settings: Any) -> None:
    settings.EASEL_RATES = table("sign_in.address=3/minute")
    bob = make_person("bob@example.org", password=PASSWORD)
    assert sign_in(Client()).status_code == 302
    for number in range(3):
        sign_in(Client(), "wrong", email=f"{number}@example.org")
    assert sign_in(Client(), email=bob.email).status_code == 429
    assert sign_in(Client()).status_code == 302


def test_a_right_password_forgives_the_wrong_ones_before(ann: User, settings: Any) -> None:
    settings.EASEL_RATES = table("sign_in.account=3/minute")
    for _ in range(3):
        assert sign_in(Client(), "wrong").status_code == 403
        assert sign_in(Client()).status_code == 302


def test_guessing_links_is_slowed_and_a_good_link_still_opens(ann: User, settings: Any) -> None:
    settings.EASEL_RATES = table("link.guess=3/minute")
    found = [Client().get(address) for address in ("/sign-in/link/a", "/join/b", "/sign-in/link/c", "/join/d", "/sign-in/link/e")]
    assert [answer.status_code for answer in found] == [410, 410, 410, 429, 429]
    assert int(found[-1].headers["Retry-After"]) >= 1
    assert Client().get(make_sign_in_link(ann)).status_code == 302


def test_a_link_signs_in_once_and_not_late(ann: User) -> None:
    link, client = make_sign_in_link(ann), Client()
    answer = client.get(link, {"next": "/pipelines/abc"})
    assert answer.headers["Location"] == "/pipelines/abc" and signed_in(client)
    again = Client()
    assert again.get(link).status_code == 410 and not signed_in(again)
    late = make_sign_in_link(ann)
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(late).status_code == 410


def test_links_are_kept_hashed(ann: User) -> None:
    secret = make_sign_in_link(ann).rpartition("/")[2]
    assert len(secret) >= 43 and secret not in str(list(SignInLink.objects.values()))


def test_the_first_link_makes_the_first_person(db: None) -> None:
    client = Client()
    client.get(make_sign_in_link())
    assert client.get("/api/me/").json()["workspaces"][0]["role"] == "owner"
    assert not User.objects.get().has_usable_password()
    assert local_workspace() == local_workspace()


def test_joining_with_a_new_account(team: Team) -> None:
    link = make_invitation(team.workspace, "editor", by=team.people["admin"], by_role="admin")
    client = Client()
    assert b"Join Team" in client.get(link).content
    assert client.post(link, {"name": "Bob", "email": "owner@example.org", "password": PASSWORD}).status_code == 400
    assert client.post(link, {"name": "Bob", "email": "bob@example.org", "password": "short"}).status_code == 400
    assert client.post(link, {"name": "Bob", "email": "bob@example.org", "password": PASSWORD}).status_code == 302
    assert client.get("/api/me/").json()["workspaces"] == [{"id": team.workspace.pk, "name": "Team", "role": "editor"}]
    assert Client().post(link, {"name": "Eve", "email": "eve@example.org", "password": PASSWORD}).status_code == 410
    assert not User.objects.filter(username="eve@example.org").exists()


def test_joining_with_the_account_one_has(team: Team) -> None:
    link = make_invitation(team.workspace, "viewer", by=team.people["admin"], by_role="admin")
    client = Client()
    client.force_login(team.people["foreign"])
    assert client.post(link).status_code == 302
    assert Membership.objects.get(user=team.people["foreign"], workspace=team.workspace).role == "viewer"


def test_the_canvas_page_names_what_vite_built(team: Team, settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    client = team.client("viewer")
    assert b"not built yet" in client.get("/").content
    (tmp_path / "canvas").mkdir()
    chunks = {
        "src/main.tsx": {
            "file": "assets/main-a.js",
            "isEntry": True,
            "css": ["assets/main-b.css"],
            "imports": ["_shared.js"],
            "dynamicImports": ["src/chart.tsx"],
            "assets": ["assets/geist-latin-ext-wght-normal-e.woff2", "assets/geist-latin-wght-normal-f.woff2"],
        },
        "src/site.css": {"file": "assets/site-g.css", "isEntry": True},
        "_shared.js": {"file": "assets/shared-c.js", "imports": ["_shared.js"]},
        "src/chart.tsx": {"file": "assets/chart-d.js"},
        "src/pages/canvas/prefetch.ts": {"file": "assets/prefetch-j.js", "imports": ["_shared.js"]},
        "src/pages/canvas/CanvasPage.tsx": {"file": "assets/canvas-h.js", "css": ["assets/canvas-i.css"], "imports": ["_shared.js"]},
    }
    (tmp_path / "canvas/manifest.json").write_text(json.dumps(chunks))
    answer = client.get(f"/pipelines/{'0' * 32}")
    page = answer.content.decode()
    assert '<script type="module" src="/static/canvas/assets/main-a.js">' in page and "main-b.css" in page and "shared-c.js" in page
    assert '<link rel="preload" href="/static/canvas/assets/geist-latin-wght-normal-f.woff2" as="font"' in page
    # As the bundle asks for it; without crossorigin the browser loads it twice.
    assert '<link rel="preload" href="/static/canvas/assets/canvas-i.css" as="style" crossorigin>' in page
    assert "site-g.css" not in page and "site-g.css" in Client().get("/sign-in").content.decode()
    assert "chart-d.js" not in page and 'id="root"' in page and "csrftoken" in answer.cookies
    early = [f"/api/pipelines/{'0' * 32}/", "prefetch-j.js", "canvas-h.js", "canvas-i.css", "/api/modules/"]
    home = client.get("/").content.decode()
    assert [what for what in early if what not in page or what in home] == [] and page.count("shared-c.js") == home.count(
        "shared-c.js"
    ) == 1
    assert "script-src 'self';" in answer.headers["Content-Security-Policy"] and "<script>" not in page


def test_what_is_nowhere(team: Team) -> None:
    assert Client().get("/nowhere").status_code == 404
    answer = team.client("viewer").get("/api/nowhere/")
    assert answer.status_code == 404 and answer.json()["error"]["code"] == "not_found"
    assert Client(headers={"host": "evil.example"}).get("/health").status_code == 400


def test_every_page_of_the_canvas_can_be_opened_by_its_address() -> None:
    declared = [
        path for file in (ROOT / "frontend/src").glob("*/*/feature.ts") for path in re.findall(r"path: '([^']+)'", file.read_text())
    ]
    assert "/runs/:id/scoring" in declared
    assert [path for path in declared if not re.match(urls.CANVAS, path.removeprefix("/").replace(":id", "a1"))] == []
