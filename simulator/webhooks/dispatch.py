"""Lets the faults ordered for a webhook strike before it is sent."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Lock, Thread

from simulator.faults.orders import Fault, Faults
from simulator.journal import Journal
from simulator.timeline import Timeline
from simulator.webhooks.sender import CONNECTION_FAILURE, Answer, WebhookSender
from simulator.webhooks.signing import Manner

LOST = Answer(None, error_code=CONNECTION_FAILURE, failure="rt")
SIGNATURES = {"bad_signature": "wrong", "no_signature": "none"}
#: Sends one webhook once (with its retries).
Send = Callable[[Manner], Answer]


@dataclass
class Plan:
    """What the faults that strike one webhook come to."""

    faults: dict[str, Fault] = field(default_factory=dict)

    @classmethod
    def of(cls, struck: list[Fault]) -> "Plan":
        """Faults of different kinds add up."""
        return cls({str(fault.kind): fault for fault in struck})

    def seconds(self, kind: str) -> float:
        """The seconds of a fault; 0 when it does not strike."""
        return self.faults[kind].seconds if kind in self.faults else 0.0

    def manner(self, usual: str) -> Manner:
        """How the webhook goes out; `usual` is the signature asked for."""
        signature = next((SIGNATURES[kind] for kind in SIGNATURES if kind in self.faults), usual)
        form = next((kind for kind in ("get", "json", "tampered_json") if kind in self.faults), "form")
        return Manner(signature, form, "cut" in self.faults, tuple(self.faults))


class Dispatcher:
    """Sends webhooks as the faults say: late, twice, out of order, spoilt or not at all."""

    def __init__(self, faults: Faults, timeline: Timeline, journal: Journal, sender: WebhookSender) -> None:
        self._faults, self._timeline = faults, timeline
        self._journal, self._sender = journal, sender
        self._lock = Lock()
        #: Webhooks held back until the next one of their target has gone.
        self._held: dict[str, list[Callable[[], object]]] = defaultdict(list)

    def wait_for(self, target: str, phone: str, send: Send, *, signature: str = "right") -> Answer:
        """Send on this thread, which is nobody else's, and return the answer."""
        plan = Plan.of(self._faults.strike(target, phone))
        if "lost" in plan.faults:
            return self._lose(target)
        self._timeline.sleep(plan.seconds("delay"))
        held = plan.seconds("reorder")
        if held:
            passed = Event()
            self._hold(target, passed.set, held, always=True)
            passed.wait()
        answer = self._copies(plan, target, phone, send, signature)
        if not held:
            self._release(target)
        return answer

    def send(self, target: str, phone: str, send: Send) -> None:
        """Send now, or leave it to the timeline; never waits for time to pass."""
        plan = Plan.of(self._faults.strike(target, phone))
        held, delay = plan.seconds("reorder"), plan.seconds("delay")

        def run() -> None:
            self._copies(plan, target, phone, send, "right")

        if "lost" in plan.faults:
            self._lose(target)
        elif held:
            self._hold(target, run, held)
        elif delay:
            self._timeline.after(delay, run)
        else:
            run()
        if not held:
            self._release(target)

    def _lose(self, target: str) -> Answer:
        self._journal.note("to the line", target, "POST", "", None, sids=[], faults=["lost"])
        return LOST

    def _copies(self, plan: Plan, target: str, phone: str, send: Send, signature: str) -> Answer:
        manner = plan.manner(signature)
        if twice := plan.faults.get("duplicate"):
            for number in range(1, twice.copies):
                again = Thread(target=send, args=(manner,), daemon=True)
                if twice.spacing:
                    self._timeline.after(number * twice.spacing, again.start)
                else:
                    again.start()
        answer = send(manner)
        if "replay" in plan.faults:
            self._timeline.after(plan.seconds("replay"), lambda: self._replay(target, phone))
        return answer

    def _replay(self, target: str, phone: str) -> None:
        request = self._journal.earliest(target, phone)
        if request is not None:
            self._sender.replay(request, target)

    def _hold(
        self, target: str, let_go: Callable[[], object], seconds: float, *, always: bool = False
    ) -> None:
        with self._lock:
            self._held[target].append(let_go)

        def tired_of_waiting() -> None:
            with self._lock:
                waiting = let_go in self._held[target]
                if waiting:
                    self._held[target].remove(let_go)
            if waiting:
                let_go()

        self._timeline.after(seconds, tired_of_waiting, even_if_dropped=always)

    def _release(self, target: str) -> None:
        with self._lock:
            held, self._held[target] = self._held[target], []
        for let_go in held:
            let_go()
