"""The most memory that a process has held, as Linux tells it.

`getrusage` would tell a child's as what its parent held when it was started, where that is more.
"""

from __future__ import annotations

from pathlib import Path


def peak(pid: int | str = "self") -> int:
    """Bytes. Raises OSError where the process is gone, StopIteration where it is just going."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
