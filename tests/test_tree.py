"""The tree, laid out: branches keep together, rails never share a lane where they overlap, forks leave their base."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Picture
from bot.store import Node
from bot.views.tree import PER_PAGE, Tree

PICTURE = Picture("d", "image/png", 64, 64, 100)


def tree(bases: Mapping[int, int | None], head: int | None = None) -> Tree:
    return Tree([Node(each, each, base, "Ana", "words", PICTURE) for each, base in bases.items()], head)


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    count = draw(st.integers(1, 70))
    bases = {each: draw(st.sampled_from([None, *range(1, each)])) for each in range(1, count + 1)}
    return tree(bases, draw(st.sampled_from([None, *range(1, count + 1)])))


def test_a_chain_is_one_branch_on_one_rail():
    chain = tree({1: None, 2: 1, 3: 2}, head=3)
    page = chain.page(1)
    assert {stop.branch for stop in page.stops} == {0}
    assert [(rail.lane, rail.start, rail.end) for rail in page.rails] == [(0, 0.5, 2.5)]
    assert page.forks == ()


def test_the_branch_of_the_head_goes_on_and_another_leaves_it():
    page = tree({1: None, 2: 1, 3: 1, 4: 2}, head=3).page(1)
    assert [stop.branch for stop in page.stops] == [0, 1, 0, 1]
    assert [stop.lane for stop in page.stops] == [0, 1, 0, 1]
    [fork] = page.forks
    assert (fork.branch, fork.at, fork.origin, fork.lane) == (1, 0.5, 0, 1)


def test_beside_the_head_the_child_that_lives_longest_goes_on_with_its_branch():
    assert tree({1: None, 2: 1, 3: 1, 4: 2}).branches == {1: 0, 2: 0, 3: 1, 4: 0}


def test_two_beginnings_are_two_branches_without_a_fork():
    page = tree({1: None, 2: 1, 3: None}, head=2).page(1)
    assert [stop.branch for stop in page.stops] == [0, 0, 1]
    assert page.forks == ()


def test_the_newest_versions_are_on_the_first_page_and_rails_point_to_the_others():
    long = tree({each: each - 1 or None for each in range(1, 31)}, head=30)
    first, second = long.page(1), long.page(2)
    assert (first.of, [stop.node.number for stop in first.stops]) == (2, list(range(6, 31)))
    assert [stop.node.number for stop in second.stops] == [1, 2, 3, 4, 5]
    assert first.rails[0].start < 0.5, "it comes from the other page"
    assert second.rails[0].end > 4.5, "it goes on there"


def test_the_path_to_a_version_leads_over_its_bases():
    assert [node.number for node in tree({1: None, 2: 1, 3: 1, 4: 2}).path(4)] == [1, 2, 4]
    assert tree({1: None}).path(7) == []


def test_a_base_that_is_no_older_is_none():
    assert [node.number for node in tree({1: 2, 2: 1}).path(2)] == [1, 2]


@given(trees())
def test_rails_that_overlap_never_share_a_lane(some: Tree):
    for number in range(1, some.pages + 1):
        rails = some.page(number).rails
        for one in rails:
            for other in rails:
                if one.branch < other.branch and one.lane == other.lane:
                    assert one.end < other.start or other.end < one.start


@given(trees())
def test_every_version_is_on_exactly_one_page_upon_its_branchs_rail(some: Tree):
    shown = []
    for number in range(some.pages, 0, -1):
        page = some.page(number)
        assert len(page.stops) <= PER_PAGE
        rails = {rail.branch: rail for rail in page.rails}
        for place, stop in enumerate(page.stops):
            rail = rails[stop.branch]
            assert rail.lane == stop.lane
            assert rail.start <= place + 0.5 <= rail.end
        shown += [stop.node.number for stop in page.stops]
    assert shown == [node.number for node in some.nodes]


@given(trees())
def test_a_branch_is_a_chain_in_which_each_version_is_painted_from_the_one_before(some: Tree):
    last: dict[int, int] = {}
    for node in some.nodes:
        branch = some.branches[node.number]
        parent = some.parent(node)
        if branch in last:
            assert parent is not None
            assert parent.number == last[branch]
        last[branch] = node.number


@given(trees())
def test_the_heads_own_branch_lies_next_to_the_pictures(some: Tree):
    if some.head is None:
        return
    for number in range(1, some.pages + 1):
        assert all(stop.lane == 0 for stop in some.page(number).stops if stop.branch == some.branches[some.head])


@pytest.mark.parametrize("count", [5, 3000])
def test_a_long_thread_is_laid_out_at_once(count: int):
    assert len(tree({each: each - 1 or None for each in range(1, count + 1)}, head=count).page(1).stops) == min(
        count, 25
    )
