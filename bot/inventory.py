"""The inventory: which files are needed, of however many, in eight bytes each."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable

FOLDER = 2  #: characters of a name that its folder is called by


class Inventory:
    """Names by their hashes. Among a million needed ones, one file in ten million millions is taken for needed."""

    def __init__(self) -> None:
        self._sections: defaultdict[str, array[int]] = defaultdict(lambda: array("q"))
        self._open: str | None = None
        self._section = frozenset[int]()

    def add(self, names: Iterable[str]) -> None:
        """Note these."""
        for name in names:
            self._sections[name[:FOLDER]].append(hash(name))
        self._open = None

    def __contains__(self, name: str) -> bool:
        """Whether it was noted. Quick for those that are asked for folder by folder."""
        if name[:FOLDER] != self._open:
            self._open, self._section = name[:FOLDER], frozenset(self._sections.get(name[:FOLDER], ()))
        return hash(name) in self._section
