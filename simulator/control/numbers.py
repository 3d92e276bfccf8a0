"""Which numbers the control API takes for a phone's."""

import re

from flask import abort, request

NUMBER = re.compile(r"\+?[0-9]{3,15}")


def require_number() -> None:
    """Answer 404 unless the path's number could be one."""
    if not NUMBER.fullmatch((request.view_args or {}).get("number", "000")):
        abort(404)
