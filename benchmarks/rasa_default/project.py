"""Write, once, the comparison's project from our own training texts: one fixed answer to every intent."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]


def write(folder: Path, account_sid: str, auth_token: str, number: str) -> None:
    """Domain and stories that answer each intent with a fixed sentence; credentials for the channel."""
    folder.mkdir(parents=True, exist_ok=True)
    intents = yaml.safe_load((ROOT / "nlu" / "domain" / "intents.yml").read_text())["intents"]
    domain: dict[str, Any] = {
        "version": "3.1",
        "intents": intents,
        "responses": {f"utter_{intent}": [{"text": f"About {intent}: one moment."}] for intent in intents}
        | {"utter_default": [{"text": "Sorry, I did not get that."}]},
    }
    stories = [
        {"story": f"{one} then {other}", "steps": [
            {"intent": one}, {"action": f"utter_{one}"}, {"intent": other}, {"action": f"utter_{other}"},
        ]}
        for one, other in zip(intents, intents[1:], strict=False)
    ]  # fmt: skip
    (folder / "domain.yml").write_text(yaml.safe_dump(domain))
    (folder / "stories.yml").write_text(yaml.safe_dump({"version": "3.1", "stories": stories}))
    channel = {"account_sid": account_sid, "auth_token": auth_token, "twilio_number": number}
    (folder / "credentials.yml").write_text(yaml.safe_dump({"twilio_channel.SimulatedTwilioInput": channel}))
