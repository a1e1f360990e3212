import subprocess
import sys

import pytest

from bot.errors import Unstartable
from bot.lock import alone

HOLD = """
import sys
from pathlib import Path
from bot.lock import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    input()
"""


def test_a_second_bot_does_not_start_on_the_same_directory(tmp_path):
    with alone(tmp_path / "data"), pytest.raises(Unstartable) as refused, alone(tmp_path / "data"):
        pass
    assert refused.value.key == "already_running"
    with alone(tmp_path / "data"):
        pass


def test_a_bot_that_was_killed_holds_nothing(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(Unstartable), alone(tmp_path):
            pass
        other.kill()
    with alone(tmp_path):
        pass


def test_a_directory_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "data").write_text("a file")
    with pytest.raises(Unstartable, match="database_broken"), alone(tmp_path / "data"):
        pass
