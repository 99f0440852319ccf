"""Every page, dialog, menu, popover, tab and state of the interface."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.view import View, choose, has, key, menu, part, press, right_click, tab, text

OPEN = ("aria-expanded", "true")
PAGES = [
    View("home", has("link", re.compile("^Automobile price"), exact=False), "/"),
    View("home, menu of a pipeline", menu, steps=(press("button", "Actions for"),), floats=True),
    View(
        "rename a pipeline",
        has("dialog", re.compile("^Rename")),
        steps=(press("button", "Actions for"), press("menuitem", "Rename…")),
        floats=True,
    ),
    View(
        "delete a pipeline",
        has("dialog", re.compile("^Delete")),
        steps=(press("button", "Actions for"), press("menuitem", "Delete…")),
        floats=True,
    ),
    View("home, menu of the person", menu, steps=(press("button", "Account of"),), floats=True),
    View("home, nothing matches", text("No pipeline"), steps=(lambda at: at.page.get_by_label("Filter pipelines").fill("no such"),)),
    View("datasets", has("heading", "Datasets"), "/datasets"),
    View("upload options", has("dialog", "Upload with options"), steps=(press("button", "Upload with options"),), floats=True),
    View("a dataset", has("grid", re.compile("")), "/datasets/{dataset}"),
    View("rename a dataset", has("dialog", re.compile("^Rename")), steps=(press("button", "Rename"),), floats=True),
    View("delete a dataset", has("dialog", re.compile("^Delete")), steps=(press("button", "Delete"),), floats=True),
    View("a dataset, columns", has("region", "Statistics of each column"), steps=(part("Columns"),)),
    View("runs", has("heading", "Runs"), "/runs"),
    View("a run", has("heading", re.compile("Automobile price"), exact=False), "/runs/{run}"),
    View("a run, results of a step", has("article", re.compile("")), "/runs/{run}?node=evaluate"),
    View("a run, log of a step", text(re.compile("The log is empty|No log yet")), "/runs/{run}?node=evaluate&view=log"),
    View("a run, settings of a step", text("Fraction"), "/runs/{run}?node=split&view=settings"),
    View("a run, why a step ran", text(re.compile("Reused|Ran because|changed from|Run again")), "/runs/{run}?node=split&view=why"),
    View("a run, items of a step", has("grid", re.compile("^Items")), "/runs/{failed}?node=spread&view=items"),
    View("comparison", has("region", "Metrics"), "/runs/compare?run={run}&run={before}"),
    View("modules", has("link", re.compile("^Join Data"), exact=False), "/modules"),
    View("help of a module, its page", has("button", "Open example"), "/modules/transform.join"),
    View("members", has("heading", re.compile("^Members")), "/team"),
    View("new workspace", has("dialog", "New workspace"), steps=(press("button", "New workspace"),), floats=True),
    View("invitation made", has("textbox", re.compile("^Invitation link")), steps=(press("button", "Create invitation link"),)),
    View("environments", has("cell", re.compile("package")), "/team?tab=environments"),
    View("new environment", has("dialog", "New environment"), steps=(press("button", "New environment"),), floats=True),
    View("build of an environment", has("dialog", re.compile("^Build of")), steps=(press("button", "Build log of"),), floats=True),
    View("delete an environment", has("dialog", re.compile("^Delete")), steps=(press("button", "Delete"),), floats=True),
    View("tokens", has("heading", re.compile("tokens", re.I)), "/team?tab=tokens"),
    View(
        "a token made",
        has("row", re.compile("^Nightly")),
        steps=(lambda at: at.page.get_by_label("Token name").fill("Nightly"), press("button", "Create token")),
    ),
    View("limits", has("button", "Clean up…"), "/team?tab=limits"),
    View("clean up", has("dialog", re.compile("^Clean up")), steps=(press("button", "Clean up…"),), floats=True),
    View("a limit refused", text("Must be a whole number"), steps=(lambda at: at.page.get_by_label("Concurrent runs").fill("0"),)),
    View("audit trail", has("region", "Audit trail"), "/team?tab=audit"),
    View("audit trail, download", menu, steps=(press("button", "Download"),), floats=True),
    View("workspace", has("button", "Rename"), "/team?tab=workspace"),
    View("account", has("heading", "Your account"), "/account"),
    View("password", has("dialog", "Change password"), steps=(press("button", "Change password"),), floats=True),
    View("nowhere", text("Page not found"), "/nowhere"),
]

CANVAS = [
    View("canvas", has("region", re.compile("^Best mean absolute error")), "/pipelines/{cars}"),
    View("menu of the pipeline's bar", menu, steps=(press("button", "Pipeline actions"),), floats=True),
    View(
        "delete this pipeline",
        has("dialog", re.compile("^Delete")),
        steps=(press("button", "Pipeline actions"), press("menuitem", "Delete…")),
        floats=True,
    ),
    View("run menu", menu, steps=(press("button", "More run options"),), floats=True),
    View(
        "how all modules run", text("Defaults for all modules"), steps=(lambda at: at.settings.get_by_text("How all modules run").click(),)
    ),
    View("palette, data", has("tab", "Data"), steps=(press("tab", "Data"),)),
    View("palette, samples", has("tab", "Samples"), steps=(press("tab", "Samples"),)),
    View(
        "palette, nothing found",
        text(re.compile("No .*match|Nothing")),
        steps=(press("tab", "Modules"), lambda at: at.page.get_by_role("searchbox", name="Search modules").fill("qqxx")),
    ),
    View(
        "palette, hint",
        has("tooltip", re.compile("")),
        steps=(
            lambda at: at.page.get_by_role("searchbox", name="Search modules").fill("split"),
            lambda at: at.page.get_by_role("button", name="Split Data", exact=True).hover(),
        ),
        floats=True,
    ),
    View(
        "tooltip",
        has("tooltip", re.compile("Full screen|Undo")),
        steps=(
            press("button", "Hide modules"),
            lambda at: at.page.get_by_role("button", name="Undo").hover(),
        ),
        floats=True,
    ),
    View("commands", has("dialog", "Commands"), steps=(key("Control+k"),), floats=True),
    View(
        "nothing commanded",
        text("Nothing matches"),
        steps=(key("Control+k"), lambda at: at.page.get_by_role("dialog", name="Commands").locator("input").fill("no such thing")),
        floats=True,
    ),
    View(
        "keyboard shortcuts",
        has("dialog", "Keyboard shortcuts"),
        steps=(lambda at: at.page.locator(".react-flow").focus(), key("?")),
        floats=True,
    ),
    View("outline", has("dialog", "Outline"), steps=(key("o"),), floats=True),
    View("versions", has("button", "Open as a copy: first"), steps=(key("v"),), floats=True),
    View("add a module", has("dialog", re.compile("Search|Add", re.I)), steps=(key("a"),), floats=True),
    View("menu of the canvas", menu, steps=(right_click,), floats=True),
    View("menu of a card", menu, steps=(choose("split"), lambda at: at.card("split").click(button="right")), floats=True),
    View("settings", has("region", "Last run"), steps=(choose("split"),)),
    View("menu of a module", menu, steps=(press("button", "Module actions"),), floats=True),
    View(
        "help of a module",
        has("dialog", re.compile("")),
        steps=(lambda at: at.settings.get_by_role("button", name="Help").click(),),
        floats=True,
    ),
    View(
        "a setting refused",
        text("Must be from 0 to 1."),
        steps=(lambda at: at.setting("Fraction").fill("7"), lambda at: at.setting("Fraction").blur()),
    ),
    View(
        "a column to choose",
        has("listbox", re.compile("")),
        steps=(lambda at: at.setting("Stratify by").click(), lambda at: expect(at.setting("Stratify by")).to_have_attribute(*OPEN)),
        floats=True,
    ),
    View("how it runs", text("Retries"), steps=(key("Escape"), choose("score"), lambda at: at.settings.get_by_text("How it runs").click())),
    View("several selected", text("2 modules selected"), steps=(choose("split", "score"),)),
    View("problems", has("tab", re.compile("^Problems")), steps=(tab("Problems"),)),
    View("timeline", has("list", "Steps"), steps=(tab("Timeline"),)),
    View("runs of the pipeline", has("button", "Select two runs to compare"), steps=(tab("Runs"),)),
    View("rows", lambda page: page.locator("[role=grid][aria-busy=false]"), steps=(lambda at: at.show("score", "table"),)),
    View(
        "statistics",
        has("complementary", "Column statistics"),
        steps=(lambda at: at.drawer.get_by_role("button", name="Column statistics").click(),),
    ),
    View(
        "filter",
        has("dialog", re.compile("")),
        steps=(lambda at: at.drawer.get_by_role("button", name="Filter", exact=True).click(),),
        floats=True,
    ),
    View("download of a table", menu, steps=(lambda at: at.drawer.get_by_role("button", name="Download").click(),), floats=True),
    View("columns", has("region", "Statistics of each column"), steps=(part("Columns"),)),
    View("chart", has("figure", re.compile("")), steps=(part("Chart"),)),
    View("model", has("article", re.compile("")), steps=(lambda at: at.show("train", "model"),)),
    View("report", has("figure", re.compile("")), steps=(lambda at: at.show("evaluate", "report"),)),
    View("menu of a chart", menu, steps=(press("button", re.compile("^Save ")),), floats=True),
    View("results, full screen", has("button", "Full screen"), steps=(key("Shift+Enter"),)),
    View(
        "report of two classes",
        has("slider", "Threshold"),
        "/pipelines/{income}",
        (lambda at: at.show("evaluate", "report"), key("Shift+Enter")),
    ),
    View("every state", lambda page: page.get_by_test_id("node-fail").get_by_role("button"), "/pipelines/{states}", (lambda at: at.fit(),)),
    View(
        "problems of a card",
        text(re.compile("Select one of the columns")),
        steps=(lambda at: at.card("split").get_by_role("button", name=re.compile("problem")).click(),),
    ),
    View("an empty log", text("The log is empty"), steps=(choose("fail"), tab("Log"))),
    View("list of problems", text("The last run left out"), steps=(tab("Problems"),)),
    View("why it failed", has("region", "Last run"), steps=(choose("fail"), tab("Results"))),
    View("empty canvas", has("group", "Start"), "/pipelines/{empty}"),
    View("sample data", menu, steps=(press("button", re.compile("Use (sample|your) data")),), floats=True),
    View("templates", menu, steps=(press("button", re.compile("Start from a template")),), floats=True),
    View("running", has("progressbar", "Progress of the run"), "/pipelines/{waits}", (lambda at: at.run(),)),
    View(
        "log of a running step",
        lambda page: page.get_by_role("log", name="Log").or_(page.get_by_text("No log yet")).first,
        steps=(choose("wait"), tab("Log")),
    ),
    View("no such pipeline", text("Pipeline not found"), "/pipelines/nowhere"),
]

PHONE = [
    View("phone", has("list", "Modules in the order of the flow"), "/pipelines/{cars}"),
    View("phone, settings", has("region", "Last run"), steps=(press("button", re.compile("^Split")), part("Settings"))),
    View("phone, results", has("tab", re.compile("^Problems")), steps=(part("Results"),)),
    View("phone, add", has("searchbox", "Search modules"), steps=(part("Add"),)),
    View("phone, more", menu, steps=(press("button", "More actions"),), floats=True),
    View("phone, outline", has("dialog", "Outline"), steps=(part("Outline"), press("button", "Connect and delete")), floats=True),
]

DOOR = [
    View("sign in", has("heading", "Sign in"), "/sign-in"),
    View(
        "a wrong password",
        has("alert", re.compile("")),
        steps=(
            lambda at: at.page.get_by_label("Email").fill("a@b.org"),
            lambda at: at.page.get_by_label("Password").fill("wrong"),
            press("button", "Sign in"),
        ),
    ),
    View("an invitation used", text("has been used or has expired"), "/join/nothing"),
]
