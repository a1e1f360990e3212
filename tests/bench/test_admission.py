"""The look at every limit in small: flat from ten thousand rows to a hundred thousand, with room for a busy machine."""

from pathlib import Path

import pytest

from tests.bench.admission import CEILING, FLAT, admission_figures

pytestmark = [pytest.mark.alone]


async def test_looking_at_every_limit_costs_the_same_however_much_the_ledger_holds(tmp_path: Path):
    slowest, passed, refused = await admission_figures(tmp_path, many=100_000)
    assert slowest.values["easel"] < 4 * CEILING
    assert passed.times["easel"] < 1.5 * FLAT
    assert refused.times["easel"] < 1.5 * FLAT
