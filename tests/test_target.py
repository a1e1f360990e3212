from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import given

from bot.asking.target import Brought, Question, Surroundings, Target, numbers, resolve
from bot.errors import ForeignPicture, NothingAsked, Refusal, UnusablePictures
from bot.model import Ask, Kind, Place, Quoted, Reference, State, Turn, Upload, Version
from tests.players import ADA, BOB, THREAD, picture

FOREIGN_THREAD = replace(THREAD, ours=False)
NEW_THREAD = Place(70, 7, server=9, title="a cat", ours=True)


def ask(words: str = "", *names: str, **others: object) -> Ask:
    uploads = tuple(Upload(number, name, f"https://cdn/{name}", 1) for number, name in enumerate(names, start=500))
    return replace(Ask(100, THREAD, ADA, words, uploads), **others)  # type: ignore[arg-type]


def brought(ask: Ask) -> list[Brought]:
    quoted = ask.quoted.uploads if ask.quoted else ()
    chosen = quoted if ask.choice is None else quoted[ask.choice : ask.choice + 1]
    return [Brought(each.id, each.name, picture(each.name)) for each in (*ask.uploads, *chosen)]


def turn(number: int, **others: object) -> Turn:
    return replace(Turn(number, 50, ADA, "words", "a-model", 0.0, state=State.POSTED), **others)  # type: ignore[arg-type]


def version(number: int, of: int, position: int = 0) -> Version:
    return Version(number, of, position, picture(f"v{number}"), message=of * 10)


HEAD = Surroundings(head=turn(8), head_number=3, newest=3)


def answered(ask: Ask, around: Surroundings = HEAD) -> Target | Question:
    return resolve(ask, brought(ask), around)


def names(target: Target | Question) -> list[str]:
    assert isinstance(target, Target)
    return [each.name for each in target.references]


# -- the table, row by row


def test_plain_words_edit_the_head():
    assert answered(ask("bluer")) == Target(parent=8, base=3)


def test_plain_words_after_a_head_that_still_paints_wait_for_whatever_it_becomes():
    assert answered(ask("bluer"), Surroundings(head=turn(8, state=State.PAINTING))) == Target(parent=8, base=None)


def test_the_first_words_of_a_conversation_begin_on_a_blank_canvas():
    assert answered(ask("a cat"), Surroundings()) == Target()


def test_a_fresh_picture_begins_on_a_blank_canvas_wherever_the_head_is():
    assert answered(ask("a cat", fresh=True)) == Target()


def test_a_reply_to_one_picture_edits_exactly_that_one():
    around = replace(HEAD, own=True, replied=turn(5), seen=[version(2, 5)])
    assert answered(ask("bluer", quoted=Quoted(50)), around) == Target(parent=5, base=2)


def test_a_reply_to_several_pictures_edits_the_one_that_is_named():
    around = replace(HEAD, own=True, replied=turn(5), seen=[version(1, 5, 0), version(2, 5, 1)])
    named = replace(around, named=[version(2, 5, 1)])
    assert answered(ask("V2, but bluer", quoted=Quoted(50)), named) == Target(parent=5, base=2)


def test_a_reply_to_several_pictures_that_names_none_of_them_is_a_question():
    around = replace(HEAD, own=True, replied=turn(5), seen=[version(1, 5, 0), version(2, 5, 1)])
    assert answered(ask("bluer than v7", quoted=Quoted(50)), around) == Question(("v1", "v2"))


def test_the_answer_to_the_question_is_the_picture_at_its_place():
    around = replace(HEAD, own=True, replied=turn(5), seen=[version(1, 5, 0), version(2, 5, 1)])
    assert answered(ask("bluer", quoted=Quoted(50), choice=1), around) == Target(parent=5, base=2)
    assert answered(ask("bluer", quoted=Quoted(50), choice=2), around) == Question(("v1", "v2"))
    assert answered(ask("bluer", quoted=Quoted(50), choice=-1), around) == Question(("v1", "v2"))


def test_a_reply_to_a_picture_without_words_is_asked_what_to_change():
    around = replace(HEAD, own=True, replied=turn(5), seen=[version(2, 5)])
    with pytest.raises(NothingAsked) as refused:
        answered(ask(quoted=Quoted(50)), around)
    assert (refused.value.key, refused.value.values) == ("nothing_asked_of", {"version": 2})


def test_a_reply_to_a_refusal_asks_the_same_of_the_same_base_with_new_words():
    hat = Reference(picture("hat"), "hat.png")
    refused = turn(5, parent=4, base=2, references=(hat,), failure="No.", words="a gun", ratio="16:9")
    around = replace(HEAD, own=True, replied=refused)
    assert answered(ask("a flower", quoted=Quoted(50)), around) == Target(4, 2, references=(hat,), like=refused)


def test_a_reply_to_a_refusal_with_nothing_but_a_picture_asks_with_the_same_words():
    refused = turn(5, parent=4, base=2, failure="No.", words="wear this")
    target = answered(ask("", "coat.png", quoted=Quoted(50)), replace(HEAD, own=True, replied=refused))
    assert isinstance(target, Target)
    assert (names(target), target.like, target.blend) == (["coat.png"], refused, False)


def test_the_button_under_a_failure_asks_the_very_same_of_the_same_base():
    hat = Reference(picture("hat"), "hat.png")
    lost = turn(5, parent=4, base=2, references=(hat,), failure="Lost.", words="wear this")
    around = replace(HEAD, own=True, replied=lost)
    assert answered(replace(ask(""), again=5), around) == Target(4, 2, references=(hat,), like=lost)


def test_a_reply_to_words_alone_goes_on_from_them_with_the_references_of_the_first_ask():
    hat = Reference(picture("hat"), "hat.png")
    asked_back = turn(5, references=(hat,))
    around = replace(HEAD, own=True, replied=asked_back)
    assert answered(ask("the left one", quoted=Quoted(50)), around) == Target(5, references=(hat,), like=asked_back)


def test_plain_words_right_after_words_alone_go_on_from_them_likewise():
    hat = Reference(picture("hat"), "hat.png")
    asked_back = turn(8, references=(hat,))
    around = Surroundings(head=asked_back, spoken=True)
    assert answered(ask("the left one"), around) == Target(8, references=(hat,), like=asked_back)


def test_a_reply_to_a_status_changes_the_waiting_ask_and_keeps_its_attachments():
    hat, named = Reference(picture("hat"), "hat.png"), Reference(picture("v1"), "v1", 1)
    waiting = turn(9, parent=8, state=State.ASKED, references=(hat, named))
    around = replace(HEAD, own=True, replied=waiting, status=True)
    target = answered(ask("greener", "coat.png", quoted=Quoted(50)), around)
    assert isinstance(target, Target)
    assert (target.changes, target.parent, names(target)) == (waiting, 8, ["hat.png", "coat.png"])


def test_a_picture_alone_in_reply_to_a_status_only_adds_to_the_ask():
    waiting = turn(9, parent=8, state=State.ASKED, references=(Reference(picture("v1"), "v1", 1),))
    target = answered(ask("", "coat.png", quoted=Quoted(50)), replace(HEAD, own=True, replied=waiting, status=True))
    assert isinstance(target, Target)
    assert (target.changes, target.like, target.blend) == (waiting, waiting, False)
    assert names(target) == ["v1", "coat.png"]


def test_a_reply_to_somebody_elses_status_waits_for_that_ask_and_changes_nothing_in_it():
    around = replace(HEAD, own=True, replied=turn(9, member=BOB, state=State.ASKED), status=True)
    assert answered(ask("greener", quoted=Quoted(50)), around) == Target(parent=9)


def test_a_reply_to_the_status_of_an_ask_that_is_being_painted_follows_it():
    around = replace(HEAD, own=True, replied=turn(9, state=State.PAINTING), status=True)
    assert answered(ask("greener", quoted=Quoted(50)), around) == Target(parent=9)


def test_words_with_attachments_edit_the_head_with_them_as_references():
    target = answered(ask("wear these", "hat.png", "coat.png"))
    assert isinstance(target, Target)
    assert (target.parent, target.base, names(target)) == (8, 3, ["hat.png", "coat.png"])
    assert not target.blend


def test_words_with_attachments_begin_from_the_first_where_there_is_no_head():
    asked = ask("as a painting", "cat.png", "style.png")
    target = answered(asked, Surroundings())
    assert isinstance(target, Target)
    assert (target.starts, names(target)) == ((brought(asked)[0],), ["style.png"])


def test_attachments_alone_where_there_is_no_head_become_versions_for_free():
    asked = ask("", "cat.png", "dog.png")
    assert answered(asked, Surroundings()) == Target(starts=tuple(brought(asked)), upload=True)


def test_an_attachment_alone_is_worked_into_the_head():
    target = answered(ask("", "hat.png"))
    assert isinstance(target, Target)
    assert (target.parent, target.base, names(target), target.blend) == (8, 3, ["hat.png"], True)


def quoting(*names: str, author: int | None = BOB.id) -> Quoted:
    return Quoted(900, author, tuple(Upload(number, name, "", 1) for number, name in enumerate(names, start=700)))


def test_a_reply_to_a_persons_picture_edits_that_one_with_the_attachments_beside_it():
    asked = ask("wear this", "hat.png", quoted=quoting("bob.png"))
    target = answered(asked)
    assert isinstance(target, Target)
    assert [each.name for each in target.starts] == ["bob.png"]
    assert (names(target), target.parent) == (["hat.png"], None)


def test_a_reply_to_a_persons_picture_with_a_picture_alone_works_it_in():
    target = answered(ask("", "hat.png", quoted=quoting("bob.png")))
    assert isinstance(target, Target)
    assert target.blend


def test_a_reply_to_a_persons_picture_without_a_word_makes_it_a_version():
    target = answered(ask(quoted=quoting("bob.png")))
    assert isinstance(target, Target)
    assert target.upload


@pytest.mark.parametrize("place", [FOREIGN_THREAD, NEW_THREAD])
def test_somebody_elses_picture_outside_the_bots_threads_is_refused(place):
    with pytest.raises(ForeignPicture):
        answered(ask("bluer", quoted=quoting("bob.png"), place=place))
    with pytest.raises(ForeignPicture):
        answered(ask("bluer", quoted=quoting("nobody.png", author=None), place=place))


@pytest.mark.parametrize("place", [FOREIGN_THREAD, NEW_THREAD])
def test_a_picture_of_ones_own_is_edited_anywhere(place):
    target = answered(ask("bluer", quoted=quoting("ada.png", author=ADA.id), place=place))
    assert isinstance(target, Target)
    assert [each.name for each in target.starts] == ["ada.png"]


def test_a_reply_to_a_persons_several_pictures_is_a_question_until_one_is_chosen():
    asked = ask("bluer", quoted=quoting("one.png", "two.png"))
    assert answered(asked) == Question(("one.png", "two.png"))
    target = answered(replace(asked, choice=1))
    assert isinstance(target, Target)
    assert [each.name for each in target.starts] == ["two.png"]


def test_a_quoted_picture_that_cannot_be_used_never_makes_another_the_base():
    asked = ask("wear this", "hat.png", quoted=quoting("broken.png"))
    with pytest.raises(UnusablePictures):
        resolve(asked, brought(asked)[:1], HEAD)


def test_a_persons_pictures_that_are_versions_already_are_edited_as_such():
    around = replace(HEAD, seen=[version(2, 5)])
    assert answered(ask("bluer", quoted=quoting("ada.png")), around) == Target(parent=5, base=2)


def test_versions_named_in_the_words_go_along():
    around = replace(HEAD, named=[version(2, 5)])
    target = answered(ask("the hat of v2 on him"), around)
    assert isinstance(target, Target)
    assert target.references == (Reference(picture("v2"), "v2", 2),)
    assert target.base == 3


def test_the_base_named_in_the_words_is_not_sent_twice():
    around = replace(HEAD, named=[version(3, 8), version(2, 5)])
    assert names(answered(ask("v3 with the hat of v2"), around)) == ["v2"]


def test_a_reply_to_a_persons_words_is_as_plain_words():
    assert answered(ask("bluer", quoted=Quoted(900, BOB.id))) == Target(parent=8, base=3)


def test_a_reply_to_one_of_the_bots_notices_is_as_plain_words():
    assert answered(ask("bluer", quoted=Quoted(900)), replace(HEAD, own=True)) == Target(parent=8, base=3)


def test_neither_words_nor_pictures_are_nothing_asked():
    for around in (HEAD, Surroundings(), replace(HEAD, own=True, replied=turn(5, failure="No."))):
        with pytest.raises(NothingAsked):
            answered(ask(quoted=Quoted(50) if around.own else None), around)


# -- names


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("v2", [2]),
        ("V2, v2 and v10!", [2, 10]),
        ("(v1)/v3", [1, 3]),
        ("v007", [7]),
        ("v99999999", [99999999]),
        ("v9999999999 is too long for anything", []),
        ("rev2 v2x v2_3 v-2 mv3", []),
        ("v 2", []),
        ("v2の帽子をv13の猫に", [2, 13]),
        ("\u200bv2\u200b", [2]),
        ("\u202ev2\u202c", [2]),
        ("الصورة v2 أجمل", [2]),
        ("v٣", [3]),
        ("v²", []),
        ("v" * 5000 + "1", []),
    ],
)
def test_versions_are_named_as_people_write_them(words, found):
    assert numbers(words) == found


# -- whatever is asked

WORDS = st.text(max_size=30) | st.lists(
    st.sampled_from(["v1", "v2", "v3", "v99999999", "\u200b", "\u202e", "//", "bluer", "שלום", "\x00", "🎨"]),
    max_size=6,
).map(" ".join)
FILES = st.lists(st.sampled_from(["a.png", "b.jpg", "../../c", ""]), max_size=3)
STATES = st.sampled_from(State)
VERSIONS = [version(1, 5, 0), version(2, 5, 1), version(3, 8)]
SEEN = st.sampled_from([[], VERSIONS[:1], VERSIONS[:2], VERSIONS[2:]])
TURNS = st.none() | st.builds(
    lambda state, failure, kind, base, member: turn(
        5, state=state, failure=failure, kind=kind, base=base, parent=4, member=member
    ),
    STATES,
    st.none() | st.just("No."),
    st.sampled_from(Kind),
    st.none() | st.integers(1, 3),
    st.sampled_from([ADA, BOB]),
)
QUOTED = st.none() | st.builds(
    lambda files, author: quoting(*files, author=author), FILES, st.sampled_from([None, ADA.id, BOB.id])
)
PLACES = st.sampled_from([THREAD, FOREIGN_THREAD, NEW_THREAD])


@st.composite
def situations(draw):
    asked = ask(
        draw(WORDS).strip(),
        *draw(FILES),
        quoted=draw(QUOTED),
        choice=draw(st.none() | st.integers(-2, 4)),
        fresh=draw(st.booleans()),
        place=draw(PLACES),
    )
    head = draw(TURNS)
    by_number = {each.number: each for each in VERSIONS}
    around = Surroundings(
        head=head,
        head_number=draw(st.none() | st.integers(1, 3)),
        spoken=head is not None and draw(st.booleans()),
        replied=draw(TURNS),
        seen=draw(SEEN),
        status=draw(st.booleans()),
        own=draw(st.booleans()),
        named=[by_number[number] for number in numbers(asked.words) if number in by_number],
        newest=3,
    )
    usable = [each for each in brought(asked) if draw(st.booleans())]
    return asked, usable, around


@given(situations())
def test_every_ask_is_a_target_a_question_or_a_refusal(situation):
    asked, usable, around = situation
    try:
        decision = resolve(asked, usable, around)
    except Refusal:
        return
    assert isinstance(decision, Target | Question)


@given(situations())
def test_no_target_ever_sends_its_base_twice_or_a_picture_that_nobody_brought(situation):
    asked, usable, around = situation
    try:
        decision = resolve(asked, usable, around)
    except Refusal:
        return
    if isinstance(decision, Target):
        assert decision.base is None or decision.base not in {each.version for each in decision.references}
        assert {each.picture for each in decision.references} <= {each.picture for each in (*usable, *around.named)}
        assert {each.id for each in decision.starts} <= {each.id for each in usable}
        assert decision.upload or decision.like or asked.words or decision.blend


@given(st.text())
def test_numbers_are_each_named_once_and_fit_a_database(words):
    found = numbers(words)
    assert len(found) == len(set(found))
    assert all(0 <= number < 10**9 for number in found)
