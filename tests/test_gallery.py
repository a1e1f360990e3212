import asyncio
import base64
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from obstore.store import LocalStore, MemoryStore

from bot.gallery import Gallery, Missing, open_gallery
from bot.recent import Recent
from bot.sealing import Keyring


@pytest.fixture
def gallery(tmp_path):
    return open_gallery(tmp_path / "pictures")


async def test_what_is_put_comes_back_byte_for_byte_under_its_sha256(gallery):
    data = os.urandom(300_000)
    digest = await gallery.put(data)
    assert digest == hashlib.sha256(data).hexdigest()
    assert await gallery.get(digest) == data


async def test_a_picture_is_its_file_unless_it_is_sealed_or_in_no_folder(gallery, tmp_path):
    digest = await gallery.put(b"a picture")
    assert gallery.file(digest).read_bytes() == b"a picture"
    assert open_gallery(tmp_path / "sealed", Keyring.of([base64.b64encode(bytes(32)).decode()])).file(digest) is None
    assert Gallery(MemoryStore()).file(digest) is None


async def test_objects_lie_in_folders_named_by_the_first_two_digits(gallery, tmp_path):
    digest = await gallery.put(b"a picture")
    assert (tmp_path / "pictures" / digest[:2] / digest).read_bytes() == b"a picture"


async def test_putting_a_picture_again_writes_nothing(gallery, tmp_path):
    digest = await gallery.put(b"a picture")
    file = tmp_path / "pictures" / digest[:2] / digest
    before = file.stat()
    assert await gallery.put(b"a picture") == digest
    assert file.stat().st_ino == before.st_ino


async def test_a_file_cut_short_by_a_power_failure_is_mended_by_the_next_put(gallery, tmp_path):
    digest = await gallery.put(b"a picture")
    (tmp_path / "pictures" / digest[:2] / digest).write_bytes(b"")
    await gallery.put(b"a picture")
    assert await gallery.get(digest) == b"a picture"


async def test_many_puts_of_the_same_picture_at_once_leave_one_whole_file(gallery, tmp_path):
    data = os.urandom(1_000_000)
    digests = await asyncio.gather(*(gallery.put(data) for _ in range(20)))
    files = [path for path in (tmp_path / "pictures").rglob("*") if path.is_file()]
    assert [path.name for path in files] == list(set(digests))
    assert files[0].read_bytes() == data


async def test_a_picture_that_is_not_there_is_missing_by_name(gallery):
    with pytest.raises(Missing, match="no picture abcdef in the gallery"):
        await gallery.get("abcdef")
    with pytest.raises(KeyError):
        await gallery.get("abcdef")


async def test_a_deleted_picture_is_gone_and_deleting_twice_is_no_error(gallery):
    digest = await gallery.put(b"a picture")
    assert await gallery.has(digest)
    await gallery.delete(digest)
    await gallery.delete(digest)
    assert not await gallery.has(digest)
    with pytest.raises(Missing):
        await gallery.get(digest)


async def test_the_same_calls_work_on_another_store():
    gallery = Gallery(MemoryStore())
    digest = await gallery.put(b"a picture")
    assert await gallery.get(digest) == b"a picture"
    await gallery.delete(digest)
    await gallery.delete(digest)
    with pytest.raises(Missing):
        await gallery.get(digest)


async def test_a_picture_that_a_power_failure_emptied_is_missing(gallery, tmp_path):
    digest = await gallery.put(b"a picture")
    (tmp_path / "pictures" / digest[:2] / digest).write_bytes(b"")
    assert not await gallery.has(digest)
    with pytest.raises(Missing):
        await open_gallery(tmp_path / "pictures").get(digest)


async def test_what_was_just_put_is_not_read_again(gallery, tmp_path):
    digest = await gallery.put(b"a picture")
    (tmp_path / "pictures" / digest[:2] / digest).unlink()
    assert await gallery.get(digest) == b"a picture"


async def test_what_is_deleted_before_it_is_safe_on_the_disk_is_written_again(gallery, tmp_path, monkeypatch):
    digest, taken = hashlib.sha256(b"a picture").hexdigest(), iter([True])

    def opened(path: Path, flags: int, real: Callable[[Path, int], int] = os.open) -> int:
        if Path(path).name == digest and next(taken, False):
            Path(path).unlink()
        return real(path, flags)

    monkeypatch.setattr(os, "open", opened)
    assert await gallery.put(b"a picture") == digest
    assert (tmp_path / "pictures" / digest[:2] / digest).read_bytes() == b"a picture"


async def test_what_is_deleted_while_it_is_put_again_is_not_remembered(gallery):
    for _ in range(20):
        digest = hashlib.sha256(b"a picture").hexdigest()
        await asyncio.gather(gallery.put(b"a picture"), gallery.delete(digest))
        assert gallery.recent.get(digest) is None or await gallery.has(digest)


def test_only_so_much_is_remembered_and_not_for_long():
    recent = Recent(room=10)
    for name in "abc":
        recent.remember(name, b"1234", recent.mark)
    assert [recent.get(name) for name in "abc"] == [None, b"1234", b"1234"]
    gone = Recent(moment=0.0)
    gone.remember("a", b"1234", gone.mark)
    assert gone.get("a") is None


def test_what_is_larger_than_all_the_room_is_not_remembered_and_drives_nothing_out():
    recent = Recent(room=5)
    recent.remember("a", b"1234", recent.mark)
    recent.remember("b", b"123456", recent.mark)
    assert [recent.get(name) for name in "ab"] == [b"1234", None]


async def test_what_was_remembered_is_let_go_though_nobody_asks(tmp_path):
    gallery = Gallery(MemoryStore(), recent=Recent(moment=0.01))
    await gallery.put(b"a picture")
    await asyncio.sleep(0.1)
    assert not gallery.recent._kept


async def test_what_was_to_be_deleted_and_could_not_be_is_not_at_hand_either(gallery, tmp_path, monkeypatch):
    digest = await gallery.put(b"a picture")

    async def refused(_self, _path):
        raise PermissionError

    monkeypatch.setattr(LocalStore, "delete_async", refused)
    with pytest.raises(PermissionError):
        await gallery.delete(digest)
    assert gallery.recent.get(digest) is None


async def test_a_picture_is_on_the_disk_when_it_is_put_and_so_is_its_folder(gallery, tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(
        os, "fsync", lambda descriptor: synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
    )
    digest = await gallery.put(b"a picture")
    folder = tmp_path / "pictures"
    assert synced == [str(each) for each in (folder / digest[:2] / digest, folder / digest[:2], folder)]
