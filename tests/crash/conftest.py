"""The same stage as for the end-to-end tests; a disk that takes nothing spoils the log, so that it is not looked at."""

from tests.e2e.conftest import theatre

__all__ = ["theatre"]
