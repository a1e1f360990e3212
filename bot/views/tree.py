"""A conversation's versions as a tree, laid out for a page: branches as rails, versions as stops on them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.store import Node

PER_PAGE = 25  #: versions; as many as a select menu holds
STUB = 0.45  #: cells that a rail goes on where what it leads to is on another page


@dataclass(frozen=True, slots=True)
class Stop:
    """A version on its rail."""

    node: Node
    branch: int  #: counted from 0 in the order of their first versions, over the whole tree
    lane: int  #: of the page, from 0; the head's own branch has lane 0


@dataclass(frozen=True, slots=True)
class Rail:
    """A branch on a page, from one place to another in cells: the middle of the first version's is 0.5."""

    branch: int
    lane: int
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Fork:
    """Where a rail leaves the one it comes from."""

    branch: int
    at: float
    origin: int  #: the lane it leaves
    lane: int


@dataclass(frozen=True, slots=True)
class Page:
    """What one sheet shows. `number` counts from 1; the newest versions are on page 1."""

    number: int
    of: int
    stops: tuple[Stop, ...]
    rails: tuple[Rail, ...]
    forks: tuple[Fork, ...]

    @property
    def lanes(self) -> int:
        """How many rails run side by side at most."""
        return 1 + max((rail.lane for rail in self.rails), default=0)


@dataclass(frozen=True)
class Tree:
    """All versions, in the order of their numbers, and which one plain words change."""

    nodes: Sequence[Node]
    head: int | None = None

    @cached_property
    def by_number(self) -> Mapping[int, Node]:
        """Each version by its number."""
        return {node.number: node for node in self.nodes}

    @property
    def newest(self) -> int:
        """The highest number; 0 where there is none."""
        return self.nodes[-1].number if self.nodes else 0

    @property
    def pages(self) -> int:
        """How many pages it takes."""
        return -(-len(self.nodes) // PER_PAGE)

    def path(self, number: int) -> list[Node]:
        """From the first version to this one, base by base."""
        found: list[Node] = []
        node = self.by_number.get(number)
        while node is not None:
            found.append(node)
            node = self.parent(node)
        return found[::-1]

    def parent(self, node: Node) -> Node | None:
        """The version that it was painted from; bases are always older, so that no tree turns in a circle."""
        return self.by_number.get(node.base) if node.base is not None and node.base < node.number else None

    @cached_property
    def branches(self) -> Mapping[int, int]:
        """The branch of each version: its base's, for the one child that leads to the head or lives longest."""
        heirs, found = self._heirs(), dict[int, int]()
        count = 0
        for node in self.nodes:
            parent = self.parent(node)
            if parent is not None and heirs[parent.number] == node.number:
                found[node.number] = found[parent.number]
            else:
                found[node.number], count = count, count + 1
        return found

    def _heirs(self) -> Mapping[int, int]:
        """Of each version's children, the one that goes on with its branch."""
        main = {node.number for node in self.path(self.head)} if self.head else set[int]()
        reach: dict[int, int] = {}
        best: dict[int, tuple[bool, int, int]] = {}
        for node in reversed(self.nodes):
            far = reach.setdefault(node.number, node.number)
            if (parent := self.parent(node)) is not None:
                reach[parent.number] = max(reach.get(parent.number, 0), far)
                claim = (node.number in main, far, -node.number)
                best[parent.number] = max(best.get(parent.number, claim), claim)
        return {number: -child for number, (_, _, child) in best.items()}

    def page(self, number: int) -> Page:
        """The page of this number; there must be one."""
        end = len(self.nodes) - (number - 1) * PER_PAGE
        shown = self.nodes[max(0, end - PER_PAGE) : end]
        spans = self._spans(shown)
        lanes = _lanes(spans, self.branches.get(self.head or 0))
        stops = tuple(Stop(node, self.branches[node.number], lanes[self.branches[node.number]]) for node in shown)
        rails = tuple(Rail(branch, lanes[branch], start, end) for branch, (start, end) in spans.items())
        return Page(number, self.pages, stops, rails, self._forks(stops, lanes))

    def _spans(self, shown: Sequence[Node]) -> dict[int, tuple[float, float]]:
        """How far each branch reaches on a page."""
        places = {node.number: place for place, node in enumerate(shown)}
        going_on = {self.branches[node.number] for node in self.nodes if node.number > shown[-1].number}
        spans: dict[int, tuple[float, float]] = {}
        for place, node in enumerate(shown):
            branch, middle = self.branches[node.number], place + 0.5
            start, _ = spans.get(branch, (self._start(node, places, middle), middle))
            spans[branch] = (start, middle)
        return {each: (start, end + STUB * (each in going_on)) for each, (start, end) in spans.items()}

    def _start(self, node: Node, places: Mapping[int, int], middle: float) -> float:
        parent = self.parent(node)
        if parent is None:
            return middle
        return places[parent.number] + 0.5 if parent.number in places else middle - STUB

    def _forks(self, stops: Sequence[Stop], lanes: Mapping[int, int]) -> tuple[Fork, ...]:
        places = {stop.node.number: place for place, stop in enumerate(stops)}
        found = []
        for stop in stops:
            parent = self.parent(stop.node)
            if parent is not None and parent.number in places and self.branches[parent.number] != stop.branch:
                at = places[parent.number] + 0.5
                found.append(Fork(stop.branch, at, lanes[self.branches[parent.number]], stop.lane))
        return tuple(found)


def _lanes(spans: Mapping[int, tuple[float, float]], main: int | None) -> dict[int, int]:
    """The nearest free lane for each branch, in the order in which they begin; the main one's is kept for it alone."""
    lanes = {main: 0} if main in spans and main is not None else dict[int, int]()
    ends: list[float] = [float("inf")] if lanes else []
    for branch, (start, end) in sorted(spans.items(), key=lambda item: item[1]):
        if branch in lanes:
            continue
        free = next((lane for lane, until in enumerate(ends) if until < start), len(ends))
        ends[free : free + 1] = [end]
        lanes[branch] = free
    return lanes
