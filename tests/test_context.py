from collections import Counter
from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import given

from bot.asking.context import FULL_TURNS, RECAP, WORDS, Past, compose, refers_back
from bot.model import Content, Memory, Painted, Picture, Reference, Request, State, Text, Turn, Version
from tests.players import ADA, MODEL, picture

OLD = replace(MODEL, id="older", signatures=False, pictures=3, sizes=())
ABLE = replace(MODEL, pictures=14)


def turn(number: int = 9, words: str = "bluer", **others: object) -> Turn:
    made = Turn(number, 50, ADA, words, MODEL.id, 0.0, state=State.POSTED)
    return replace(made, **others)  # type: ignore[arg-type]


def reference(name: str, version: int | None = None) -> Reference:
    return Reference(picture(name), name, version)


def past(number: int, base: Picture | None = None, *parts: Text | Painted, **others: object) -> Past:
    answer = parts or (signed(f"p{number}"),)
    return Past(turn(number, **{"words": f"words {number}"} | others), base, answer)  # type: ignore[arg-type]


def signed(name: str, *, thought: bool = False) -> Painted:
    return Painted(picture(name), thought=thought, signature=b"\x00" + name.encode())


def version(name: str, number: int = 3) -> Version:
    return Version(number, 8, 0, picture(name))


def chain(length: int) -> list[Past]:
    """Turns that each edit the picture of the one before."""
    return [past(number, picture(f"p{number - 1}") if number > 1 else None) for number in range(1, length + 1)]


def pictures(request: Request) -> list[str]:
    parts = (part for content in request.contents for part in content.parts)
    return [part.picture.digest for part in parts if isinstance(part, Painted)]


def said(request: Request) -> str:
    return "\n".join(part.text for part in request.contents[-1].parts if isinstance(part, Text))


# -- focused


def test_a_picture_from_words_alone_is_asked_for_in_just_those_words():
    assert compose(turn(words="a cat"), None, [], MODEL) == Request(MODEL, (Content("user", (Text("a cat"),)),))


def test_an_edit_is_one_turn_of_the_base_the_references_and_the_words():
    asked = turn(words="wear this", references=(reference("hat.png"), reference("v2", 2)))
    request = compose(asked, version("base"), [], MODEL)
    [content] = request.contents
    assert content.role == "user"
    assert pictures(request) == ["base", "hat.png", "v2"]
    assert said(request) == (
        "Picture 1 is the picture to edit (v3). Picture 2 is a reference (hat.png). Picture 3 is a reference (v2).\n"
        "Instruction: wear this\nChange only this and keep everything else exactly as it is."
    )


def test_references_without_a_base_keep_nothing_in_place():
    request = compose(turn(words="both of them", references=(reference("cat.png"),)), None, [], MODEL)
    assert said(request) == "Picture 1 is a reference (cat.png).\nInstruction: both of them"


def test_earlier_instructions_are_told_in_words():
    request = compose(turn(), version("p2"), chain(2), MODEL)
    assert "Earlier in this thread: words 1; words 2." in said(request)


def test_the_hundredth_edit_is_as_large_as_the_tenth():
    def size(length: int) -> tuple[int, int, int]:
        request = compose(turn(), version(f"p{length}"), chain(length)[-RECAP:], MODEL)
        return len(request.contents), len(pictures(request)), len(said(request).replace("words 1", "words "))

    assert size(99)[:2] == size(10)[:2] == (1, 1)
    assert abs(size(99)[2] - size(10)[2]) <= RECAP


def test_long_instructions_are_cut_in_the_recap():
    request = compose(turn(), version("p1"), [past(1, None, words="x" * 4000)], MODEL)
    assert "x" * (WORDS - 1) + "…" in said(request)
    assert "x" * WORDS not in said(request)


def test_words_after_words_alone_carry_the_question():
    asked_back = past(1, None, Text("Which frog?"), Text(" The left one?"))
    request = compose(turn(words="the left one"), None, [asked_back], MODEL)
    assert said(request) == (
        "Earlier in this thread: words 1. To that you answered: Which frog? The left one?\nthe left one"
    )


def test_the_models_thoughts_are_never_repeated():
    asked_back = past(1, None, Text("hm", thought=True), Text("Which frog?"))
    assert "hm" not in said(compose(turn(), None, [asked_back], MODEL))


# -- full


def full(asked: Turn | None = None, base: Version | None = None, branch: list[Past] | None = None) -> Request:
    return compose(replace(asked or turn(), memory=Memory.FULL), base, branch or [], ABLE)


def test_earlier_turns_are_replayed_verbatim_with_their_signatures():
    story = past(
        2, picture("p1"), Text("First,", signature=b"s"), signed("a"), Text("then", signature=None), signed("p2")
    )
    request = full(base=version("p2"), branch=[past(1, picture("start")), story])
    assert request.contents[:4] == (
        Content("user", (Painted(picture("start")), Text("words 1"))),
        Content("model", (signed("p1"),)),
        Content("user", (Text("words 2"),)),
        Content("model", story.parts),
    )
    assert said(request).startswith("Instruction: bluer")


def test_a_base_that_the_history_has_come_to_is_not_sent_again():
    assert Counter(pictures(full(base=version("p3"), branch=chain(3)))) == {"p1": 1, "p2": 1, "p3": 1}


def test_a_base_that_is_not_the_last_picture_of_a_story_is_sent_again_and_named():
    story = past(1, None, Text("One,"), signed("one"), Text("two."), signed("two"))
    request = full(base=version("one"), branch=[story])
    assert pictures(request) == ["one", "two", "one"]
    assert "Picture 1 is the picture to edit (v3)." in said(request)


def test_an_edit_within_the_history_of_a_storys_first_picture_brings_that_picture():
    story = past(1, None, Text("One,"), signed("one"), Text("two."), signed("two"))
    edit = past(2, picture("one"))
    assert pictures(full(base=version("p2"), branch=[story, edit])) == ["one", "two", "one", "p2"]


def test_the_base_of_words_alone_is_still_at_hand():
    asked_back = past(2, picture("p1"), Text("Which one?"))
    assert pictures(full(base=version("p1"), branch=[past(1), asked_back])) == ["p1"]


def test_references_of_earlier_turns_are_replayed_with_them():
    before = past(1, picture("start"), references=(reference("hat.png"),))
    assert pictures(full(base=version("p1"), branch=[before])) == ["start", "hat.png", "p1"]


def test_the_oldest_turns_are_left_out_first_where_the_pictures_do_not_fit():
    few = replace(ABLE, pictures=3)
    request = compose(turn(memory=Memory.FULL), version("p4"), chain(4), few)
    assert pictures(request) == ["p2", "p3", "p4"]
    assert [content.role for content in request.contents] == ["user", "model"] * 2 + ["user"]


def test_where_no_earlier_turn_fits_the_history_is_told_in_words():
    request = compose(turn(memory=Memory.FULL), version("p4"), chain(4), replace(ABLE, pictures=1))
    assert pictures(request) == ["p4"]
    assert "Earlier in this thread: words 1; words 2; words 3; words 4." in said(request)


def test_no_more_than_the_newest_turns_are_replayed():
    assert len(full(base=version("p9"), branch=chain(9)).contents) == 2 * FULL_TURNS + 1


def test_another_models_turns_are_never_replayed_nor_what_lies_before_them():
    branch = chain(4)
    branch[1] = replace(branch[1], turn=replace(branch[1].turn, model="older"))
    assert pictures(full(base=version("p4"), branch=branch)) == ["p2", "p3", "p4"]
    branch[3] = replace(branch[3], turn=replace(branch[3].turn, model="older"))
    assert pictures(full(base=version("p4"), branch=branch)) == ["p4"]


def test_a_picture_without_its_signature_is_not_replayed_to_a_model_that_asks_for_one():
    unsigned = past(1, None, Painted(picture("p1")))
    assert len(full(base=version("p1"), branch=[unsigned]).contents) == 1
    older = replace(unsigned, turn=replace(unsigned.turn, model="older"))
    assert len(compose(turn(memory=Memory.FULL), version("p1"), [older], OLD).contents) == 3


def test_a_turn_whose_answer_is_not_known_is_not_replayed():
    failed = Past(turn(1, "words 1", failure="No."), None, ())
    assert len(full(branch=[failed]).contents) == 1


def test_thoughts_are_left_out_of_the_history_and_nothing_else_is():
    before = past(1, None, Text("hm", thought=True), signed("draft"), signed("sketch", thought=True), signed("p1"))
    request = full(base=version("p1"), branch=[before])
    assert request.contents[1] == Content("model", (signed("draft"), signed("p1")))


# -- ratio and size


@pytest.mark.parametrize(
    ("asked", "base", "sent"),
    [
        (turn(), None, None),
        (turn(), version("wide"), "4:3"),
        (turn(ratio="9:16"), version("wide"), "9:16"),
        (turn(ratio="7:5"), None, "4:3"),
        (turn(references=(reference("hat.png"),)), version("wide"), "4:3"),
        (turn(memory=Memory.FULL), version("wide"), "4:3"),
    ],
)
def test_the_shape_is_the_one_asked_for_else_the_bases(asked, base, sent):
    assert compose(asked, base, [], MODEL).ratio == sent


def test_a_size_is_sent_only_to_a_model_that_knows_it():
    assert compose(turn(size="2K"), None, [], MODEL).size == "2K"
    assert compose(turn(size="8K"), None, [], MODEL).size is None
    assert compose(turn(size="1K"), None, [], OLD).size is None


@pytest.mark.parametrize(
    "words",
    [
        *("go back to the cat", "as it was", "Undo that", "like the first one", "again, bluer"),
        *("mach es noch einmal", "wie am Anfang", "zurück zur Katze"),
        *("encore une fois", "comme la première", "reviens au chat"),
        *("otra vez, más azul", "como estaba antes", "vuelve al gato"),
        *("de novo, mais azul", "volte ao gato", "como era"),
        *("もう一度", "元に戻して", "さっきの猫"),
    ],
)
def test_words_that_lean_on_earlier_ones_are_noticed(words):
    assert refers_back(words)


@pytest.mark.parametrize("words", ["a red house", "a cat from the back", "in the foreground", "", "the last supper"])
def test_words_that_stand_on_their_own_are_left_alone(words):
    assert not refers_back(words)


# -- whatever the branch

PARTS = st.lists(
    st.builds(Text, st.text(max_size=4), thought=st.booleans(), signature=st.none() | st.binary(max_size=3))
    | st.builds(
        Painted, st.sampled_from("abcdef").map(picture), thought=st.booleans(), signature=st.none() | st.just(b"s")
    ),
    max_size=5,
).map(tuple)
REFERENCES = st.lists(st.sampled_from(["r1", "r2", "r3"]).map(reference), max_size=3).map(tuple)
BRANCHES = st.lists(
    st.builds(
        lambda model, references, base, parts: Past(turn(1, "x", model=model, references=references), base, parts),
        st.sampled_from([MODEL.id, MODEL.id, MODEL.id, "older"]),
        REFERENCES,
        st.none() | st.sampled_from("abcdef").map(picture),
        PARTS,
    ),
    max_size=8,
)
ASKED = st.builds(
    lambda memory, references: turn(memory=memory, references=references), st.sampled_from(Memory), REFERENCES
)
BASES = st.none() | st.sampled_from("abcdef").map(version)
MODELS = st.builds(lambda room: replace(ABLE, pictures=room), st.integers(4, 14))


@given(ASKED, BASES, BRANCHES, MODELS)
def test_a_request_never_holds_more_pictures_than_the_model_takes(asked, base, branch, model):
    assert len(pictures(compose(asked, base, branch, model))) <= model.pictures


@given(ASKED, BASES, BRANCHES, MODELS)
def test_the_base_is_always_at_hand_and_never_twice_in_the_asks_own_turn(asked, base, branch, model):
    request = compose(asked, base, branch, model)
    assert base is None or base.picture.digest in pictures(request)
    own = [part.picture for part in request.contents[-1].parts if isinstance(part, Painted)]
    shown = [base.picture] if base and base.picture in own else []
    assert own == [*shown, *(each.picture for each in asked.references)]


@given(ASKED, BASES, BRANCHES, MODELS)
def test_what_is_replayed_are_whole_answers_of_this_model_without_a_gap(asked, base, branch, model):
    request = compose(asked, base, branch, model)
    assert [content.role for content in request.contents] == ["user", "model"] * (len(request.contents) // 2) + ["user"]
    answers = [content.parts for content in request.contents if content.role == "model"]
    newest = branch[len(branch) - len(answers) :]
    assert answers == [past.spoken for past in newest]
    assert all(past.turn.model == model.id for past in newest)
    assert asked.memory is Memory.FULL or not answers


@given(ASKED, BASES, BRANCHES, MODELS)
def test_the_instruction_is_always_the_last_word(asked, base, branch, model):
    last = compose(asked, base, branch, model).contents[-1].parts[-1]
    assert isinstance(last, Text)
    assert "bluer" in last.text
