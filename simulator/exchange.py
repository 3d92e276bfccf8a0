"""The parts of one simulated Twilio, put together."""

from typing import Any

from flask import current_app

from simulator.clock import Clock
from simulator.config import Config
from simulator.faults.orders import Faults
from simulator.journal import Journal
from simulator.state import State
from simulator.throughput import Throughput
from simulator.timeline import Timeline
from simulator.webhooks.dispatch import Dispatcher
from simulator.webhooks.sender import WebhookSender


class Exchange:
    """State, time, the sender of webhooks, the journal and the faults of one account."""

    def __init__(self, config: Config) -> None:
        self._at_start = config
        self.config = config
        self.clock = Clock()
        self.state = State(self.clock)
        self.journal = Journal(self.clock)
        self.sender = WebhookSender(lambda: self.config, self.journal)
        self.timeline = Timeline(self.clock)
        self.throughput = Throughput(self.clock)
        self.faults = Faults()
        self.webhooks = Dispatcher(self.faults, self.timeline, self.journal, self.sender)

    def change_settings(self, wanted: dict[str, Any]) -> None:
        """Change settings. Raises ValueError."""
        self.config = self.config.changed(wanted)

    def reset(self) -> None:
        """As new."""
        self.config = self._at_start
        self.faults.clear()
        self.state.reset()
        self.throughput.reset()
        self.journal.reset()
        self.timeline.reset()

    def close(self) -> None:
        """Hang up, stop the timeline, let go of connections."""
        self.timeline.close()
        self.reset()
        self.sender.close()


def exchange() -> Exchange:
    """The exchange of the application that serves this request."""
    found: Exchange = current_app.extensions["simulator"]
    return found
