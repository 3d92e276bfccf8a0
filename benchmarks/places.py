"""Places in texts: how fast one is found, how many misspelt names are found, how many false ones.

The texts are those of tests/unit/services_directory/place_texts.yml, every text the dialogue model learns
from that is not about a place, every ordinary word by itself, and names with one and two random slips.

`.venv/bin/python benchmarks/places.py [--seconds N]`
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from services_directory import places  # noqa: E402
from services_directory.geometry import miles_between  # noqa: E402
from services_directory.places.gazetteer import gazetteers  # noqa: E402
from services_directory.places.wording import ordinary_words  # noqa: E402

TEXTS = ROOT / "tests" / "unit" / "services_directory" / "place_texts.yml"
ABOUT_PLACES = {"give_location", "update_location"}
LETTERS = "abcdefghilmnoprstuvy"
SLIPS_PER_NAME = 6
#: As long as ten joined messages: what nobody types, and a phone can still send.
LONG = 1600


def main() -> int:
    """Print the two tables."""
    parser = argparse.ArgumentParser(description="Places in texts: speed and errors.")
    parser.add_argument("--seconds", type=float, default=5)
    seconds = parser.parse_args().seconds
    began = time.perf_counter()
    places.warm_up()
    warm = time.perf_counter() - began
    page = yaml.safe_load(TEXTS.read_text("utf-8"))
    errors(page)
    speed(page, seconds)
    print(f"reading the data: {warm:.1f} s")
    return 0


def errors(page: dict) -> None:
    """Who is found, who is not, and what is taken for a place that is none."""
    found = [(text, label) for rows in page["found"].values() for text, label in rows]
    print(f"{'texts':44}{'count':>8}{'right %':>9}{'false %':>9}")
    _row("with a place", [(_label(text), label) for text, label in found])
    _row("answers to 'where?'", [(_label(text, asked=True), label) for text, label in page["asked"]])
    _row("misspelt, as people do", [(_label(text), label) for text, label in page["misspelt"]])
    for slips in (1, 2):
        for asked in (False, True):
            what = f"{slips} random slip{'s' * (slips > 1)}{', asked' * asked}"
            _row(what, list(_with_slips(slips, asked=asked)))
    nothing, learnt = [str(text) for text in page["nothing"]], list(_learnt())
    _row("about something else", [(_label(text), None) for text in nothing])
    _row(
        "about something else, asked",
        [(_label(str(t), asked=True), None) for t in page["nothing_when_asked"]],
    )
    _row("what the model learns from", [(_label(text), None) for text in learnt])
    _row("ordinary words", [(_label(word), None) for word in sorted(ordinary_words())])


def _row(what: str, pairs: Sequence[tuple[str | None, str | None]]) -> None:
    right = sum(got == want for got, want in pairs) / len(pairs)
    false = sum(got is not None and got != want for got, want in pairs) / len(pairs)
    print(f"{what:44}{len(pairs):8d}{right:9.1%}{false:9.2%}")


def _label(text: str, *, asked: bool = False) -> str | None:
    reading = places.look_up(text, place_expected=asked)
    if reading is None:
        return None
    return reading.place.label if isinstance(reading, places.Found) else reading.name


def _with_slips(slips: int, *, asked: bool) -> Iterator[tuple[str | None, str | None]]:
    """Names of parts of town and landmarks, spelt wrong by chance. A neighbour within a mile is right too."""
    chance = random.Random(7)  # noqa: S311
    for area in gazetteers():
        for name, named in sorted(area.names.items()):
            if (
                named.weak
                or len(name) < 5
                or named.place.kind not in {"neighborhood", "hospital", "landmark"}
            ):
                continue
            for _ in range(SLIPS_PER_NAME):
                wrong = name
                for _ in range(slips):
                    wrong = _slip(wrong, chance)
                got = places.resolve(wrong, place_expected=asked)
                want = named.place
                near = got and miles_between(got.latitude, got.longitude, want.latitude, want.longitude) < 1
                yield (want.label if near else got and got.label), want.label


def _slip(name: str, chance: random.Random) -> str:
    at, kind = chance.randrange(1, len(name)), chance.choice(["leave", "add", "swap", "change"])
    if kind == "leave":
        return name[:at] + name[at + 1 :]
    if kind == "add":
        return name[:at] + chance.choice(LETTERS) + name[at:]
    if kind == "swap" and at + 1 < len(name):
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + chance.choice(LETTERS) + name[at + 1 :]


def _learnt() -> Iterator[str]:
    """Training texts of intents that are not about places, but for the few that name one."""
    named = {"98", "pike", "capitol", "ballard", "downtown", "pioneer"}
    for file in sorted((ROOT / "nlu" / "data" / "nlu").glob("*/*.yml")):
        if file.stem in ABOUT_PLACES:
            continue
        for block in yaml.safe_load(file.read_text("utf-8"))["nlu"]:
            for line in (block.get("examples") or "").splitlines():
                text = line.strip().removeprefix("- ")
                if text and not any(name in text for name in named):
                    yield text


def speed(page: dict, seconds: float) -> None:
    """Milliseconds a text, one at a time in one thread."""
    short = [str(text) for text in page["nothing"]]
    short += [text for rows in page["found"].values() for text, _ in rows]
    short += [text for text, _ in page["misspelt"]]
    chance = random.Random(7)  # noqa: S311
    words = sorted(ordinary_words())
    common = [" ".join(chance.choices(words, k=400))[:LONG] for _ in range(20)]
    odd = ["".join(chance.choices(LETTERS + "   ", k=LONG)) for _ in range(20)]
    print(f"{'milliseconds a text':44}{'count':>8}{'p50':>9}{'p95':>9}{'max':>9}")
    for what, texts in (
        ("a text", short),
        (f"{LONG} characters of ordinary words", common),
        (f"{LONG} characters of no words", odd),
    ):
        took: list[float] = []
        end = time.perf_counter() + seconds / 3
        while time.perf_counter() < end or len(took) < len(texts):
            for text in texts:
                began = time.perf_counter()
                places.look_up(text, place_expected=len(took) % 2 == 0)
                took.append((time.perf_counter() - began) * 1000)
        cuts = statistics.quantiles(took, n=20)
        print(f"{what:44}{len(took):8d}{statistics.median(took):9.3f}{cuts[18]:9.3f}{max(took):9.2f}")


if __name__ == "__main__":
    sys.exit(main())
