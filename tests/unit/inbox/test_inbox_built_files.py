"""What the pages are dressed in is what was built from the locked packages, with its licences, and small."""

import hashlib
import json
import re
from pathlib import Path

STATIC = Path(__file__).resolve().parents[3] / "inbox" / "static"
ASSETS = STATIC.parent / "assets"


def test_every_built_file_has_the_digest_that_was_written_down():
    digests = json.loads((STATIC / "digests.json").read_text())
    there = {str(path.relative_to(STATIC)) for path in STATIC.rglob("*") if path.is_file()} - {"digests.json"}
    assert set(digests) == there
    for name, digest in digests.items():
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == digest, name


def test_our_own_files_were_built_from_what_lies_beside_them():
    for name in ("inbox.js", "logo.svg"):
        assert (STATIC / name).read_bytes() == (ASSETS / name).read_bytes()


def test_the_packages_are_locked_with_their_digests():
    wanted = json.loads((ASSETS / "package.json").read_text())["dependencies"]
    locked = json.loads((ASSETS / "package-lock.json").read_text())["packages"]
    for name, version in wanted.items():
        assert locked[f"node_modules/{name}"]["version"] == version
    for path, package in locked.items():
        if path:
            assert package["integrity"].startswith("sha512-"), path


def test_licences_lie_beside_what_they_license():
    assert "SIL Open Font" in (STATIC / "licenses" / "uswds.md").read_text()
    assert "Zero-Clause BSD" in (STATIC / "licenses" / "htmx.txt").read_text()


def test_nothing_is_fetched_from_elsewhere():
    for name in ("inbox.css", "inbox.js"):
        found = re.findall(r"""(?:url\(|src=|import )["']?(https?:)?//""", (STATIC / name).read_text("utf-8"))
        assert found == []


def test_a_first_visit_costs_little():
    sizes = {path.suffix: 0 for path in STATIC.rglob("*")}
    for path in STATIC.rglob("*"):
        if path.is_file():
            sizes[path.suffix] += path.stat().st_size
    assert sizes[".css"] < 130_000
    assert sizes[".js"] < 60_000
    assert sizes[".woff2"] < 110_000
