"""Plots as numbers for an SVG template: no style inside, so that the pages' policy and both schemes hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

#: The units of the picture; it is shown as wide as there is room.
WIDTH, HEIGHT = 420.0, 190.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 6.0, 10.0, 24.0
#: A bar whose number is not told: low, alike for all, and marked.
FEW_HEIGHT = 8.0
#: Days named under the plot.
MOST_LABELS = 5
STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Bar:
    """`series` counts from 0; `few` is a number that is not told."""

    x: float
    y: float
    width: float
    height: float
    series: int
    few: bool


@dataclass(frozen=True)
class Plot:
    """Bars by day. `ticks` are heights with their numbers, `labels` places with their days."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, int], ...]
    labels: tuple[tuple[float, date], ...]
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    base: float = HEIGHT - BOTTOM


def by_day(days: Sequence[date], parts: Mapping[str, Sequence[int | None]], counted: frozenset[date]) -> Plot:
    """Bars of each part side by side for every day that was counted."""
    base, room = HEIGHT - BOTTOM, WIDTH - LEFT - RIGHT
    most = max((cell for cells in parts.values() for cell in cells if cell), default=0)
    step = tick_step(most)
    highest = max(step * -(-most // step), step)
    slot = room / max(len(days), 1)
    width = max(slot * 0.8 / max(len(parts), 1), 0.8)
    bars = []
    for series, cells in enumerate(parts.values()):
        for at, (day, cell) in enumerate(zip(days, cells, strict=True)):
            height = FEW_HEIGHT if cell is None else (base - TOP) * cell / highest
            if day in counted and height:
                x = LEFT + slot * at + slot * 0.1 + width * series
                bars.append(
                    Bar(
                        round(x, 2),
                        round(base - height, 2),
                        round(width, 2),
                        round(height, 2),
                        series,
                        cell is None,
                    )
                )
    ticks = [
        (round(base - (base - TOP) * number / highest, 2), number) for number in range(0, highest + 1, step)
    ]
    every = max(1, -(-len(days) // MOST_LABELS))
    labels = [(round(LEFT + slot * (at + 0.5), 2), day) for at, day in enumerate(days) if at % every == 0]
    return Plot(tuple(bars), tuple(ticks), tuple(labels))


def tick_step(most: int) -> int:
    """1, 2 or 5 times a power of ten, so that there are at most five steps up to `most`."""
    power = 1
    while True:
        for step in STEPS:
            if step * power * 5 >= most:
                return step * power
        power *= 10
