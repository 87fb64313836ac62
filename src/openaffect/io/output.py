"""Writing a file whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from openaffect.types import OutputError

_REMEDIES = {
    errno.ENOSPC: "the disk is full; free some space or write elsewhere",
    errno.EDQUOT: "the quota is used up; free some space or write elsewhere",
    errno.EFBIG: "the file grew beyond the allowed size; write elsewhere",
    errno.EACCES: "no permission; choose a folder that you may write to",
    errno.EPERM: "not permitted; choose a folder that you may write to",
    errno.EROFS: "the place is read-only; choose another folder",
    errno.ENOTDIR: "a part of the path is a file, not a folder",
    errno.EEXIST: "a part of the path is a file, not a folder",
    errno.EISDIR: "a folder of that name is there; choose another name",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
}


@contextmanager
def atomic(path: str | Path) -> Iterator[BinaryIO]:
    """Give a binary file that takes the place of ``path`` when the block ends well.

    The file is written beside its place, flushed to the disk and renamed, so a reader sees the old
    content or the new, and a failure leaves the old one and no rubbish. Missing folders are made.

    Raises
    ------
    OutputError
        when the place cannot be written or the disk fills; ``errno`` is the system's.
    """
    target = Path(path)
    temporary: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _refuse_what_is_no_file(target)
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:64]}.", dir=target.parent)
        temporary = Path(name)
        with os.fdopen(handle, "w+b") as file:
            yield cast(BinaryIO, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_usual_mode(target))
        temporary.replace(target)
        temporary = None
    except OutputError:
        raise
    except OSError as error:
        raise output_error(target, error) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def check_output(path: str | Path) -> None:
    """Find out before long work whether :func:`atomic` could begin; nothing is left behind.

    Raises :class:`OutputError` as ``atomic`` does.
    """
    target = Path(path)
    try:
        _refuse_what_is_no_file(target)
        folder = next(folder for folder in target.absolute().parents if folder.exists())
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OutputError:
        raise
    except OSError as error:
        raise output_error(target, error) from error


def _refuse_what_is_no_file(target: Path) -> None:
    """Raise for a name that a folder, a device or a pipe has, or that no file can have."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "Is a directory")
    if not stat.S_ISREG(mode):
        raise OutputError(
            f"{target} cannot be written: a device or a pipe of that name is there; choose another "
            "name"
        )


def output_error(target: Path, error: OSError) -> OutputError:
    """Return the :class:`OutputError` for a system's error, with what to do about it."""
    code = error.errno or 0
    remedy = _REMEDIES.get(code, str(error.strerror or error))
    wrapped = OutputError(f"{target} cannot be written: {remedy}")
    wrapped.errno = code
    return wrapped


def _usual_mode(target: Path) -> int:
    """Return the mode of the file replaced, or what a new file gets under the process's umask."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
