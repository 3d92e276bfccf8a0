"""The page around a list's contents, as the standard has it."""

from typing import Any

from services_directory.api.asking import Asked


def page(asked: Asked, total: int, contents: list[dict[str, Any]]) -> dict[str, Any]:
    """The standard's page object; our `warnings` only when there are some."""
    pages = -(-total // asked.per_page)
    found: dict[str, Any] = {
        "total_items": total,
        "total_pages": pages,
        "page_number": asked.page,
        "size": len(contents),
        "first_page": asked.page == 1,
        "last_page": asked.page >= pages,
        "empty": not contents,
    }
    if asked.warnings:
        found["warnings"] = asked.warnings
    return {**found, "contents": contents}
