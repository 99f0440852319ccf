"""Script bundles: an archive that anybody may have made is unpacked within its folder, or refused."""

import stat
import struct
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.kinds.bundle import KIND, MOST_BYTES, Bundle, read_bundle

GOOD = {"helpers.py": b"x = 1\n", "data/größe.csv": b"a,b\n", "empty": b""}


def archive(path, *entries, how=ZIP_STORED):
    with ZipFile(path, "w", how) as made:
        for name, content in entries:
            made.writestr(name, content)
    return path


def refused(path):
    with pytest.raises(ModuleError) as caught:
        read_bundle(path)
    assert caught.value.code == "bad_bundle" and caught.value.remedy
    return caught.value.words


def test_files_come_back_and_equal_bundles_are_equal_bytes(tmp_path):
    KIND.write(Bundle(GOOD), tmp_path / "one")
    KIND.write(Bundle(dict(reversed(GOOD.items()))), tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert KIND.read(tmp_path / "one").files == GOOD
    KIND.read(tmp_path / "one").unpack(tmp_path / "there")
    assert {path: (tmp_path / "there" / path).read_bytes() for path in GOOD} == GOOD


def test_folders_of_an_archive_are_not_files(tmp_path):
    assert read_bundle(archive(tmp_path / "z", ("data/", ""), ("data/a", "1"))).files == {"data/a": b"1"}


@pytest.mark.parametrize("path", ["../a", "a/../../b", "/etc/passwd", "a//b", "./a", "..", "C:/a", "a\\b", "a\nb", " a", "x" * 300])
def test_a_path_out_of_the_bundle_is_refused(tmp_path, path):
    assert "path" in refused(archive(tmp_path / "z", (path, "1")))
    with pytest.raises(ModuleError):
        Bundle({path: b""}).unpack(tmp_path)
    with pytest.raises(ModuleError):
        KIND.write(Bundle({path: b""}), tmp_path / "w")


def test_links_and_devices_are_refused(tmp_path):
    for kind in (stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR):
        entry = ZipInfo("a")
        entry.external_attr = (kind | 0o777) << 16
        assert "link or a device" in refused(archive(tmp_path / "z", (entry, "/etc/passwd")))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_one_name_for_two_files_is_refused(tmp_path):
    assert "twice" in refused(archive(tmp_path / "z", ("a", "1"), ("a", "2")))
    assert "as a file and as a folder" in refused(archive(tmp_path / "z", ("a", "1"), ("a/b", "2")))


@pytest.mark.slow
def test_bombs_are_refused(tmp_path):
    assert "64 MB" in refused(archive(tmp_path / "z", ("a", bytes(MOST_BYTES + 1)), how=ZIP_DEFLATED))
    assert "1,001 files" in refused(archive(tmp_path / "z", *((str(place), "") for place in range(1001))))


def test_a_directory_that_lies_about_sizes_is_refused(tmp_path):
    made = archive(tmp_path / "z", ("a", bytes(100_000)), how=ZIP_DEFLATED).read_bytes()
    (tmp_path / "z").write_bytes(made.replace(struct.pack("<L", 100_000), struct.pack("<L", 10)))
    assert "fault" in refused(tmp_path / "z")


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x05\x06" + bytes(10)])
def test_what_is_no_archive_is_refused(tmp_path, content):
    (tmp_path / "z").write_bytes(content)
    assert "fault" in refused(tmp_path / "z")


def test_an_encrypted_file_is_refused(tmp_path):
    made = bytearray(archive(tmp_path / "z", ("a", "1")).read_bytes())
    for head, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        made[made.index(head) + place] |= 1
    (tmp_path / "z").write_bytes(made)
    assert "encrypted" in refused(tmp_path / "z")
