"""Numbers packed in one come out as they went in, and so do their sums."""

from hypothesis import given
from hypothesis import strategies as st

from bot.triage.likeness.packing import first, pack, unpack

ROWS = st.lists(st.lists(st.integers(-(10**9), 10**9), min_size=7, max_size=7), min_size=1, max_size=20)


@given(ROWS)
def test_sums_of_packed_numbers_are_the_sums_of_the_numbers(rows):
    packed = sum(map(pack, rows))
    sums = [sum(column) for column in zip(*rows, strict=True)]
    assert unpack(packed, 7) == sums
    assert first(packed, 7) == sums[0]
