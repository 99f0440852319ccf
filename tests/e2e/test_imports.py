"""A dataset is imported from an address, refreshed with other columns, without a change and in vain, and its import is ended."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.support.app_server import Person
from tests.support.web import site

READ_WITHIN = 60_000


def test_a_dataset_is_imported_and_refreshed(page: Page, person: Person) -> None:
    with site() as server:
        server.pages["/prices.csv"] = (200, {}, b"make,price\naudi,1\n")
        page.goto(f"{person.base}/datasets")
        page.get_by_role("button", name="Import from outside").click()
        dialog = page.get_by_role("dialog", name="Import from outside")
        dialog.get_by_label("Title").fill("Prices of cars")
        dialog.get_by_label("Source").select_option("database")
        expect(dialog.get_by_text("The workspace has no such connection yet.")).to_be_visible()
        dialog.get_by_label("Source").select_option("url")
        dialog.get_by_label("Web address").fill("prices.csv")
        dialog.get_by_label("Refresh").select_option("day")
        dialog.get_by_label("At", exact=True).fill("07:30")
        dialog.get_by_role("button", name="Import").click()
        expect(dialog.get_by_role("alert")).to_contain_text("“prices.csv” is not the address of a file on the web.")
        dialog.get_by_label("Web address").fill(f"{server.url}/prices.csv")
        dialog.get_by_role("button", name="Import").click()
        row = page.get_by_role("row").filter(has=page.get_by_role("button", name="Refresh Prices of cars now"))
        expect(row).to_contain_text("Version 1 has 1 row.", timeout=READ_WITHIN)
        expect(row).to_contain_text("07:30")

        server.pages["/prices.csv"] = (200, {}, b"make,price,year\naudi,1,1985\nbmw,2,1986\n")
        row.get_by_role("button", name="Refresh Prices of cars now").click()
        expect(row).to_contain_text("Version 2 has 2 rows. 1 new column: “year”.", timeout=READ_WITHIN)
        row.get_by_role("link", name="Prices of cars").click()
        expect(page.get_by_text("Compared with version 1: 1 new column: “year”.")).to_be_visible()
        page.get_by_role("button", name="Refresh Prices of cars now").click()
        expect(page.get_by_text("No change: Its bytes are those of version 2.")).to_be_visible(timeout=READ_WITHIN)

        server.pages["/prices.csv"] = (404, {}, b"")
        page.get_by_role("button", name="Refresh Prices of cars now").click()
        expect(page.get_by_role("status").filter(has_text="answered with status 404")).to_be_visible(timeout=READ_WITHIN)
        expect(page.get_by_role("gridcell").filter(has_text="1986").first).to_be_visible()
        page.get_by_role("button", name="More about the import of Prices of cars").click()
        page.get_by_role("menuitem", name="End import").click()
        page.get_by_role("dialog").get_by_role("button", name="End import").click()
        expect(page.get_by_role("button", name="Add source")).to_be_visible()
        assert not [each for each in person.call("GET", "/api/schedules/") if "Prices" in each["name"]]
        (prices,) = (each for each in person.call("GET", "/api/datasets/") if each["title"] == "Prices of cars")
        assert len(prices["versions"]) == 2
