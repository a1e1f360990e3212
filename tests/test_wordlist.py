import random
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Unlisted
from bot.wordlist import DASHES, STAR, Wordlist, entry, imported, is_word, looks, marked, merged, plain

LETTERS = st.sampled_from("abcABC1_ .,-éßИй\u0301\u200bかが̈字ि")
TEXTS = st.text(LETTERS, max_size=30)
ENTRIES = st.builds(
    lambda before, core, after: before + core + after,
    st.sampled_from(["", "*"]),
    st.text(LETTERS, min_size=1, max_size=4),
    st.sampled_from(["", "*"]),
)


def naive(raw: str, text: str) -> bool:
    """The rule itself: look at every place, and at the characters beside it."""
    written, shown = plain(raw.strip(STAR)), plain(text)
    return any(
        shown.startswith(core, at)
        and (raw.startswith(STAR) or is_apart(shown[:at][-1:], core[0]))
        and (raw.endswith(STAR) or is_apart(core[-1], shown[at + len(core) :][:1]))
        for at in range(len(shown))
        for core in {written, DASHES.sub(" ", written)}
    )


def is_apart(one: str, other: str) -> bool:
    return not (one and other and is_word(one) and is_word(other))


def finds(raw: str, text: str) -> bool:
    return Wordlist([raw]).first(*looks(text)) is not None


@given(st.lists(ENTRIES, max_size=6), TEXTS)
def test_it_finds_what_a_look_at_every_place_finds(entries, text):
    entries = [each for each in entries if plain(each.strip(STAR))]
    found = Wordlist(entries).first(marked(text))
    assert (found is not None) == any(naive(each, text) for each in entries)
    assert found is None or naive(found, text)


@given(st.text(max_size=60))
def test_any_text_is_taken_as_it_is(text):
    assert Wordlist([text, f"*{text}*"]).first(marked(f"{text} x")) is not None or not plain(text.strip(STAR))
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("raw", "yes", "no"),
    [
        ("cat", ["cat", "A CAT!", "(cat)", "cat_food"], ["cats", "scatter", "concat"]),
        ("cat*", ["catch", "Catapult"], ["wildcat", "copycats"]),
        ("*cat", ["wildcat", "copyCat"], ["catch"]),
        ("*cat*", ["location", "eduCation"], ["c at"]),
        ("the mat", ["on the mat.", "The\n  mat"], ["the matrix", "breathe mat"]),
        ("the mat*", ["the matrix"], ["breathe matrix"]),
        ("*the mat", ["breathe mat"], ["the matrix"]),
        ("*the mat*", ["breathe matter"], ["themat"]),
        ("c++", ["I like c++", "c++11"], ["c", "c+", "abc++"]),
        ("*字*", ["漢字です"], ["漢"]),
        ("が", ["が"], ["か", "がら"]),
        ("क", ["क"], ["की"]),
    ],
)
def test_an_entry_means_what_it_means_to_automod(raw, yes, no):
    assert [each for each in yes if not finds(raw, each)] == []
    assert [each for each in no if finds(raw, each)] == []


@pytest.mark.parametrize(
    "written",
    [
        *("PANDA", "pánda", "p\u200ba\u00adn\u2060da", "ｐａｎｄａ", "𝓹𝓪𝓷𝓭𝓪", "раnda", "p̷a̷n̷d̷a̷", "panda\ufe0f"),
        unicodedata.normalize("NFD", "pändá"),
    ],
)
def test_case_accents_invisible_characters_and_letters_that_look_alike_make_no_difference(written):
    assert finds("panda", f"a {written}, please")


@pytest.mark.parametrize(
    "written",
    [
        *("ban**ana**", "||ban||ana", "b.a.n.a.n.a", "b a n a n a", "b-a-n_a*n*a", "paint a b.a.n.a.n.a", "~~ban~~ana"),
        *(
            "__ban__ana",
            "`ban`ana",
            "*b*anana",
            r"ban\*\*ana",
            "ʙᴀɴᴀɴᴀ",
            "ɓanana",
            "вanana",
            "Вanana",
            "🅱anana",
            "в\u200banana",
        ),
        "**p a i n t  b a n a n a s**",
    ],
)
def test_what_only_breaks_a_word_up_makes_no_difference(written):
    assert finds("banana", f"a {written}, please")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        *(
            ("abc", "a b c"),
            ("*abc*", "a, b, c"),
            ("*cat*", "magic_attack"),
            ("*cat*", "a magic attack"),
            ("ab", "a b c d"),
        ),
        *(
            ("bot", "вот кот"),
            ("hat", "плана b: нет"),
            ("catdog", "cat-dog"),
            ("catdog", "cat dog"),
            ("bad phrase", "badphrase"),
        ),
    ],
)
def test_ordinary_sentences_are_not_run_together(raw, text):
    assert not finds(raw, text)


@pytest.mark.parametrize("raw", ["bad phrase", "bad-phrase", "bad_phrase"])
def test_a_dash_between_two_words_counts_as_a_space(raw):
    assert [
        each
        for each in ("a bad-phrase", "bad_phrase!", "Bad\nphrase", "bad–phrase", "bad **phrase**")
        if not finds(raw, each)
    ] == []
    assert not finds(raw, "bad phrases")


def test_an_ask_is_held_against_ten_thousand_words_in_less_than_a_millisecond_and_long_ones_in_their_length():
    chance = random.Random(1)
    many = Wordlist("".join(chance.choices("abcdefghijklmnop", k=chance.randint(5, 12))) for _ in range(10_000))
    usual = "a **red** house by the sea, c.a.l.m and wide, вith a boat_house " * 5
    assert looked(many, usual) < 0.001
    for each in ("a.", "**a", "- ", "вa ", "a-", "\\*", "_"):
        short, long = (looked(many, each * length) for length in (2_000, 32_000))
        assert long < 16 * short * 8


def looked(many: Wordlist, text: str) -> float:
    took = []
    for _ in range(9):
        began = time.thread_time()
        many.first(*looks(text))
        took.append(time.thread_time() - began)
    return min(took)


def test_what_is_allowed_is_taken_out_and_what_stands_beside_it_is_not():
    look = marked("goodword badword")
    assert Wordlist(["*word*"]).first(Wordlist(["goodword"]).without(look)) == "*word*"
    assert Wordlist(["*word*"]).first(Wordlist(["*word"]).without(look)) is None
    assert Wordlist(["bad*"]).first(Wordlist(["good*"]).without(look)) == "bad*"


def test_an_empty_list_finds_nothing():
    assert Wordlist([]).first(marked("anything")) is None
    assert Wordlist(["", "*", "**", " \u200b "]).entries == ()


@pytest.mark.parametrize(
    "words",
    [
        ["*" + "a" * length + "*" for length in range(1, 61)],
        ["a" * length for length in range(1, 61)],
        ["*" + "ab" * length + "c*" for length in range(1, 29)],
    ],
)
def test_no_pattern_makes_a_longer_text_cost_more_than_its_length(words):
    many = Wordlist(words)
    short, long = (fastest(many, "a" * length + " " + "ab" * length) for length in (2_000, 32_000))
    assert long < 16 * short * 8


def fastest(many: Wordlist, text: str) -> float:
    took = []
    for _ in range(9):
        began = time.thread_time()
        many.first(marked(text))
        took.append(time.thread_time() - began)
    return min(took)


def test_ten_thousand_words_are_ready_soon_and_looked_for_in_an_instant():
    chance = random.Random(1)
    words = ["".join(chance.choices("abcdefghijklmnop", k=chance.randint(5, 12))) for _ in range(10_000)]
    began = time.perf_counter()
    many = Wordlist(f"*{each}*" for each in words)
    assert time.perf_counter() - began < 2
    assert fastest(many, "z " * 2000) < 0.02


# -- what moderators write ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("raw", "kept"), [("  cat ", "cat"), ("**Cat *", "*Cat*"), ("the   mat*", "the mat*")])
def test_an_entry_is_kept_as_it_was_written_but_for_needless_spaces(raw, kept):
    assert entry(raw) == kept


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("", "word_empty"),
        ("***", "word_empty"),
        ("*a*", "word_empty"),
        ("c*t", "word_star"),
        ("x" * 61, "word_too_long"),
    ],
)
def test_what_can_not_be_an_entry_is_told_why(raw, why):
    with pytest.raises(Unlisted) as caught:
        entry(raw)
    assert caught.value.key == why


def test_entries_that_say_the_same_are_one():
    assert merged(["Cat", "dog", "cát", "cat*"]) == ["Cat", "dog", "cat*"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_has_an_entry_on_each_line_and_lines_that_are_none_are_counted(encoding):
    assert imported("cat\r\n\n*a*\nthe mat\nc*t\n".encode(encoding)) == (["cat", "the mat"], [3, 5])


def test_a_file_that_is_no_text_is_none():
    with pytest.raises(Unlisted):
        imported(b"\x89PNG\r\n\xff")
