"""Where a search's time goes: each kind of statement, what is left for Python, and the databases' plans."""

import re
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Engine, event

#: What takes less than this share of the time is left out.
SELDOM = 0.005
_LISTS = re.compile(r"(\?|%\(\w+\)s(?:::\w+)?)(?:, (?:\?|%\(\w+\)s(?:::\w+)?))+")


class Statements:
    """Counts and times what an engine is asked while it listens. Fetching rows counts as Python."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.took: dict[str, list[float]] = defaultdict(list)
        #: The slowest run of each: what to ask a plan for.
        self.slowest: dict[str, tuple[float, str, Any]] = {}

    def __enter__(self) -> "Statements":
        event.listen(self.engine, "before_cursor_execute", self._before)
        event.listen(self.engine, "after_cursor_execute", self._after)
        return self

    def __exit__(self, *_error: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._before)
        event.remove(self.engine, "after_cursor_execute", self._after)

    def _before(self, _conn: Any, _cursor: Any, _sql: str, _values: Any, context: Any, _many: bool) -> None:
        context.began = time.perf_counter()

    def _after(self, _conn: Any, _cursor: Any, sql: str, values: Any, context: Any, _many: bool) -> None:
        took = time.perf_counter() - context.began
        # Statements that differ only in how many values they list are one kind.
        kind = _LISTS.sub(r"\1 ...", " ".join(sql.split()))
        self.took[kind].append(took)
        if took >= self.slowest.get(kind, (0.0, "", None))[0]:
            self.slowest[kind] = (took, sql, values)


def profile(engine: Engine, ask: Callable[[Any], object], questions: Sequence[Any]) -> str:
    """A page: milliseconds and statements for one question on average, then the plans."""
    for question in questions[:10]:
        ask(question)
    with Statements(engine) as seen:
        began = time.perf_counter()
        for question in questions:
            ask(question)
        total = time.perf_counter() - began
    count = len(questions)
    inside = sum(sum(took) for took in seen.took.values())
    asked = sum(len(took) for took in seen.took.values())
    lines = [
        f"{engine.dialect.name}: {total / count * 1000:.2f} ms a search,"
        f" {inside / count * 1000:.2f} of them in {asked / count:.1f} statements"
    ]
    often = [(kind, took) for kind, took in seen.took.items() if sum(took) > SELDOM * total]
    order = sorted(often, key=lambda item: -sum(item[1]))
    for kind, took in order:
        lines.append(f"  {sum(took) / count * 1000:7.2f} ms {len(took) / count:6.2f} times  {_name(kind)}")
    for kind, _took in order:
        if kind.startswith("SELECT"):
            _longest, sql, values = seen.slowest[kind]
            lines += ["", f"-- {_name(kind)}", *_plan(engine, sql, values)]
    return "\n".join(lines)


def _plan(engine: Engine, sql: str, values: Any) -> list[str]:
    sqlite = engine.dialect.name == "sqlite"
    ask = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN (ANALYZE, BUFFERS)"
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(f"{ask} {sql}", values).all()
    return [f"   {row[3] if sqlite else row[0]}" for row in rows]


def _name(sql: str) -> str:
    return sql[max(0, sql.find("FROM ")) :][:240]
