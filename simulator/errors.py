"""Twilio's REST errors, as its API words them."""

from pathlib import Path

import yaml
from flask import Response, jsonify

#: Code -> HTTP status and message.
TABLE: dict[int, tuple[int, str]] = {
    code: (row[0], row[1])
    for code, row in yaml.safe_load(Path(__file__).with_name("errors.yml").read_text("utf-8")).items()
}


class TwilioError(Exception):
    """A refusal in Twilio's words, by its code; `status` only where it is not the code's own."""

    def __init__(self, code: int, status: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        usual, self.message = TABLE.get(code, (400, "Error"))
        self.status = status or usual

    def response(self) -> tuple[Response, int]:
        """The refusal as Twilio's REST API answers it."""
        more = f"https://www.twilio.com/docs/errors/{self.code}"
        told = jsonify(code=self.code, message=self.message, more_info=more, status=self.status)
        return told, self.status
