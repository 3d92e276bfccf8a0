"""The simulator on a real loopback port, and a line that checks every signature, on another."""

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
import requests
from flask import Flask
from simulated_world import LINE, SID, TOKEN, Line, ThisHost, Twilio
from twilio.rest import Client
from werkzeug.serving import make_server

from simulator.app import create_app
from simulator.config import Config


@pytest.fixture
def serve() -> Iterator[Any]:
    """Serve an application on a free port; returns its address."""
    servers = []

    def start(app: Flask) -> str:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def line(serve: Any) -> Line:
    taking = Line()
    app = Flask("line")
    app.route("/<path:path>", methods=["GET", "POST"])(taking.take)
    taking.url = serve(app)
    return taking


@pytest.fixture
def settings() -> dict[str, Any]:
    """Settings of the simulator that a test module may replace."""
    return {}


@pytest.fixture
def twilio(line: Line, serve: Any, settings: dict[str, Any]) -> Iterator[Twilio]:
    app = create_app(Config(SID, TOKEN, LINE, line.url, **({"step_seconds": 0.01} | settings)))
    url = serve(app)
    http_client = ThisHost(url)
    with requests.Session() as http:
        http.trust_env = False
        yield Twilio(url, Client(SID, TOKEN, http_client=http_client), http)
    http_client.session.close()
    app.extensions["simulator"].close()
