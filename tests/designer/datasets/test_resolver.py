"""How the engine finds datasets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from designer.datasets.ingest import store_table
from designer.datasets.models import Dataset
from designer.datasets.resolver import WorkspaceDatasets
from designer.datasets.services import append_version, make
from designer.workspaces.models import Workspace
from pipelines import flow
from tests.designer.conftest import Team
from tests.support.graph_builder import draw


def dataset(workspace: Workspace | None, name: str, folder: Path, *contents: str) -> Dataset:
    scope = workspace.pk if workspace else "samples"
    made: Dataset | None = None
    for content in contents:
        file = folder / f"{name}.csv"
        file.write_text(content)
        stored = store_table(scope, file, file.name)
        if made is None:
            made = make(workspace, name, name.title(), "", stored, None)
        else:
            append_version(made, stored, None)
    assert made is not None
    return made


def rows_of(workspace: Workspace, name: str, version: int | None = None) -> list[Any]:
    found = WorkspaceDatasets(workspace).find(name, version)
    assert found is not None
    return flow.table(found.output, found.scope).frame.rows()


def test_the_newest_or_the_version_asked_for(team: Team, tmp_path: Path) -> None:
    dataset(team.workspace, "cars", tmp_path, "a\n1\n", "a\n2\n")
    assert rows_of(team.workspace, "cars") == rows_of(team.workspace, "cars", 2) == [(2,)]
    assert rows_of(team.workspace, "cars", 1) == [(1,)]
    find = WorkspaceDatasets(team.workspace).find
    assert [find("cars", 3), find("cars", 0), find("cars", -1), find("cars", 10**30), find("vans", None), find("", None)] == [None] * 6


def test_a_check_of_a_sample_writes_nothing_and_a_run_links_it_into_the_workspaces_own_store(team: Team, tmp_path: Path) -> None:
    dataset(None, "little", tmp_path, "a\n7\n")
    graph = draw({"rows": ("data.dataset", {"dataset": "little"})})
    datasets, own = WorkspaceDatasets(team.workspace), flow.store(team.workspace.pk)
    found = datasets.find("little", None)
    assert found is not None and found.scope == "samples"
    flow.check(graph, datasets, team.workspace.pk)
    flow.estimates(graph, datasets, team.workspace.pk)
    assert not own.has(found.output.digest)
    flow.start(graph, scope=team.workspace.pk, datasets=datasets, enqueue=lambda _: None)
    assert own.path(found.output.digest).samefile(flow.store("samples").path(found.output.digest))


def test_other_workspaces_are_out_of_sight(team: Team, tmp_path: Path) -> None:
    other = Workspace.objects.exclude(pk=team.workspace.pk).get()
    dataset(other, "secret", tmp_path, "a\n1\n")
    assert WorkspaceDatasets(team.workspace).find("secret", None) is None


def test_the_workspaces_own_wins(team: Team, tmp_path: Path) -> None:
    dataset(team.workspace, "cars", tmp_path, "a\n1\n")
    sample = dataset(None, "other", tmp_path, "a\n9\n")
    Dataset.objects.filter(pk=sample.pk).update(name="cars")  # a sample that came with a later Easel
    assert rows_of(team.workspace, "cars") == [(1,)]


def test_one_question_to_the_database(team: Team, tmp_path: Path, django_assert_num_queries: Any) -> None:
    dataset(None, "little", tmp_path, "a\n7\n")
    with django_assert_num_queries(1):
        WorkspaceDatasets(team.workspace).find("little", None)
