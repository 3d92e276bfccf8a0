"""`python -m simulator`: be Twilio on 127.0.0.1, until interrupted."""

import logging
import os
import sys

from werkzeug.serving import make_server

from simulator.app import create_app
from simulator.config import Config

NEEDED = ("SIMULATOR_PORT", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM", "PUBLIC_BASE_URL")


def main() -> int:
    """Read the settings and serve. Returns the exit code."""
    missing = [name for name in NEEDED if not os.environ.get(name)]
    port = os.environ.get("SIMULATOR_PORT", "")
    if missing or not port.isdecimal():
        names = ", ".join(missing) or "SIMULATOR_PORT (a port number)"
        sys.stderr.write(f"The simulator cannot start: set {names}.\n")
        return 2
    config = Config(
        account_sid=os.environ["TWILIO_ACCOUNT_SID"],
        auth_token=os.environ["TWILIO_AUTH_TOKEN"],
        from_number=os.environ["TWILIO_FROM"],
        public_base_url=os.environ["PUBLIC_BASE_URL"].rstrip("/"),
        webhook_base_url=os.environ.get("WEBHOOK_BASE_URL", "").rstrip("/"),
    )
    # Werkzeug's access log would write numbers: they are in the paths.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = create_app(config)
    try:
        server = make_server("127.0.0.1", int(port), app, threaded=True)
    except (OSError, OverflowError, SystemExit):
        # Werkzeug leaves with SystemExit when the port is taken.
        app.extensions["simulator"].close()
        sys.stderr.write(f"The simulator cannot listen on port {port}: is it taken?\n")
        return 1
    sys.stderr.write(f"The simulator is Twilio on http://127.0.0.1:{port}, a phone on /phone\n")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
        app.extensions["simulator"].close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
