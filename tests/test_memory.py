import ctypes
import gc

import pytest

from bot.memory import settle_memory


@pytest.fixture(autouse=True)
def thaw():
    yield
    gc.unfreeze()


def test_what_was_there_before_is_never_looked_through_again():
    settle_memory()
    assert gc.get_freeze_count() > 10_000


def test_a_machine_with_another_c_library_starts_as_well(monkeypatch):
    def missing(name: str | None) -> ctypes.CDLL:
        raise OSError(name)

    monkeypatch.setattr(ctypes, "CDLL", missing)
    settle_memory()
