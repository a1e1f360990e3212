"""The pictures of a conversation, drawn: all of them on sheets, two compared, a branch as a film."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.catalogue import Catalogue
from bot.letters import File, cut
from bot.model import Picture
from bot.pictures import Blink, Card, Comparison, Drawing, Film, Pictures, Plan, Sheet, Wipe, percent
from bot.receipt import ALT
from bot.store import Conversation, Node, Store
from bot.views.thumbnails import THUMBNAIL, VIEW, Thumbnails
from bot.views.tree import Page, Stop, Tree

FRAMES = 40  #: of a film
LARGEST = 8 * 2**20  #: bytes of a moving picture, where Discord takes as many; more is no pleasure on a phone
DIGITS = 9  #: of a number
NAMED = 60  #: characters of the words in an alternative text


class NothingToShow(Exception):
    """There is no such picture; its text is for people."""


@dataclass(frozen=True)
class Album:
    """Draws what somebody wants to look at. Nothing here is charged, nothing changes what is painted next."""

    store: Store
    thumbnails: Thumbnails
    pictures: Pictures
    catalogue: Catalogue

    async def tree(self, conversation: int) -> Tree:
        """All versions of a conversation. Raises NothingToShow where there are none."""
        nodes = await self.store.nodes.of(conversation)
        if not nodes:
            raise NothingToShow(self.catalogue.say("history.none"))
        return Tree(nodes, await self._head(nodes, await self.store.turns.conversation(conversation)))

    def named(self, tree: Tree, typed: str) -> Node:
        """A version as somebody names it: `v7`, or `7`. Raises NothingToShow."""
        digits = typed.strip().lower().removeprefix("v")
        if not (digits.isascii() and digits.isdigit()) or len(digits) > DIGITS:
            raise NothingToShow(self.catalogue.say("history.no_number", newest=tree.newest))
        return self.node(tree, int(digits))

    def node(self, tree: Tree, number: int) -> Node:
        """A version by its number. Raises NothingToShow where it never was, or was deleted."""
        node = tree.by_number.get(number)
        if node is None:
            raise NothingToShow(self.catalogue.say("history.unknown", number=number, newest=tree.newest))
        if node.picture is None:
            raise NothingToShow(self.catalogue.say("history.gone", number=number))
        return node

    def page(self, tree: Tree, number: int) -> Page:
        """A page of the tree. Raises NothingToShow where it has fewer."""
        if not 1 <= number <= tree.pages:
            raise NothingToShow(self.catalogue.say("history.no_page", number=number, pages=tree.pages))
        return tree.page(number)

    async def portrait(self, node: Node) -> File:
        """One version, small. Raises NothingToShow."""
        assert node.picture is not None
        data = await self.thumbnails.get(node.picture, THUMBNAIL)
        if data is None:
            raise NothingToShow(self.catalogue.say("history.gone", number=node.number))
        extension = "png" if data.startswith(b"\x89PNG") else "jpg"
        words = " ".join(node.words.split())
        return File(f"small-{node.number}.{extension}", data, cut(self.catalogue.say("alt.painted", words=words), ALT))

    async def sheet(self, tree: Tree, page: Page, title: str) -> File:
        """The contact sheet of a page. Raises BadPicture."""
        kept = [stop.node.picture for stop in page.stops if stop.node.picture is not None]
        found = dict(zip((each.digest for each in kept), await self.thumbnails.all(kept, THUMBNAIL), strict=True))
        pairs = zip((None, *page.stops), page.stops, strict=False)
        cards = [self._card(tree, stop, found, before) for before, stop in pairs]
        shown = [data for stop in page.stops if stop.node.picture and (data := found[stop.node.picture.digest])]
        plan = Sheet(
            title=title,
            below=self._below(tree, page),
            cards=cards,
            rails=[(rail.branch, rail.lane, rail.start, rail.end) for rail in page.rails],
            forks=[(fork.branch, fork.at, fork.origin, fork.lane) for fork in page.forks],
        )
        first, last = page.stops[0].node.number, page.stops[-1].node.number
        drawing = await self.pictures.draw(plan, shown)
        return _file(f"history-{first}-{last}", drawing, self._described(tree, page))

    async def comparison(self, before: Node, after: Node) -> tuple[File, float]:
        """Two versions beside each other, and the share of the later one that is new. Raises BadPicture."""
        labels, words = _labels(before, after), (before.words, after.words)
        changed = self.catalogue.say("compare.changed", share="%")
        drawing = await self._drawn(Comparison(labels, words, changed), (before, after))
        alt = self.catalogue.say("alt.compared", first=labels[0], second=labels[1], share=percent(drawing.measured))
        return _file(f"compare-{before.number}-{after.number}", drawing, alt), drawing.measured

    async def animation(self, before: Node, after: Node, limit: int, *, wiped: bool) -> File:
        """The later version wiped over the earlier one, or both in turn. Raises BadPicture."""
        labels = _labels(before, after)
        plan = (Wipe if wiped else Blink)(labels, min(limit, LARGEST))
        alt = self.catalogue.say("alt.moving", first=labels[0], second=labels[1])
        return _file(f"compare-{before.number}-{after.number}", await self._drawn(plan, (before, after)), alt)

    async def film(self, tree: Tree, node: Node, limit: int) -> File:
        """The branch that leads to a version, from its first picture on. Raises NothingToShow, BadPicture."""
        steps = some([each for each in tree.path(node.number) if each.picture is not None], FRAMES)
        if len(steps) < 2:
            raise NothingToShow(self.catalogue.say("timelapse.single", number=node.number))
        labels = [f"v{each.number} · {each.who}" for each in steps]
        plan = Film(labels, [each.words for each in steps], min(limit, LARGEST))
        alt = self.catalogue.say("alt.film", first=f"v{steps[0].number}", last=f"v{node.number}", count=len(steps))
        return _file(f"timelapse-{node.number}", await self._drawn(plan, steps), alt)

    async def _drawn(self, plan: Plan, nodes: Sequence[Node]) -> Drawing:
        kept = [each.picture for each in nodes if each.picture is not None]
        views = await self.thumbnails.all(kept, VIEW)
        if lost := [node.number for node, view in zip(nodes, views, strict=True) if view is None]:
            raise NothingToShow(self.catalogue.say("history.gone", number=lost[0]))
        return await self.pictures.draw(plan, [view for view in views if view is not None])

    async def _head(self, nodes: Sequence[Node], standing: Conversation | None) -> int | None:
        """The version that plain words change; while the head is being painted, what it is painted from."""
        if standing is None or standing.head is None:
            return None
        if standing.head_number is not None:
            return standing.head_number
        own = [node.number for node in nodes if node.turn == standing.head]
        turn = await self.store.turns.get(standing.head)
        return own[-1] if own else turn.base if turn else None

    def _card(self, tree: Tree, stop: Stop, found: dict[str, bytes | None], before: Stop | None) -> Card:
        node, say = stop.node, self.catalogue.say
        parent = tree.parent(node)
        far = parent is not None and (before is None or before.node.number != parent.number)
        instead = say("history.deleted") if node.picture is None else ""
        return Card(
            label=f"v{node.number}",
            who=node.who,
            words=node.words,
            branch=stop.branch,
            lane=stop.lane,
            origin=say("history.origin", number=parent.number) if parent and far else "",
            badge=say("history.head") if node.number == tree.head else "",
            instead=instead or ("" if found[_digest(node.picture)] else say("history.unreadable")),
        )

    def _below(self, tree: Tree, page: Page) -> str:
        count, of = len(tree.nodes), page.of
        say = self.catalogue.say
        if of == 1:
            return say("history.single") if count == 1 else say("history.count", count=count)
        return say("history.pages", count=count, page=page.number, pages=of)

    def _described(self, tree: Tree, page: Page) -> str:
        """For those who do not see it: each version with its words, as many as there is room for."""
        told = "; ".join(self._told(tree, stop.node) for stop in page.stops)
        return cut(self.catalogue.say("alt.sheet", count=len(page.stops), versions=told), ALT)

    def _told(self, tree: Tree, node: Node) -> str:
        say = self.catalogue.say
        words = cut(" ".join(node.words.split()), NAMED) if node.picture else say("history.deleted")
        base = say("receipt.base", base=f"v{node.base}") if node.base else ""
        head = f" ({say('history.head')})" if node.number == tree.head else ""
        return f"v{node.number}{base}{head}: {words}"


def some(nodes: Sequence[Node], most: int) -> Sequence[Node]:
    """At most so many of them, the first and the last among them, evenly spread."""
    if len(nodes) <= most:
        return nodes
    return [nodes[round(place * (len(nodes) - 1) / (most - 1))] for place in range(most)]


def _labels(before: Node, after: Node) -> tuple[str, str]:
    return f"v{before.number}", f"v{after.number}"


def _digest(picture: Picture | None) -> str:
    return picture.digest if picture else ""


def _file(name: str, drawing: Drawing, alt: str) -> File:
    return File(f"{name}.{drawing.extension}", drawing.data, cut(alt, ALT))
