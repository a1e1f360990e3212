import pytest

from bot.rules import amounts
from bot.rules.amounts import MONEY, WHOLE, Amiss, read
from bot.rules.dimension import DIMENSIONS


@pytest.mark.parametrize("written", ["1.50", "1,50", "$1,50", "$ 1.5", "1.50 $", "US$1.50", "1.5 USD", " 1.50 "])
def test_dollars_are_read_as_people_write_them(written):
    assert read("dollars_per_day", written) == 1.5


@pytest.mark.parametrize("written", ["ten", "1e9", "1,500", "1.500", "1.2.3", "∞", "nan", "1 or 2", "€3", "0x10"])
def test_dollars_that_could_mean_something_else_are_none(written):
    with pytest.raises(Amiss) as caught:
        read("dollars_per_day", written)
    assert (caught.value.key, caught.value.values) == ("not_dollars", {"written": written})


@pytest.mark.parametrize("written", ["ten", "1e9", "1.5", "1,000", "5 pictures", "--1"])
def test_what_is_counted_is_written_in_digits(written):
    with pytest.raises(Amiss) as caught:
        read("pictures_per_hour", written)
    assert caught.value.key == "not_whole"


@pytest.mark.parametrize(
    ("name", "written", "key", "bound"),
    [
        ("pictures_per_day", "-1", "too_little", 0),
        ("dollars_per_day", "-0.50", "too_little", 0),
        ("at_once", "0", "too_little", 1),
        ("priority", "-1001", "too_little", -1000),
        ("pictures_per_day", "1000000000", "too_much", "1,000,000"),
        ("dollars_per_30_days", "1000001", "too_much", "1,000,000"),
        ("variations", "11", "too_much", "10"),
    ],
)
def test_an_amount_out_of_bounds_hears_the_bound(name, written, key, bound):
    with pytest.raises(Amiss) as caught:
        read(name, written)
    assert caught.value.key == key
    assert bound in caught.value.values.values()


def test_nothing_written_is_no_opinion_and_nought_is_none_at_all():
    assert read("pictures_per_hour", "  ") is None
    assert read("pictures_per_hour", "0") == 0
    assert read("dollars_per_day", "0") == 0.0
    assert read("priority", "-3") == -3


@pytest.mark.parametrize("value", [0, 7, 1.5, 12.0, 0.29])
def test_what_a_form_shows_reads_as_the_same(value):
    name = "dollars_per_day" if isinstance(value, float) else "pictures_per_day"
    assert read(name, amounts.shown(value)) == value


@pytest.mark.parametrize("name", [*WHOLE, *MONEY])
def test_what_a_form_takes_is_what_the_database_may_hold(name):
    for text in ("1", "3"):
        value = read(name, text)
        assert DIMENSIONS[name].read(value) == value
