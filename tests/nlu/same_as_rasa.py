"""Run in Rasa's own environment: Rasa's own functions and ours, given the same."""

import asyncio
import json
import sys

import turn_costs
from aiohttp import web
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from rasa.utils.endpoints import EndpointConfig

GOOD = [
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "need", "value": "food", "timestamp": None}], "responses": []},
    {
        "events": [{"event": "slot", "name": "place", "value": {"zip": "98104"}}],
        "responses": [{"custom": {}}],
    },
    {"events": [{"event": "active_loop", "name": None}, {"event": "followup", "name": "action_listen"}]},
    {"events": [{"event": "bot", "text": "x", "metadata": {"a": 1}}]},
    {},
]
BAD = [
    {"events": [{"event": "slot", "value": 1}]},
    {"events": [{"event": "nothing_known"}]},
    {"events": [{"event": "slot", "name": 3, "value": 1}]},
    {"events": [{"name": "need"}]},
    {"events": ["slot"]},
    {"events": [{"event": 3}]},
    {"events": [{"event": "bot", "timestamp": "yesterday"}]},
    {"events": {"event": "slot"}},
    {"events": [], "responses": ["text"]},
    [],
    None,
]


def holds(validate, answer) -> bool:
    try:
        return bool(validate(RemoteAction("action_x", None), answer))
    except Exception as error:
        if type(error).__name__ != "ValidationError":
            raise
        return False


found = {
    "good": len(GOOD),
    "rasas": [holds(RemoteAction._validate_action_result, one) for one in GOOD + BAD],
    "ours": [holds(turn_costs.validate_answer, one) for one in GOOD + BAD],
}
names = sorted({one.type_name for one in all_subclasses(Event)})
rasas = {name: Event.resolve_by_type(name) for name in names}
turn_costs.install()
found["kinds_differ"] = [name for name in names if Event.resolve_by_type(name) is not rasas[name]]
try:
    Event.resolve_by_type("nothing_known")
except Exception as error:
    found["unknown_kind"] = type(error).__name__


async def call() -> None:
    """Three calls of an action server, one of them after its connection has been left too long."""
    peers, asked = set(), []

    async def answer(request: web.Request) -> web.Response:
        peers.add(request.transport.get_extra_info("peername"))
        asked.append(await request.json())
        return web.json_response({"events": [], "responses": []})

    app = web.Application()
    app.router.add_post("/webhook", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    endpoint = EndpointConfig(f"http://127.0.0.1:{port}/webhook", enable_selective_domain=True)
    domain = Domain.load("nlu/domain")
    tracker = DialogueStateTracker.from_events("c1", [UserUttered("hi")], domain.slots)
    action = RemoteAction("action_greet", endpoint)
    for _ in range(2):
        await action.run(None, None, tracker, domain)
    found["connections"] = len(peers)
    await asyncio.sleep(turn_costs.KEPT_SECONDS + 0.2)
    await action.run(None, None, tracker, domain)
    found["connections_later"] = len(peers)
    found["asked"], found["domain"] = sorted(asked[0]), asked[0].get("domain")
    await endpoint.kept[1].close()
    await runner.cleanup()


asyncio.run(call())
sys.stdout.write(json.dumps(found))
