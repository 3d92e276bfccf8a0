"""A row on its way in."""

from typing import Any, NamedTuple


class Row(NamedTuple):
    """One row of an HSDS table, or of `closure`, under the source's own ids.

    `number` is the line or position in `file`. A `partial` row adds what its table's row lacks.
    """

    table: str
    values: dict[str, Any]
    file: str
    number: int
    partial: bool = False


class Fault(NamedTuple):
    """Something wrong with one row: it is `refused`, or it went in with something lost, mended or doubtful.

    `kind` is the reason without what varies from row to row. `table` is the HSDS table it was meant for.
    """

    file: str
    row: int
    table: str
    reason: str
    refused: bool = False
    kind: str | None = None

    def __str__(self) -> str:
        where = f"{self.file}, row {self.row}" if self.row else self.file
        return f"{where} ({self.table}): {self.reason}"
