from pathlib import Path

from bot.store.marks import LENGTH, Marks, open_marks


def test_a_mark_is_no_snowflake_and_fits_into_a_column():
    marks = Marks(b"key")
    assert all(-(2**63) <= marks.of(member) < 0 for member in (0, 1, 2**63 - 1, 1456074443980800024))


def test_a_member_has_one_mark_and_nobody_else_has_it():
    marks = Marks(b"key")
    assert marks.of(1) == marks.of(1)
    assert len({marks.of(member) for member in range(10_000)}) == 10_000
    assert marks.of(1) != Marks(b"another").of(1)


def test_the_key_is_drawn_once_and_read_by_its_owner_alone(tmp_path: Path):
    file = tmp_path / "marks.key"
    first = open_marks(file)
    assert open_marks(file) == first
    assert len(first.key) == LENGTH
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["marks.key"]
    assert "key" not in repr(first).lower() or str(first.key) not in repr(first)
