"""Keys and seals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sealing import MARK, PLAIN, WEIGHT, Key, Keyring, Unsealable

OLD, NEW = "an old key of thirty-two characters", "a new key of thirty-two characters"
BOTH = Keyring.of([NEW, OLD])


@given(st.binary(max_size=2000), st.text(max_size=300))
def test_what_is_sealed_opens_as_it_was_and_shows_nothing_of_it(data: bytes, words: str):
    keys = Keyring.of([NEW])
    sealed = keys.seal(data, "about")
    assert keys.open(sealed, "about") == data
    assert len(sealed) == len(data) + WEIGHT == len(data) + keys.weight
    assert len(data) < 4 or data not in sealed
    if words:
        assert keys.open_words(keys.seal_words(words)) == words
        assert keys.seal_words(words).isascii()


def test_no_seal_is_like_another():
    keys = Keyring.of([NEW])
    assert keys.seal(b"x") != keys.seal(b"x")
    assert keys.seal_words("x") != keys.seal_words("x")


def test_the_first_key_seals_and_every_key_opens():
    before = Keyring.of([OLD])
    assert BOTH.open(before.seal(b"x")) == b"x"
    assert BOTH.open_words(before.seal_words("x")) == "x"
    assert BOTH.seal(b"x").startswith(f"sealed:{Key.of(NEW).id}:".encode())
    assert BOTH.ids == {PLAIN, Key.of(NEW).id, Key.of(OLD).id}


def test_what_was_never_sealed_is_as_it_is_even_where_it_looks_like_a_seal():
    for words in ("words", MARK, f"{MARK}00000000:AAAA"):
        assert BOTH.open_words(words) == words
        assert BOTH.open(words.encode()) == words.encode()


def test_without_a_key_nothing_is_sealed():
    keys = Keyring.of([])
    assert (keys.seal(b"x"), keys.seal_words("x"), keys.name("abc"), keys.names("abc")) == (b"x", "x", "abc", ["abc"])
    assert not keys.closed
    assert keys.current == PLAIN


def test_an_empty_secret_in_front_opens_what_was_sealed_and_seals_no_more():
    keys = Keyring.of(["", OLD])
    assert keys.seal(b"x") == b"x"
    assert keys.open(Keyring.of([OLD]).seal(b"x")) == b"x"
    assert keys.closed


@pytest.mark.parametrize("place", [8, 20, -1])
def test_a_changed_seal_opens_as_nothing_else(place: int):
    keys = Keyring.of([NEW])
    sealed = bytearray(keys.seal(b"a picture", "name"))
    sealed[place] ^= 1
    if place == 8:  # no key of ours has this id
        assert keys.open(bytes(sealed), "name") == bytes(sealed)
        return
    with pytest.raises(Unsealable):
        keys.open(bytes(sealed), "name")


def test_a_seal_opens_only_as_what_it_is_about():
    keys = Keyring.of([NEW])
    with pytest.raises(Unsealable):
        keys.open(keys.seal(b"a picture", "one"), "another")


@pytest.mark.parametrize("rest", ["", "AAAA", "no base64 ¶", "AAA"])
def test_words_cut_short_are_told_to_be_damaged(rest: str):
    with pytest.raises(Unsealable):
        BOTH.open_words(f"{MARK}{BOTH.current}:{rest}")


def test_a_picture_has_another_name_with_every_key_and_none_without_tells_which():
    digest = "ab" * 32
    assert BOTH.names(digest) == [Key.of(NEW).name(digest), Key.of(OLD).name(digest), digest]
    assert len(set(BOTH.names(digest))) == 3
    assert {len(each) for each in BOTH.names(digest)} == {64}


def test_a_key_shows_neither_itself_nor_its_secret():
    assert NEW not in repr(BOTH)
    assert repr(Key.of(NEW)) == f"Key(id='{Key.of(NEW).id}')"
