"""Work that Rasa 3.6 does again for every text, done once: a third of a turn (benchmarks/rasa_turn.py).

Each function here gives what Rasa's own gives; tests/nlu/test_turn_costs.py holds them against each other.
`install` puts them in place. The version of Rasa is locked, so what is replaced here does not move.
"""

import asyncio
import gc
from functools import partial
from types import SimpleNamespace
from typing import Any, Awaitable, Callable, Dict, List, Optional, Text, Type

import aiohttp
import ujson
from jsonschema.validators import validator_for
from rasa.core import run
from rasa.core.actions.action import RemoteAction
from rasa.engine.runner import dask
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from rasa.shared.utils.schemas.events import EVENT_SCHEMA
from rasa.utils.endpoints import DEFAULT_REQUEST_TIMEOUT, EndpointConfig

#: Connections are kept for the calls of one turn. Far below the action server's own limit, so that no call
#: goes into a connection just being closed.
KEPT_SECONDS = 1.0

_SCHEMA = RemoteAction.action_response_format_spec()
_VALIDATOR = validator_for(_SCHEMA)


def validate_answer(_action: Any, answer: Dict[Text, Any]) -> bool:
    """An action's answer by Rasa's schema: True, or jsonschema's ValidationError.

    Rasa tries each event by each of 23 kinds, having proved the schema itself sound; here by its own kind.
    """
    events = answer.get("events") if isinstance(answer, dict) else None
    if isinstance(events, list) and all(_is_of_its_kind(event) for event in events):
        _REST.validate({**answer, "events": []})
    else:
        # Rasa's own words for what is wrong.
        _WHOLE.validate(answer)
    return True


def _is_of_its_kind(event: Any) -> bool:
    if not isinstance(event, dict) or not isinstance(event.get("event"), str):
        return False
    kind = _KINDS.get(event["event"])
    return kind is not None and kind.is_valid(event)


def _kinds() -> Dict[Text, Any]:
    common = {name: rule for name, rule in EVENT_SCHEMA.items() if name != "oneOf"}
    schemas = {
        kind["properties"]["event"]["const"]: {"allOf": [common, kind]} for kind in EVENT_SCHEMA["oneOf"]
    }
    return {name: _VALIDATOR(schema) for name, schema in schemas.items()}


_VALIDATOR.check_schema(_SCHEMA)
_WHOLE, _REST, _KINDS = _VALIDATOR(_SCHEMA), _VALIDATOR(_SCHEMA), _kinds()


def event_types(classes: Callable[[], List[Type[Event]]]) -> Callable[..., Optional[Type[Event]]]:
    """Event.resolve_by_type that looks through the classes of events once and not for every event."""
    known: Dict[Text, Type[Event]] = {}
    asked = Event.resolve_by_type

    def resolve(type_name: Text, default: Optional[Type[Event]] = None) -> Optional[Type[Event]]:
        if not known:
            for one in reversed(classes()):
                known[one.type_name] = one
        return known.get(type_name) or asked(type_name, default)

    return resolve


def call_without_domain(
    ask: Callable[..., Dict[Text, Any]],
) -> Callable[[RemoteAction, DialogueStateTracker, Any], Dict[Text, Any]]:
    """RemoteAction's request with an empty domain, which our actions never read; it is 15 kB with every call.

    Rasa can leave it out (`enable_selective_domain`), but then the action server's newer SDK asks for it.
    """

    def call(action: RemoteAction, tracker: DialogueStateTracker, domain: Any) -> Dict[Text, Any]:
        return {"domain": {}, **ask(action, tracker, domain)}

    return call


class _Kept:
    """A session that is not closed where Rasa would close it."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self._session

    async def __aexit__(self, *_: Any) -> None:
        """Left open for the next call of the turn."""


def kept_session(endpoint: EndpointConfig) -> Any:
    """EndpointConfig.session that is made once for each endpoint and event loop."""
    loop, session = getattr(endpoint, "kept", (None, None))
    if session is None or session.closed or loop is not asyncio.get_running_loop():
        auth = endpoint.basic_auth
        session = aiohttp.ClientSession(
            headers=endpoint.headers,
            auth=aiohttp.BasicAuth(auth["username"], auth["password"]) if auth else None,
            timeout=aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT),
            connector=aiohttp.TCPConnector(keepalive_timeout=KEPT_SECONDS),
            # Comes with Rasa's web server, and writes a tracker in a third of the time.
            json_serialize=partial(ujson.dumps, escape_forward_slashes=False),
        )
        endpoint.kept = asyncio.get_running_loop(), session
    return _Kept(session)


def run_in_order(graph: Dict[Text, Any], targets: List[Text]) -> List[Any]:
    """dask.get for the small graphs of components that Rasa gives it: each node once, what it needs before
    it.

    dask plans every run anew and keeps its books on it; here nothing runs side by side.
    """
    done: Dict[Text, Any] = {}

    def value_of(name: Text) -> Any:
        if name not in graph:
            return name
        if name not in done:
            node = graph[name]
            done[name] = node[0](*map(value_of, node[1:])) if callable(node[0]) else node
        return done[name]

    return [value_of(name) for name in targets]


def settled(load: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Rasa's loading of the model, whose objects are left out of the garbage collector's rounds after it."""

    async def load_and_settle(*args: Any, **kwargs: Any) -> None:
        await load(*args, **kwargs)
        gc.collect()
        gc.freeze()

    return load_and_settle


def install() -> None:
    """Put them in the places of Rasa's own."""
    RemoteAction._validate_action_result = validate_answer
    RemoteAction._action_call_format = call_without_domain(RemoteAction._action_call_format)
    Event.resolve_by_type = staticmethod(event_types(lambda: all_subclasses(Event)))
    EndpointConfig.session = kept_session
    dask.dask = SimpleNamespace(get=run_in_order)
    run.load_agent_on_start = settled(run.load_agent_on_start)
