"""The dialogue model: Rasa over its REST channel, known to it by conversation id alone."""

from typing import Any

import requests

from bot.errors import DialogueUnavailable
from bot.ports import Reply

#: A person waits this long for Rasa before the keyword menu answers instead.
PATIENCE_SECONDS = 4.0
#: Whoever asks whether the line is ready wants to know it now.
READY_SECONDS = 1.5


class RasaDialogue:
    """Asks a Rasa server and reads its replies as keys."""

    def __init__(
        self, rasa_url: str, actions_url: str = "", patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._url, self._actions_url, self._patience = rasa_url, actions_url, patience_seconds
        self._session = requests.Session()
        # The machine's proxy settings are not for a service on the same machine.
        self._session.trust_env = False

    def ask(self, conversation: str, text: str, message_id: int) -> list[Reply]:
        """The replies to a text. Raises DialogueUnavailable."""
        body = {
            "sender": conversation,
            # A leading slash would be read by Rasa as an intent typed by a developer.
            "message": text.replace("\x00", " ").lstrip("/ "),
            "metadata": {"message_id": message_id},
        }
        answers = self._call("POST", self._url + "/webhooks/rest/webhook", json=body)
        replies = [reply for answer in answers for reply in _replies(answer.get("custom"))]
        if not replies:
            # Every rule says something: silence means that the action server did not answer Rasa.
            raise DialogueUnavailable
        return replies

    def already_said(self, conversation: str, message_id: int) -> list[Reply] | None:
        """What Rasa's tracker says was answered to this text, or None. Raises DialogueUnavailable."""
        tracker = self._call(
            "GET", f"{self._url}/conversations/{conversation}/tracker?include_events=APPLIED"
        )
        events = tracker.get("events", [])
        said: list[Reply] | None = None
        for event in events:
            if event.get("event") == "user":
                said = [] if event.get("metadata", {}).get("message_id") == message_id else None
            elif event.get("event") == "bot" and said is not None:
                said += _replies((event.get("data") or {}).get("custom"))
            if (
                said is not None
                and event.get("event") == "action"
                and event.get("name") == "action_listen"
                and said
            ):
                return said
        return said or None

    def ready(self) -> bool:
        """Whether a model is loaded and answering, and its actions are: without them Rasa says nothing."""
        return self.model_ready() and self.actions_ready()

    def model_ready(self) -> bool:
        """Whether a model is loaded and answering."""
        try:
            return bool(self._call("GET", self._url + "/status", READY_SECONDS).get("model_file"))
        except DialogueUnavailable:
            return False

    def actions_ready(self) -> bool:
        """Whether the action server answers; True when none was named."""
        try:
            url = self._actions_url + "/health"
            return not self._actions_url or self._call("GET", url, READY_SECONDS) is not None
        except DialogueUnavailable:
            return False

    def _call(self, method: str, url: str, patience: float | None = None, **kwargs: Any) -> Any:
        try:
            response = self._session.request(method, url, timeout=patience or self._patience, **kwargs)
            response.raise_for_status()
            return response.json()
        except (requests.RequestException, ValueError):
            # From None: the request's text must not travel in the traceback to a log.
            raise DialogueUnavailable from None


def _replies(custom: Any) -> list[Reply]:
    if not isinstance(custom, dict) or "reply" not in custom:
        return []
    return [Reply(custom["reply"], custom.get("with") or {})]
