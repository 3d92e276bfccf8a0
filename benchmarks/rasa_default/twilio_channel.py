"""Rasa's own Twilio channel, with its REST client turned to the simulator; nothing else is changed."""

import os
from typing import Any

from rasa.core.channels.twilio import TwilioInput, TwilioOutput
from twilio.http.http_client import TwilioHttpClient


class SimulatedHost(TwilioHttpClient):
    """Sends to the simulator what is meant for api.twilio.com."""

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        return super().request(
            method, url.replace("https://api.twilio.com", os.environ["SIMULATOR_URL"]), *args, **kwargs
        )


class SimulatedTwilioInput(TwilioInput):
    """The channel, named as Rasa names it."""

    def get_output_channel(self) -> TwilioOutput:
        output = TwilioOutput(self.account_sid, self.auth_token, self.twilio_number)
        output.http_client = SimulatedHost()
        return output
