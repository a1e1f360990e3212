"""What is needed is known, whatever it is called and in whichever order it is asked for; and it takes little room."""

import sys

import hypothesis.strategies as st
from hypothesis import given

from bot.inventory import Inventory

NAMES = st.text(max_size=8)


@given(st.sets(NAMES), st.lists(NAMES))
def test_a_name_is_there_if_it_was_noted(noted: set[str], asked: list[str]):
    inventory = Inventory()
    inventory.add(noted)
    assert all(each in inventory for each in noted)
    assert [each in inventory for each in asked] == [each in noted for each in asked]


def test_what_is_noted_after_something_was_asked_for_is_there_too():
    inventory = Inventory()
    inventory.add(["ab1"])
    assert "ab2" not in inventory
    inventory.add(["ab2"])
    assert "ab2" in inventory


def test_a_name_takes_eight_bytes_and_a_little():
    inventory = Inventory()
    inventory.add(f"{number % 256:02x}{number:062x}" for number in range(100_000))
    assert sum(map(sys.getsizeof, inventory._sections.values())) < 12 * 100_000
