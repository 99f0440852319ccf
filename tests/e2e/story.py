"""The pipelines that the pictures of the documentation show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import pairwise
from typing import Any

from playwright.sync_api import Browser

from tests.e2e.canvas import Canvas
from tests.support.app_server import Person

Step = tuple[str, str, dict[str, Any], tuple[int, int], str]
LABEL = {"label": "price"}
# Reads a text as a number: fails at the first row, while the rest of the run goes on.
BROKEN_QUERY = 'select make, avg(cast("num-of-doors" as double)) as doors from t1 group by make'
QUERY = 'select make, avg("Scored Labels" - price) as residual from t1 group by make order by residual'
# The trees and leaves of one run after another.
TRIALS = ((20, 4), (30, 4), (40, 8), (60, 8), (100, 8), (400, 20), (200, 31))
SLOW = 60_000
SECRET = "a long and odd passphrase"
CONNECTIONS = (
    {"name": "warehouse", "kind": "database", "address": "postgresql://easel@db.example.org:5432/sales", "secret": SECRET},
    {"name": "archive", "kind": "s3", "address": "s3://example-archive/cars", "user": "reader", "secret": SECRET},
    {"name": "open-data", "kind": "http", "address": "https://data.example.org"},
)
CHURN = "customer,plan,months,left\n" + "\n".join(f"{row},{'abc'[row % 3]},{row * 7 % 40},{row % 2}" for row in range(1, 400))


def document(name: str, steps: Sequence[Step], edges: str) -> dict[str, Any]:
    """A pipeline; the edges are written as "from.port to.port", one a line."""
    nodes = {id: {"module": module, "params": params, "position": place, "title": title} for id, module, params, place, title in steps}
    wires = [line.split() for line in edges.strip().splitlines()]
    return {"format": 1, "name": name, "nodes": nodes, "edges": wires, "parameters": {}, "frames": [], "notes": []}


def cars(trees: int = 200, leaves: int = 31, query: str = QUERY, stratify: str | None = "body-style") -> dict[str, Any]:
    """Two learners on the same cars, compared on the same test cars."""
    columns = [{"include": "all"}, {"exclude": {"names": ["normalized-losses"]}}]
    steps: list[Step] = [
        ("cars", "data.dataset", {"dataset": "automobile_price"}, (0, 0), "Automobile price"),
        ("select", "transform.select_columns", {"columns": columns}, (0, 96), "Drop normalized-losses"),
        ("clean", "transform.clean_missing", {"mode": "drop_rows"}, (0, 192), "Drop incomplete rows"),
        ("split", "transform.split_data", {"fraction": 0.7, "seed": 7, "stratify_by": stratify}, (0, 288), "Split 70 / 30"),
        ("trees", "regression.boosted_trees", {"trees": trees, "leaves": leaves}, (-292, 288), "Boosted Decision Tree Regression"),
        ("linear", "regression.linear_regression", {}, (292, 288), "Linear Regression"),
        ("train_trees", "training.train_model", LABEL, (-264, 408), "Train the boosted trees"),
        ("train_linear", "training.train_model", LABEL, (292, 408), "Train the linear model"),
        ("score_trees", "scoring.score_model", {}, (-150, 512), "Score the test cars, boosted trees"),
        ("score_linear", "scoring.score_model", {}, (150, 512), "Score the test cars, linear model"),
        ("evaluate", "evaluation.evaluate_model", {}, (-150, 628), "Compare both models"),
        ("residuals", "transform.sql", {"query": query}, (150, 628), "Residuals by make"),
    ]
    edges = """
        cars.table select.table
        select.table clean.table
        clean.table split.table
        trees.model train_trees.untrained
        split.first train_trees.table
        linear.model train_linear.untrained
        split.first train_linear.table
        train_trees.model score_trees.model
        split.second score_trees.table
        train_linear.model score_linear.model
        split.second score_linear.table
        score_trees.table evaluate.scored
        score_linear.table evaluate.scored
        score_linear.table residuals.t1
    """
    return document("Automobile price", steps, edges)


def states() -> dict[str, Any]:
    """One card of each state, once it has run before and runs again."""
    table = {"text": CHURN}
    clean = {"mode": "drop_rows"}
    broken = {"query": "select * from t1 where cast(plan as double) > 1"}
    steps: list[Step] = [
        ("unset", "training.train_model", {}, (0, 0), "Train Model"),
        ("waiting", "scoring.score_model", {}, (268, 0), "Score the customers"),
        ("running", "training.train_model", {"label": "left"}, (536, 0), "Train the boosted trees"),
        ("done", "transform.split_data", {"fraction": 0.7, "seed": 1}, (804, 0), "Split 70 / 30"),
        ("reused", "transform.clean_missing", clean, (0, 130), "Drop incomplete rows"),
        (
            "stale",
            "transform.filter_rows",
            {"condition": "greater", "column": "months", "value": "2"},
            (268, 130),
            "Only customers of months",
        ),
        ("failed", "transform.sql", broken, (536, 130), "Plans as numbers"),
        ("skipped", "transform.normalize", {}, (804, 130), "Normalize Data"),
        ("mine", "data.enter_data", table, (268, -130), "Customers"),
        ("theirs", "classification.two_class_boosted_trees", {"trees": SLOW}, (536, -130), "Two-Class Boosted Trees"),
    ]
    edges = """
        mine.table reused.table
        mine.table stale.table
        mine.table done.table
        mine.table failed.t1
        mine.table waiting.table
        mine.table running.table
        theirs.model running.untrained
        running.model waiting.model
        failed.table skipped.table
        done.first unset.table
    """
    return document("Card states", steps, edges)


def chain(name: str, *steps: tuple[str, dict[str, Any], str]) -> dict[str, Any]:
    """Steps below each other, after a table that is typed in."""
    placed: list[Step] = [("source", "data.enter_data", {"text": CHURN}, (0, 0), "Customers")]
    placed += [(f"s{row}", module, params, (0, 96 * row), title) for row, (module, params, title) in enumerate(steps, 1)]
    edges = "\n".join(f"{one[0]}.table {two[0]}.{'t1' if two[1] == 'transform.sql' else 'table'}" for one, two in pairwise(placed))
    return document(name, placed, edges)


class Story:
    """Everything of one installation that the pictures show; all of it has run."""

    _signed_in: Any = None
    colleague_email = "maya@example.org"

    def __init__(self, person: Person) -> None:
        self.person = person
        self.cars = person.pipeline(cars())
        for trees, leaves in TRIALS:
            person.set(self.cars, "trees", trees=trees, leaves=leaves)
            person.run(self.cars)
        self.income = str(person.call("POST", "/api/samples/income/open/", {})["id"])
        person.run(self.income)
        self.states = person.pipeline(states())
        self.failing = person.pipeline(
            chain(
                "Churn by plan",
                ("transform.clean_missing", {"mode": "drop_rows"}, "Drop incomplete rows"),
                ("transform.sql", {"query": BROKEN_QUERY.replace("make", "plan").replace("num-of-doors", "plan")}, "Average by plan"),
                ("transform.filter_rows", {"condition": "greater", "column": "doors", "value": "1"}, "Only large plans"),
            )
        )
        segments = chain(
            "Customer segments",
            ("transform.filter_rows", {"condition": "greater", "column": "months", "value": "6"}, "Only old customers"),
            ("transform.normalize", {}, "Normalize Data"),
        )
        segments["nodes"]["loose"] = {"module": "transform.clean_missing", "params": {}, "position": [320, 40]}
        self.unrun = person.pipeline(segments)
        person.run(self.failing)
        self.empty = person.pipeline(document("Untitled pipeline", [], ""))

    @cached_property
    def maya(self) -> str:
        """An invitation for a colleague, who may edit."""
        (workspace,) = self.person.call("GET", "/api/workspaces/")
        return str(self.person.call("POST", f"/api/workspaces/{workspace['id']}/invitations/", {"role": "editor"})["link"])

    @contextmanager
    def colleague(self, browser: Browser, pipeline: str, node: str) -> Iterator[None]:
        """Somebody else has a pipeline open, and has selected a card of it."""
        context = browser.new_context(storage_state=self._signed_in) if self._signed_in else browser.new_context()
        page = context.new_page()
        if not self._signed_in:
            page.goto(self.maya)
            for label, text in (("Name", "Maya"), ("Email", self.colleague_email), ("Password", SECRET)):
                page.get_by_label(label).fill(text)
            page.get_by_role("button", name="Join").click()
            page.get_by_role("heading", name="Pipelines").wait_for()
            self._signed_in = context.storage_state()
        at = Canvas(page, self.person).open(pipeline)
        at.fit()
        at.choose(node)
        yield
        context.close()

    @cached_property
    def connections(self) -> list[str]:
        """The names of the connections, one of each kind that needs no permission."""
        return [self.person.call("POST", "/api/connections/", each)["name"] for each in CONNECTIONS]

    @cached_property
    def live(self) -> str:
        """The cars again, with a training that takes its time and a query that fails."""
        return self.person.pipeline(cars(SLOW, query=BROKEN_QUERY))

    @contextmanager
    def going(self, pipeline: str) -> Iterator[str]:
        """A run of a pipeline; cancelled when it has been looked at."""
        run = str(self.person.call("POST", f"/api/pipelines/{pipeline}/runs/", {})["id"])
        try:
            yield run
        finally:
            self.person.call("POST", f"/api/runs/{run}/cancel/", {})

    def runs(self) -> list[str]:
        """The runs of the cars, newest first."""
        return [run["id"] for run in self.person.call("GET", f"/api/runs/?pipeline={self.cars}")]
