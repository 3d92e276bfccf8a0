"""Streets as lines on the ground, and where two of them cross."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

#: Latitude and longitude in degrees.
Point = tuple[float, float]
#: A drawn line may end a block short of the street it meets.
SLACK_DEGREES = 0.0016
#: Crossings nearer to each other than this are one corner.
SAME_CORNER_DEGREES = 0.004


@dataclass(frozen=True)
class Street:
    """One street. `label` is how people say it, `official` what is on the sign.

    `plain` is true when the label is also an everyday word or a person's name ("pine", "james").
    """

    label: str
    official: str
    line: tuple[Point, ...]
    plain: bool = False


@dataclass(frozen=True)
class Grid:
    """A family of numbered streets: lines of some numbers, the others evenly between.

    `official` has a gap {n} for the number ("{n} Ave NW").
    """

    official: str
    first: int
    last: int
    lines: tuple[tuple[int, tuple[Point, ...]], ...]

    def street(self, number: int) -> Street | None:
        """The street of a number, or None when the family has none."""
        if not self.first <= number <= self.last:
            return None
        name = ordinal(number)
        below, above = self._around(number)
        share = (number - below[0]) / (above[0] - below[0]) if above[0] != below[0] else 0.0
        line = tuple(
            (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))
            for a, b in zip(below[1], above[1], strict=True)
        )
        return Street(name, self.official.format(n=name), line)

    def _around(self, number: int) -> tuple[tuple[int, tuple[Point, ...]], tuple[int, tuple[Point, ...]]]:
        at = next((i for i, (n, _) in enumerate(self.lines) if n >= number), len(self.lines) - 1)
        # Past the last known number the spacing of the last two goes on.
        at = max(1, at) if len(self.lines) > 1 else 0
        return self.lines[max(0, at - 1)], self.lines[at]


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th."""
    if number % 100 in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def crossings(one: Street, other: Street) -> list[Point]:
    """Where two streets cross or all but meet; usually one corner."""
    found: list[Point] = []
    for a, b in zip(one.line, one.line[1:], strict=False):
        for c, d in zip(other.line, other.line[1:], strict=False):
            point = _cross(a, b, c, d)
            if point and not any(_near(point, earlier) for earlier in found):
                found.append(point)
    return found


def _near(one: Point, other: Point) -> bool:
    return abs(one[0] - other[0]) + abs(one[1] - other[1]) < SAME_CORNER_DEGREES


def _cross(a: Point, b: Point, c: Point, d: Point) -> Point | None:
    # A degree of longitude is shorter than one of latitude; angles must not depend on it.
    shrink = cos(radians(a[0]))
    (ay, ax), (by, bx), (cy, cx), (dy, dx) = ((p[0], p[1] * shrink) for p in (a, b, c, d))
    rx, ry, sx, sy = bx - ax, by - ay, dx - cx, dy - cy
    first, second = (rx * rx + ry * ry) ** 0.5, (sx * sx + sy * sy) ** 0.5
    turn = rx * sy - ry * sx
    if not first or not second or abs(turn) < 0.2 * first * second:
        # Streets that run nearly alike do not make a corner.
        return None
    t = ((cx - ax) * sy - (cy - ay) * sx) / turn
    u = ((cx - ax) * ry - (cy - ay) * rx) / turn
    if -SLACK_DEGREES <= t * first <= first + SLACK_DEGREES and (
        -SLACK_DEGREES <= u * second <= second + SLACK_DEGREES
    ):
        return ay + t * ry, (ax + t * rx) / shrink
    return None


def straight(
    fixed: dict[int, float], ends: Sequence[float], *, north_south: bool
) -> tuple[tuple[int, tuple[Point, ...]], ...]:
    """Lines of a grid that runs true to the compass: a longitude (or latitude) for each known number."""
    return tuple(
        (number, tuple((end, at) if north_south else (at, end) for end in ends))
        for number, at in sorted(fixed.items())
    )
