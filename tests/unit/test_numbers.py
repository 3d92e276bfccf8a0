"""No small cell is told, nor given away by what stands beside it; plots stay inside their frame."""

from datetime import date, timedelta
from itertools import product

import pytest

from bot.numbers import FEWEST_TOLD, suppressed
from inbox import plots

COUNTS = (0, 1, 5, 10, 11, 30)
DAYS = [date(2026, 11, 1) + timedelta(days=number) for number in range(90)]


@pytest.mark.parametrize("length", [0, 1, 2, 3, 4, 5])
def test_no_cell_below_eleven_is_told_and_none_follows_from_the_sum(length):
    for counts in product(COUNTS, repeat=length):
        told = suppressed(counts)
        hidden = [count for count, cell in zip(counts, told.cells, strict=True) if cell is None]
        shown = [cell for cell in told.cells if cell is not None]
        assert all(cell == 0 or cell >= FEWEST_TOLD for cell in shown), counts
        assert all(cell in {None, count} for count, cell in zip(counts, told.cells, strict=True))
        assert all(hidden), "nobody at all is told as such"
        if told.total is not None and hidden:
            assert len(hidden) > 1, counts
            assert told.total - sum(shown) >= FEWEST_TOLD, counts


@pytest.mark.parametrize(
    ("counts", "cells", "total"),
    [
        ([50, 20, 12], (50, 20, 12), 82),
        ([50, 20, 3], (50, None, None), 73),
        ([50, 6, 7], (50, None, None), 63),
        ([50, 1, 1], (None, None, None), 52),
        ([50, 30, 1, 1], (50, None, None, None), 82),
        ([3, 0], (None, 0), None),
        ([0, 0], (0, 0), 0),
    ],
)
def test_what_is_hidden_beside_a_small_cell(counts, cells, total):
    told = suppressed(counts)
    assert (told.cells, told.total) == (cells, total)


@pytest.mark.parametrize("days", [7, 30, 90])
@pytest.mark.parametrize("most", [0, 1, 4, 11, 99, 100, 12345])
def test_a_plot_stays_inside_its_frame(days, most):
    cells = [most if number % 3 else None for number in range(days)]
    plot = plots.by_day(DAYS[:days], {"in": cells, "out": cells}, frozenset(DAYS))
    for bar in plot.bars:
        assert plot.left <= bar.x
        assert bar.x + bar.width <= plot.right + 0.01
        assert 0 <= bar.y <= plot.base
    assert 2 <= len(plot.ticks) <= 6
    assert max(number for _, number in plot.ticks) >= most
    places = [x for x, _ in plot.labels]
    assert places == sorted(places)
    assert len(places) <= plots.MOST_LABELS


def test_all_that_is_not_told_is_drawn_alike():
    plot = plots.by_day(DAYS[:3], {"in": [None, 500, None]}, frozenset(DAYS))
    few = {(bar.height, bar.few) for bar in plot.bars if bar.few}
    assert few == {(plots.FEW_HEIGHT, True)}


def test_a_day_that_was_not_counted_has_no_bar():
    plot = plots.by_day(DAYS[:2], {"in": [None, 20]}, frozenset({DAYS[1]}))
    assert len(plot.bars) == 1
