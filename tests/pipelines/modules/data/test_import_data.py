"""Import Data: the same tables as the libraries read themselves, from each place and in each format."""

from dataclasses import replace
from ipaddress import ip_network

import polars as pl
import pytest

from designer.datasets.parsing.parse import parse
from pipelines.catalogue.connection import Connection, ConnectionKind
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.invoke import call
from pipelines.catalogue.reporting import reporting_to
from pipelines.modules.data._importing import freshness
from pipelines.outside.reach import reaching
from tests.pipelines.modules.examples import Example
from tests.support.module_runner import dataset
from tests.support.outside import CONNECTIONS, FOLDER, REACH
from tests.support.web import site

EXAMPLE = Example({"source": "database", "database": "database", "table": "cars", "url": None, "storage": None, "path": None})
HERE = replace(REACH, networks=(ip_network("127.0.0.1/32"),))
CARS = dataset("automobile_price").frame


class Inline:
    """The parser of uploads in this process, without the time that a process of its own takes."""

    def format_of(self, name):
        return REACH.reader.format_of(name)

    def read(self, file, format_, out):
        return parse(file, format_, out).notes


@pytest.fixture
def here():
    with reaching(replace(HERE, reader=Inline())):
        yield


def imported(**settings):
    module = catalogue().modules["data.import_data"]
    given = module.read_settings({**settings, **{name: "given" for name, each in settings.items() if isinstance(each, Connection)}})
    return call(module, module.function, {}, given | {name: each for name, each in settings.items() if isinstance(each, Connection)})[
        "table"
    ].frame


def refused(**settings):
    with pytest.raises(ModuleError) as caught:
        imported(**settings)
    assert caught.value.words and caught.value.remedy
    return caught.value.code


def written(name, write):
    write(FOLDER / name)
    return (FOLDER / name).read_bytes()


FORMATS = {
    "csv": CARS.write_csv,
    "tsv": lambda file: CARS.write_csv(file, separator="\t"),
    "parquet": CARS.write_parquet,
    "arrow": lambda file: CARS.write_ipc(file),
    "jsonl": CARS.write_ndjson,
    "xlsx": CARS.write_excel,
}


@pytest.mark.parametrize("ending", FORMATS)
def test_each_format_gives_the_rows_that_were_written(here, ending):
    with site() as server:
        server.pages[f"/cars.{ending}"] = (200, {}, written(f"formats.{ending}", FORMATS[ending]))
        found = imported(url=f"{server.url}/cars.{ending}")
    assert found.columns == CARS.columns
    for name, dtype in CARS.schema.items():
        theirs = found[name].cast(dtype)
        assert theirs.equals(CARS[name]) or (theirs - CARS[name]).abs().max() < 1e-12, name


def test_the_type_that_a_server_gives_and_the_chosen_format_serve_where_the_name_says_nothing(here):
    with site() as server:
        server.pages |= {
            "/data": (200, {"Content-Type": "text/csv"}, b"a,b\n1,x\n"),
            "/unknown": (200, {"Content-Type": "x/y"}, b"a\tb\n1\tx\n"),
        }
        assert imported(url=f"{server.url}/data").row(0) == imported(url=f"{server.url}/unknown", format="tsv").row(0) == (1, "x")
        assert refused(url=f"{server.url}/unknown") == "unknown_format"


def test_a_file_is_checked_as_an_upload_is():
    """By the process with limits of its own: what is no table is refused with the words of uploads."""
    with site() as server, reaching(HERE):
        server.pages["/a.csv"] = (200, {}, b"<!doctype html><html>")
        assert refused(url=f"{server.url}/a.csv") == "wrong_format"


def test_a_file_that_cannot_be_read_is_named_with_its_setting():
    class Refusing:
        def format_of(self, name):
            return "csv"

        def read(self, file, format_, out):
            raise ModuleError("wrong_format", "It is an archive.", remedy="Rename it.")

    with reaching(replace(HERE, reader=Refusing())), pytest.raises(ModuleError, match=r"^cars-1\.csv: It is an archive\.") as caught:
        imported(source="files", storage=CONNECTIONS["folder"], path="cars-1.csv")
    assert (caught.value.code, caught.value.param, caught.value.remedy) == ("wrong_format", "path", "Rename it.")


def test_files_are_stacked_in_the_order_of_their_names(here):
    found = imported(source="files", storage=CONNECTIONS["folder"], path="cars-*.csv")
    assert found.rows() == [("audi", 13950), ("bmw", 16430), ("volvo", 12940)]
    (FOLDER / "odd").mkdir(exist_ok=True)
    (FOLDER / "odd" / "1.csv").write_text("a,b\n1,x\n")
    (FOLDER / "odd" / "2.csv").write_text("b,a\ny,2.5\n")
    assert imported(source="files", storage=CONNECTIONS["folder"], path="odd/*.csv").rows() == [(1.0, "x"), (2.5, "y")]
    (FOLDER / "odd" / "3.csv").write_text("a,c\n1,x\n")
    assert refused(source="files", storage=CONNECTIONS["folder"], path="odd/*.csv") == "columns_differ"
    (FOLDER / "odd" / "3.csv").write_text("a,b\nno,x\n")
    assert refused(source="files", storage=CONNECTIONS["folder"], path="odd/*.csv") == "types_differ"


@pytest.mark.parametrize(
    ("path", "code"), [("*.none", "no_files"), ("../*", "bad_path"), ("/etc/passwd", "bad_path"), ("**/../x", "bad_path")]
)
def test_a_path_stays_below_its_place(here, path, code):
    assert refused(source="files", storage=CONNECTIONS["folder"], path=path) == code


def test_a_table_and_a_query_of_a_database(here):
    database = CONNECTIONS["database"]
    whole = imported(source="database", database=database, table="cars")
    assert whole.rows() == [("audi", 13950, 2.5), ("bmw", None, 3.25), ("volvo", 12940, None)]
    assert imported(source="database", database=database, query="SELECT max(price) AS m FROM cars;").rows() == [(13950,)]
    assert imported(source="database", database=database, table="cars", most_rows=2).height == 2
    assert refused(source="database", database=database) == "table_or_query"
    assert refused(source="database", database=database, table="cars", query="SELECT 1") == "table_or_query"
    assert refused(source="database", database=database, table="vans") == "unknown_table"
    assert refused(source="database", database=database, query="SELEC 1") == "database_refused"


def test_values_of_several_types_in_a_column_become_text_and_the_log_says_so(here):
    lines = []

    class Listener:
        def progress(self, done, total, words): ...
        def log(self, line, level):
            lines.append(line)

    with reporting_to(Listener()):
        found = imported(source="database", database=CONNECTIONS["database"], query="SELECT 1 AS a UNION ALL SELECT 'x'")
    assert found["a"].to_list() == ["1", "x"] and found.schema["a"] == pl.String
    assert any("several types" in line and "“a”" in line for line in lines) and "2 rows" in lines[-1]


def test_rows_beyond_the_maximum_of_a_file_are_left_out(here):
    assert imported(source="files", storage=CONNECTIONS["folder"], path="cars-1.csv", most_rows=1).rows() == [("audi", 13950)]


def test_settings_that_are_missing_are_named(here):
    assert refused() == refused(source="files") == refused(source="database") == "missing_setting"


def test_a_bucket_needs_an_endpoint_that_is_allowed(here):
    bucket = Connection("b", ConnectionKind.S3, "s3://sales", endpoint="http://10.0.0.1:9000")
    assert refused(source="files", storage=bucket, path="*.csv") == "address_not_allowed"


def test_what_is_known_of_a_source_depends_on_the_setting(here):
    rest = {"url": None, "login": None, "path": "cars-1.csv", "storage": CONNECTIONS["folder"]}
    states = [freshness(source="files", again=again, **rest).state for again in ("always", "changed", "never")]
    assert states[0] is None and states[1].startswith("files ") and states[2] == ""
