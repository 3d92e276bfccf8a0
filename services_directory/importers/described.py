"""What a package's own descriptor says of it as a whole."""

import json
import zipfile
from pathlib import Path
from typing import Any

DESCRIPTOR = "datapackage.json"


def described_times(path: Path) -> str | None:
    """What bare clock times mean in a package that we exported: "local" or "utc". None: it does not say."""
    descriptor = _descriptor(path)
    times = descriptor.get("clock_times") if isinstance(descriptor, dict) else None
    return times if times in {"local", "utc"} else None


def _descriptor(path: Path) -> Any:
    try:
        if path.is_dir():
            return json.loads((path / DESCRIPTOR).read_bytes())
        if path.name.casefold() == DESCRIPTOR:
            return json.loads(path.read_bytes())
        if path.is_file() and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return json.loads(archive.read(DESCRIPTOR))
    except (OSError, ValueError, KeyError, RecursionError, NotImplementedError, zipfile.BadZipFile):
        # Reading the package itself will say what is wrong with it, if anything is.
        return None
    return None
