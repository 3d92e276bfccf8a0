"""Twilio's REST errors. Codes and meanings: https://www.twilio.com/docs/api/errors"""

from flask import Response, jsonify

MESSAGES = {
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    20500: "An internal server error has occurred",
    21201: "No 'To' number is specified",
    21205: "Url parameter is required.",
    21210: "'From' phone number not verified",
    21211: "Invalid 'To' Phone Number",
    21213: "'From' phone number is required",
    21220: "Invalid call state",
    21408: "Permission to send an SMS has not been enabled for the region indicated by the 'To' number",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21606: "The 'From' phone number provided is not a valid, message-capable Twilio phone number.",
    21609: "The 'StatusCallback' URL is not a valid URL.",
    21610: "Attempt to send to unsubscribed recipient",
    21612: "The 'To' phone number is not currently reachable via SMS",
    21614: "'To' number is not a valid mobile number",
    21617: "The concatenated message body exceeds the 1600 character limit.",
    21701: "The Messaging Service does not exist.",
    30409: "Message cannot be canceled",
}
STATUSES = {20003: 401, 20404: 404, 20429: 429, 20500: 500}


class TwilioError(Exception):
    """A refusal in Twilio's words, by its code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code

    def response(self) -> tuple[Response, int]:
        """The refusal as Twilio's REST API answers it."""
        status = STATUSES.get(self.code, 400)
        more = f"https://www.twilio.com/docs/errors/{self.code}"
        return jsonify(code=self.code, message=MESSAGES[self.code], more_info=more, status=status), status
