"""Discord's ids tell when they were given."""

from datetime import UTC, datetime

import discord
import pytest

from bot.moments import ids_until


@pytest.mark.parametrize("moment", [1_420_070_400.0, 1_700_000_000.001, 1_763_904_000.999])
def test_every_id_that_was_given_until_a_moment_is_below_and_every_later_one_is_not(moment: float):
    last = discord.utils.time_snowflake(datetime.fromtimestamp(moment, UTC), high=True)
    assert ids_until(moment) == last + 1
    assert ids_until(discord.utils.snowflake_time(last).timestamp()) == last + 1
