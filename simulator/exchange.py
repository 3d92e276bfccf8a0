"""The parts of one simulated Twilio, put together."""

from flask import current_app

from simulator.config import Config
from simulator.faults import Faults
from simulator.sender import WebhookSender
from simulator.state import State
from simulator.timeline import Timeline


class Exchange:
    """State, the sender of webhooks, the timeline and the faults of one account."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.state = State(config)
        self.sender = WebhookSender(config)
        self.timeline = Timeline()
        self.faults = Faults()

    def reset(self) -> None:
        """As new."""
        self.faults.clear()
        self.state.reset()

    def close(self) -> None:
        """Hang up, stop the timeline, let go of connections."""
        self.timeline.close()
        self.reset()
        self.sender.close()


def exchange() -> Exchange:
    """The exchange of the application that serves this request."""
    found: Exchange = current_app.extensions["simulator"]
    return found
