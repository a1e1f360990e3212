from dataclasses import replace

from bot.model import Ask
from bot.tidings import REMEMBERED, Tidings
from tests.players import ADA, BOB, THREAD

CAT = Ask(1, THREAD, ADA, "a cat", message=1)
DOG = replace(CAT, words="a dog")


def test_an_ask_that_nothing_was_told_of_is_as_it_was_heard():
    assert Tidings().newest(CAT) is CAT


def test_an_ask_reads_as_it_was_edited_last():
    tidings = Tidings()
    tidings.edited(replace(CAT, words="a bird"))
    tidings.edited(DOG)
    assert tidings.newest(CAT) is DOG


def test_a_message_that_is_gone_stays_gone_though_its_edit_is_told_of_later():
    tidings = Tidings()
    tidings.gone([CAT.id])
    tidings.edited(DOG)
    assert tidings.newest(CAT) is None


def test_nothing_is_asked_in_a_thread_that_is_gone_but_in_one_whose_first_message_is_gone():
    tidings = Tidings()
    tidings.gone([THREAD.conversation])
    assert tidings.newest(CAT) is CAT
    tidings.thread_gone(THREAD.conversation)
    assert tidings.newest(CAT) is None


def test_what_is_read_anew_is_newer_than_edits_told_of_before_but_what_is_gone_is_gone():
    tidings = Tidings()
    tidings.edited(DOG)
    tidings.gone([2])
    tidings.renew()
    assert (tidings.newest(CAT), tidings.newest(replace(CAT, id=2))) == (CAT, None)


def test_of_a_member_who_is_forgotten_only_what_was_asked_before_goes():
    tidings = Tidings()
    tidings.edited(replace(DOG, id=2))
    tidings.edited(replace(DOG, id=1, member=BOB))
    tidings.edited(replace(DOG, id=9))
    tidings.forget(ADA.id, 9)
    cats = [replace(CAT, id=1, member=BOB), replace(CAT, id=2), replace(CAT, id=9)]
    assert [newest.words for each in cats if (newest := tidings.newest(each))] == ["a dog", "a cat", "a dog"]


def test_only_so_many_are_remembered_those_told_of_last():
    tidings = Tidings()
    tidings.edited(CAT)
    tidings.gone(range(2, REMEMBERED + 1))
    tidings.edited(DOG)
    tidings.gone([REMEMBERED + 1])
    assert [tidings.newest(replace(CAT, id=each)) is None for each in (2, 3)] == [False, True]
    assert tidings.newest(CAT) is DOG
