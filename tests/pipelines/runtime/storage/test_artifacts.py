"""Values in memory: the latest, as far as there is room, and never across workspaces."""

import polars as pl
import pytest

from pipelines.catalogue.ports import Table
from pipelines.execution.codecs import save_table
from pipelines.execution.remote import RemoteStore
from pipelines.execution.store import Damaged, LocalStore
from pipelines.runtime.storage.artifacts import MAPPED, ValueCache, load_client, store
from tests.support.ledger_driver import new_scope


def made(scope, number):
    table = Table(pl.DataFrame({"a": [number]}))
    return save_table(table, store(scope)), table


def test_a_value_is_given_from_memory():
    scope = new_scope()
    values, (output, table) = ValueCache(), made(scope, 1)
    values.put(scope, output, table)
    assert values.get(scope, output) is table


def test_a_value_that_was_not_put_is_read_once():
    scope = new_scope()
    values, (output, table) = ValueCache(), made(scope, 1)
    first = values.get(scope, output)
    assert first.frame.equals(table.frame) and values.get(scope, output) is first


def test_another_workspace_does_not_see_it():
    scope = new_scope()
    values, (output, table) = ValueCache(), made(scope, 1)
    values.put(scope, output, table)
    with pytest.raises(Damaged):
        values.get(new_scope(), output)


def test_the_least_lately_used_make_room():
    scope = new_scope()
    made_all = [made(scope, number) for number in range(3)]
    values = ValueCache(most_bytes=2 * made_all[0][0].bytes)
    for output, table in made_all[:2]:
        values.put(scope, output, table)
    values.get(scope, made_all[0][0])
    values.put(scope, *made_all[2])
    assert values.get(scope, made_all[0][0]) is made_all[0][1]
    assert values.get(scope, made_all[2][0]) is made_all[2][1]
    assert values.get(scope, made_all[1][0]) is not made_all[1][1]


def test_what_is_larger_than_the_room_is_not_kept():
    scope = new_scope()
    output, table = made(scope, 1)
    values = ValueCache(most_bytes=output.bytes // MAPPED - 1)
    values.put(scope, output, table)
    assert values.get(scope, output) is not table
    assert values.get(scope, output) is not values.get(scope, output)


def test_a_mapped_table_takes_less_room():
    scope = new_scope()
    output, _ = made(scope, 1)
    values = ValueCache(most_bytes=output.bytes // MAPPED)
    mapped = values.get(scope, output)
    assert values.get(scope, output) is mapped


def test_the_address_says_what_kind_of_store(settings):
    assert isinstance(store(new_scope()), LocalStore)
    settings.EASEL_STORE_URL = "memory://easel"
    assert isinstance(store(new_scope()), RemoteStore)


@pytest.mark.parametrize(("url", "protocol"), [("s3://bucket/easel", "s3"), ("file:///home/easel", "file")])
def test_the_stores_client_is_imported_before_steps_need_it(url, protocol, settings, monkeypatch):
    asked = []
    monkeypatch.setattr("fsspec.get_filesystem_class", asked.append)
    settings.EASEL_STORE_URL = url
    load_client()
    assert asked == [protocol]
