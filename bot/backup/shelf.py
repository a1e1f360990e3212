"""The pictures of a data folder or a backup, as files: found by digest, looked at, copied from one to another."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.gallery import place
from bot.sealing import Keyring, Unsealable

DIGEST = re.compile(r"[0-9a-f]{64}")
COMING = ".coming"  #: ends the name of a file that is not whole yet


@dataclass(frozen=True)
class Shelf:
    """A folder as a gallery makes it. Files in it never change, so that backups may share them."""

    folder: Path
    keys: Keyring = field(default_factory=Keyring)

    def find(self, digest: str) -> Path | None:
        """The file of a picture, whatever is in it."""
        return next((file for _, file in self._places(digest) if file.is_file()), None)

    def whole(self, digest: str) -> Path | None:
        """The file of a picture, where all of it is there and as it was."""
        for name, file in self._places(digest):
            with suppress(FileNotFoundError, Unsealable):
                if hashlib.sha256(self.keys.open(file.read_bytes(), name)).hexdigest() == digest:
                    return file
        return None

    def _places(self, digest: str) -> Iterator[tuple[str, Path]]:
        """Names of its file, and where it would be. What is no digest lies nowhere: a backup may be anybody's."""
        names = self.keys.names(digest) if DIGEST.fullmatch(digest) else ()
        return ((name, self.folder / place(name)) for name in names)

    def take(self, digest: str, other: Shelf, *, share: bool = False) -> bool:
        """Have what another shelf has, as the same file where they may `share` it; whether it is whole."""
        with suppress(FileNotFoundError):  # deleted in this moment
            if found := other.whole(digest):
                self.keep(found, share=share)
                return self.whole(digest) is not None
        return False

    def keep(self, source: Path, *, share: bool = True) -> None:
        """Have a file of another shelf's under its name."""
        target = self.folder / place(source.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        coming = target.with_name(target.name + COMING)
        coming.unlink(missing_ok=True)
        if not (share and _linked(source, coming)):
            shutil.copyfile(source, coming)
        coming.replace(target)

    def files(self) -> Iterator[Path]:
        """All that lies there, whatever its name."""
        return (each for each in self.folder.glob("*/*") if each.is_file())


def _linked(source: Path, target: Path) -> bool:
    """Not every file system can."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        return False
    return True
