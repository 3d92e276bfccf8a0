"""What an import did, for the operator."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from services_directory.importers.rows import Fault

#: Faults kept word for word; beyond these only their number is, unless somebody listens to all of them.
KEPT = 1000
#: Kinds of fault told in the summary.
TOLD = 12


@dataclass
class Faults:
    """Faults counted by kind; the first thousand kept, and one of each kind."""

    kept: list[Fault] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    examples: dict[str, Fault] = field(default_factory=dict)

    def add(self, fault: Fault) -> None:
        """Note one."""
        kind = f"{fault.table}: {fault.kind or fault.reason}"
        if kind not in self.kinds and len(self.kinds) >= KEPT:
            kind = f"{fault.table}: something else"
        self.kinds[kind] += 1
        self.examples.setdefault(kind, fault)
        if len(self.kept) < KEPT:
            self.kept.append(fault)

    @property
    def count(self) -> int:
        """How many there were in all."""
        return self.kinds.total()


@dataclass(frozen=True)
class Corrected:
    """How many corrections of listings stand, how many of those the source contradicts now, and how many
    ended since it agrees with them (services_directory/corrections).
    """

    stand: int = 0
    conflicts: int = 0
    agreed: int = 0

    def __str__(self) -> str:
        told = (
            (self.stand, "corrections stand"),
            (self.conflicts, "contradicted by what the source says now"),
            (self.agreed, "that the source agrees with now"),
        )
        return "; ".join(["", *(f"{count} {words}" for count, words in told if count)])


@dataclass
class ImportReport:
    """What became of the rows of one package.

    `read` counts rows of its files (and objects of its JSON, with those inside them). `added`, `changed` and
    `gone` count HSDS rows in the directory: one line of the one-sheet template is several. `services` is how
    many services the package holds, `listed` how many services at a location can be found by need and place.
    """

    directory_source: str
    format: str
    read: int = 0
    added: int = 0
    changed: int = 0
    gone: int = 0
    services: int = 0
    listed: int = 0
    #: What became of the corrections of its listings; none before it is written.
    corrections: Corrected = Corrected()
    refusals: Faults = field(default_factory=Faults)
    warned: Faults = field(default_factory=Faults)
    #: Told of every fault as it is found.
    listener: Callable[[Fault], None] | None = None

    def add(self, fault: Fault) -> None:
        """Note a fault."""
        (self.refusals if fault.refused else self.warned).add(fault)
        if self.listener:
            self.listener(fault)

    @property
    def refused(self) -> list[Fault]:
        """Rows that did not go in."""
        return self.refusals.kept

    @property
    def warnings(self) -> list[Fault]:
        """Rows that went in, with something lost, mended or doubtful."""
        return self.warned.kept

    @property
    def summary(self) -> str:
        """One line: the format and the numbers."""
        return (
            f"{self.format}: {self.read} rows read, {self.added} added, {self.changed} changed,"
            f" {self.gone} gone, {self.refusals.count} refused, {self.warned.count} warned;"
            f" {self.services} services, {self.listed} places to find them{self.corrections}"
        )

    def __str__(self) -> str:
        lines = [self.summary]
        for title, faults in (("Refused", self.refusals), ("Warned", self.warned)):
            for kind, count in faults.kinds.most_common(TOLD):
                example = faults.examples[kind]
                where = f" (such as {example.file}, row {example.row})" if example.row else ""
                lines.append(f"  {title} {count} x {kind}{where}")
            if len(faults.kinds) > TOLD:
                lines.append(f"  {title}: {len(faults.kinds) - TOLD} more kinds")
        return "\n".join(lines)
