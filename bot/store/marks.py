"""Marks: what stands for members whose data was erased, so that their counts and blocks outlive it. Keyed hashes."""

from __future__ import annotations

import hmac
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LENGTH = 32  #: bytes of the key


@dataclass(frozen=True, slots=True, repr=False)
class Marks:
    """Whoever has the database alone can't tell whose a mark is: the key lies in a file beside it."""

    key: bytes

    def of(self, member: int) -> int:
        """The member's mark: negative, as no snowflake is."""
        digest = hmac.digest(self.key, str(member).encode(), "sha256")
        return -1 - (int.from_bytes(digest[:8], "big") >> 1)


def open_marks(file: Path) -> Marks:
    """The key of a data directory, drawn once. Whoever comes second, another process even, finds the first one's."""
    if not file.exists():
        drawn = file.with_suffix(f".{secrets.token_hex(4)}")
        drawn.touch(0o600)
        with drawn.open("wb") as out:
            out.write(secrets.token_bytes(LENGTH))
            out.flush()
            os.fsync(out.fileno())
        with suppress(FileExistsError):
            os.link(drawn, file)
        drawn.unlink()
    return Marks(file.read_bytes())
