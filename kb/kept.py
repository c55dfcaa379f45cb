"""Files that are kept between starts, so that what takes long to make is made once.

A kept file is named by the hash of all that it was made from: another content is another name, so that what is found is
never stale. `WIJKAANPAK_CACHE` names the folder; empty keeps nothing. A folder that cannot be read or written is no error.
"""

import contextlib
import hashlib
import os
import pickle
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

VARIABLE = "WIJKAANPAK_CACHE"
# What a file that is cut short, or made by another release of a library, can raise when it is read.
UNREADABLE = (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError, IndexError, TypeError, ValueError)


def cache_folder() -> Path | None:
    """The folder for kept files, or None when nothing is to be kept."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return Path(named) if named else None
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "wijkaanpak"


def hash_of(files: Iterable[Path], *versions: str, below: Path | None = None) -> str:
    """The hash of some files, by path (from the folder `below` on, if given) and content, and of what they were read with."""
    digest = hashlib.sha256(" ".join(versions).encode())
    for path in files:
        content = path.read_bytes()
        name = path.relative_to(below) if below else path
        digest.update(f"\0{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def is_ours(path: Path) -> bool:
    """Whether a file is there and is our own: nobody else's is trusted."""
    try:
        return path.stat().st_uid == os.getuid()
    except OSError:
        return False


def unpickled(path: Path) -> Any:
    """What is pickled in a file of our own, or None; unpickling runs code, so nobody else's file is read."""
    if not is_ours(path):
        return None
    in_use(path)
    try:
        return pickle.loads(path.read_bytes())
    except UNREADABLE:
        return None


def in_use(path: Path) -> None:
    """Say that a file is in use, so that it is not the first to go."""
    with contextlib.suppress(OSError):
        path.touch()


def put(path: Path, content: bytes, most: int) -> None:
    """Put content in a file at once, so that no process ever reads half of one; keep so many files with its ending."""
    with contextlib.suppress(OSError), temporary_beside(path) as file:
        file.write(content)
    drop_oldest(path, most)


@contextlib.contextmanager
def temporary_beside(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the name `path` when it is done, and goes when it is not."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            yield file
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    Path(file.name).replace(path)


def drop_oldest(path: Path, most: int) -> None:
    """Keep the newest files with the ending of this one, and no more than so many."""
    with contextlib.suppress(OSError):
        files = sorted(path.parent.glob(f"*{path.suffix}"), key=lambda file: file.stat().st_mtime, reverse=True)
        for old in files[most:]:
            old.unlink(missing_ok=True)
