"""Files are written whole or not at all."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from openaffect.io.output import atomic, check_output
from openaffect.io.tables import write_csv
from openaffect.types import OutputError


def fail_with(code: int):
    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    return fail


@pytest.mark.parametrize(
    ("code", "remedy"), [(errno.ENOSPC, "disk is full"), (errno.EROFS, "read-only")]
)
def test_full_or_read_only_keeps_the_old_file(tmp_path, monkeypatch, code, remedy):
    path = write_csv(tmp_path / "a.csv", [{"x": 1}])
    monkeypatch.setattr(os, "fsync", fail_with(code))
    with pytest.raises(OutputError, match=remedy) as caught:
        write_csv(path, [{"x": 2}])
    assert caught.value.errno == code
    assert path.read_text() == "x\n1\n"
    assert list(tmp_path.iterdir()) == [path]


def test_disk_that_fills_midway(tmp_path):
    """A real limit of the system on the size of files, in a process of its own."""
    resource = pytest.importorskip("resource")
    assert resource.RLIMIT_FSIZE
    script = (
        "import resource, sys\n"
        "from openaffect.io.tables import write_csv\n"
        "from openaffect.types import OutputError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "try:\n"
        "    write_csv(sys.argv[1], ({'x': 'y' * 100} for _ in range(10_000)))\n"
        "except OutputError as error:\n"
        "    sys.stdout.write(str(error))\n"
    )
    target = tmp_path / "a.csv"
    source = Path(__file__).parents[2] / "src"
    done = subprocess.run(
        [sys.executable, "-c", script, str(target)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(source)},
    )
    assert "a.csv cannot be written: the file grew beyond the allowed size" in done.stdout
    assert not list(tmp_path.iterdir())


def test_folder_without_permission(tmp_path):
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o500)
    try:
        if os.access(folder, os.W_OK):
            pytest.skip("this user may write everywhere")
        with pytest.raises(OutputError, match="permission"):
            write_csv(folder / "a.csv", [{"x": 1}])
    finally:
        folder.chmod(0o700)


def test_a_folder_in_the_way(tmp_path):
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(OutputError, match="folder of that name"):
        write_csv(tmp_path / "a.csv", [{"x": 1}])


def test_interruption_leaves_nothing(tmp_path):
    with pytest.raises(KeyboardInterrupt), atomic(tmp_path / "a.bin") as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())


def test_rights_are_those_of_a_usual_file(tmp_path):
    usual = tmp_path / "usual"
    usual.write_text("")
    with atomic(tmp_path / "a.bin") as file:
        file.write(b"x")
    assert (tmp_path / "a.bin").stat().st_mode == usual.stat().st_mode


def test_a_place_that_can_be_written_is_left_as_it_is(tmp_path):
    check_output(tmp_path / "new" / "deep" / "a.txt")
    assert not list(tmp_path.iterdir())
    (tmp_path / "a.txt").write_text("old")
    check_output(tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_place_that_cannot_be_written_is_found_before(tmp_path, monkeypatch):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    for place, remedy in (
        ("folder", "a folder of that name is there; choose another name"),
        ("file/a.txt", "a part of the path is a file, not a folder"),
        ("file/new/a.txt", "a part of the path is a file, not a folder"),
        ("a" * 300, "the name is too long; choose a shorter one"),
    ):
        for tried in (check_output, lambda path: write_csv(path, [{"x": 1}])):
            with pytest.raises(OutputError) as told:
                tried(tmp_path / place)
            assert str(told.value) == f"{tmp_path / place} cannot be written: {remedy}"
    monkeypatch.setattr(tempfile, "TemporaryFile", fail_with(errno.EROFS))
    with pytest.raises(OutputError, match="read-only; choose another folder"):
        check_output(tmp_path / "new" / "a.txt")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_a_device_is_not_replaced_by_a_file(tmp_path):
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo(tmp_path / "pipe")
    for tried in (check_output, lambda path: write_csv(path, [{"x": 1}])):
        with pytest.raises(OutputError, match="pipe cannot be written: a device or a pipe"):
            tried(tmp_path / "pipe")
    assert (tmp_path / "pipe").is_fifo()
