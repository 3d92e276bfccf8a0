"""Needs, the categories that answer them, and other taxonomies' ids for those."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def _page() -> dict[str, Any]:
    page: dict[str, Any] = yaml.safe_load((files("services_directory") / "taxonomy.yml").read_text("utf-8"))
    return page


def categories_for(need: str) -> tuple[str, ...]:
    """The categories that answer a need; none for a need the directory does not know."""
    return tuple(_page()["needs"].get(need, ()))


def category_of(code: str | None) -> str | None:
    """Our category for a taxonomy term's code: our own name for it, or an Open Eligibility id."""
    for category, entry in _page()["categories"].items():
        if code == category or code in {str(number) for number in entry["open_eligibility"]}:
            return str(category)
    return None
