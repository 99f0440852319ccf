"""Signing in and out, joining, and what each role may do."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.canvas import Canvas
from tests.e2e.graphs import chain
from tests.support.app_server import Person

SECRET = "a long and odd passphrase"
Joined = Callable[[str, str], Page]


@pytest.fixture
def owner(page: Page) -> Page:
    return page


@pytest.fixture
def joined(open_window, owner: Page, person: Person) -> Joined:
    """Opens a window of a new member, whom the owner invited."""

    def make(role: str, email: str) -> Page:
        member: Page = open_window(None).new_page()
        join(member, invitation(owner, person, role), email)
        return member

    return make


def test_signing_out_ends_the_session_and_the_door_says_no_to_a_wrong_password(joined: Joined, person: Person) -> None:
    page = joined("editor", "leaver@example.org")
    page.get_by_role("button", name="Account of Leaver").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(f"{person.base}/datasets")
    expect(page).to_have_url(re.compile("/sign-in"))
    sign_in(page, "leaver@example.org", "wrong")
    expect(page.get_by_role("alert")).to_have_text("The email or password is incorrect.")
    sign_in(page, "leaver@example.org", SECRET)
    expect(page).to_have_url(f"{person.base}/datasets")
    expect(page.get_by_role("heading", name="Datasets")).to_be_visible()


def test_a_new_password_ends_the_other_window_and_the_tokens(open_window, joined: Joined, person: Person) -> None:
    page = joined("editor", "changer@example.org")
    other = open_window(None).new_page()
    other.goto(f"{person.base}/sign-in")
    sign_in(other, "changer@example.org", SECRET)
    expect(other.get_by_role("heading", name="Pipelines")).to_be_visible()
    page.goto(f"{person.base}/team?tab=tokens")
    page.get_by_label("Token name").fill("Nightly")
    page.get_by_label("Expires after").select_option("No expiry")
    page.get_by_role("button", name="Create token").click()
    row = page.get_by_role("row").filter(has_text="Nightly")
    expect(row).to_contain_text("Read, edit and run")
    expect(row).to_contain_text("No expiry")
    page.goto(f"{person.base}/account")
    page.get_by_role("button", name="Change password").click()
    dialog = page.get_by_role("dialog", name="Change password")
    dialog.get_by_label("Current password").fill(SECRET)
    dialog.get_by_label("New password", exact=True).fill(f"{SECRET} 2")
    dialog.get_by_label("Confirm new password").fill(f"{SECRET} 2")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("status")).to_contain_text("Password changed")
    page.keyboard.press("Escape")
    expect(page.get_by_role("table", name="Sign-ins and changes")).to_contain_text("password: changed")
    page.goto(f"{person.base}/team?tab=tokens")
    expect(page.get_by_text("No tokens yet")).to_be_visible()
    other.goto(f"{person.base}/datasets")
    expect(other).to_have_url(re.compile("/sign-in"))


def test_an_admin_reads_who_did_what_and_nobody_else(joined: Joined, owner: Page, person: Person) -> None:
    pipeline = person.pipeline(chain(("one", "trial.pass_on", {})))
    onlooker = joined("viewer", "curious@example.org")
    onlooker.goto(f"{person.base}/audit")
    expect(onlooker.get_by_text("Only admins can view the audit trail")).to_be_visible()
    refused = onlooker.request.delete(
        f"{person.base}/api/pipelines/{pipeline}/",
        headers={"X-CSRFToken": next(c["value"] for c in onlooker.context.cookies() if c["name"] == "csrftoken")},
    )
    assert refused.status == 403
    page = owner
    page.goto(f"{person.base}/team")
    page.get_by_role("link", name="Audit trail").click()
    table = page.get_by_role("region", name="Audit trail")
    expect(table.get_by_role("row").filter(has_text="curious@example.org").first).to_be_visible()
    page.get_by_label("Who").fill("curious")
    page.get_by_label("Outcome").select_option("Refused")
    expect(table.get_by_role("row")).to_have_count(2)
    expect(table).to_contain_text("delete a pipeline")
    expect(table).to_contain_text("role too low")
    page.get_by_role("button", name="Download").click()
    with page.expect_download() as coming:
        page.get_by_role("menuitem", name="As a table (CSV)").click()
    lines = coming.value.path().read_text().splitlines()
    assert len(lines) == 2 and "curious@example.org" in lines[1] and "role_too_low" in lines[1]
    page.get_by_label("Who").fill("nobody like this")
    page.get_by_role("button", name="Clear filters").click()
    expect(table.get_by_role("row").nth(3)).to_be_visible()


def test_a_viewer_looks_and_an_editor_changes(joined: Joined, owner: Page, person: Person) -> None:
    pipeline = person.pipeline(chain(("one", "trial.pass_on", {})))
    page = joined("viewer", "viewer@example.org")
    at = Canvas(page, person).open(pipeline)
    expect(page.get_by_role("status").filter(has_text="View only")).to_be_visible()
    expect(page.get_by_test_id("run")).to_have_count(0)
    expect(page.get_by_role("searchbox", name="Search modules")).to_have_count(0)
    at.choose("one")
    expect(at.setting("Mark")).not_to_be_editable()
    page.keyboard.press("Delete")
    page.keyboard.press("Control+d")
    at.expect_cards(2)

    owner.goto(f"{person.base}/team")
    owner.get_by_role("combobox", name=re.compile("^Role of Viewer")).select_option("editor")
    page.reload()
    expect(page.get_by_test_id("run")).to_be_visible()
    at.choose("one")
    at.setting("Mark").fill("5")
    at.expect_saved()
    assert at.graph()["nodes"]["one"]["params"] == {"mark": 5}


def test_nothing_can_be_edited_before_the_role_is_known(joined: Joined, person: Person) -> None:
    pipeline = person.pipeline(chain(("one", "trial.pass_on", {})))
    page = joined("viewer", "early@example.org")
    held: list[Route] = []
    page.route(f"**/api/pipelines/{pipeline}/", lambda route: held.append(route))
    page.goto(f"{person.base}/pipelines/{pipeline}")
    expect(page.get_by_role("status", name="Loading the pipeline")).to_be_visible()
    expect(page.get_by_test_id("run")).to_be_disabled()
    expect(page.get_by_role("searchbox", name="Search modules")).to_have_count(0)
    expect(page.locator(".react-flow__node")).to_have_count(0)
    page.get_by_role("button", name="Pipeline actions").click()
    expect(page.get_by_role("menuitem", name="Export as JSON")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Rename")).to_have_count(0)
    page.keyboard.press("Escape")
    let_go(page, held)
    expect(page.get_by_role("status").filter(has_text="View only")).to_be_visible()
    expect(page.get_by_test_id("run")).to_have_count(0)

    page.route(f"**/api/pipelines/{pipeline}/", lambda route: held.append(route))
    page.reload()
    expect(page.get_by_role("status", name="Loading the pipeline")).to_be_visible()
    expect(page.get_by_test_id("run")).to_have_count(0)  # the shape of the last pipeline
    let_go(page, held)
    expect(page.get_by_role("status").filter(has_text="View only")).to_be_visible()


def let_go(page: Page, held: list[Route]) -> None:
    """Answer the requests that were held, and hold no more."""
    page.route("**/api/pipelines/**", lambda route: route.continue_())  # comes before the one that holds
    for route in held:
        route.continue_()
    held.clear()


def test_an_invitation_works_once(open_window, owner: Page, person: Person) -> None:
    link = invitation(owner, person, "editor")
    join(open_window(None).new_page(), link, "first@example.org")
    second = open_window(None).new_page()
    second.goto(link)
    expect(second.get_by_text("This invitation has been used or has expired")).to_be_visible()


def test_a_pipeline_of_others_is_not_there(page: Page, person: Person) -> None:
    page.goto(f"{person.base}/pipelines/{'0' * 32}")
    expect(page.get_by_text("Pipeline not found")).to_be_visible()
    expect(page.get_by_role("button", name="Run")).to_have_count(0)


def test_a_second_workspace_has_pages_of_its_own(joined: Joined) -> None:
    page = joined("editor", "two-places@example.org")
    page.get_by_role("link", name="Team").click()
    page.get_by_role("button", name="New workspace").click()
    page.get_by_role("dialog").get_by_role("textbox", name="Name").fill("The other place")
    page.get_by_role("button", name="Create workspace").click()
    expect(page.get_by_role("heading", name="Members of The other place")).to_be_visible()
    page.get_by_role("link", name="Pipelines").click()
    expect(page.get_by_text("No pipelines yet")).to_be_visible()
    page.get_by_role("button", name="New pipeline").click()
    expect(page.get_by_label("Name of the pipeline")).to_have_value("New pipeline")
    page.get_by_role("link", name="Easel").click()
    expect(page.get_by_role("link").filter(has_text="New pipeline")).to_be_visible()
    page.get_by_label("Workspace").select_option("My workspace (editor)")
    expect(page.get_by_role("link").filter(has_text="New pipeline")).to_have_count(0)


def invitation(owner: Page, person: Person, role: str) -> str:
    """The link that the owner makes on the Team page."""
    owner.goto(f"{person.base}/team")
    owner.get_by_label("Role", exact=True).select_option(role)
    owner.get_by_role("button", name="Create invitation link").click()
    return owner.get_by_label(f"Invitation link ({role})").input_value()


def join(page: Page, link: str, email: str) -> None:
    page.goto(link)
    page.get_by_label("Name").fill(email.partition("@")[0].title())
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(SECRET)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", name="Pipelines")).to_be_visible()


def sign_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
