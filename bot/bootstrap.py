"""The one place that builds the real parts, and the only one that reads the real clock."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from sqlalchemy import Engine

from bot.adapters.durable import DurableWork, make_durable_engine
from bot.adapters.openid import OpenIdProvider
from bot.adapters.rasa import RasaDialogue
from bot.adapters.twilio import TwilioCaller, TwilioMessenger
from bot.adapters.twilio_copies import TwilioCopies
from bot.adapters.twilio_host import make_client
from bot.calling import Calling
from bot.calls import CallLimits
from bot.cards import CARD, CardLinks
from bot.config import Settings
from bot.db import make_engine
from bot.delivery import Delivery, Pace, Sender, Together
from bot.forgetting.afterwards import Afterwards
from bot.forgetting.retention import Retention
from bot.home_plainly import HomeRules
from bot.joining import Patience
from bot.ports import Clock
from bot.reconciliation import Reconciling
from bot.sealing import FieldCipher
from bot.turn import Turn


def now() -> datetime:
    """The time, aware and in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Line:
    """Everything a process of the line may need, made when first asked for."""

    settings: Settings
    #: Whether somebody waits for what is written: the web process's writers go first.
    eager: bool = False

    @property
    def clock(self) -> Clock:
        return now

    @cached_property
    def engine(self) -> Engine:
        cipher = FieldCipher(self.settings.field_keys, self.settings.secret_key)
        return make_engine(self.settings.database_url, cipher, eager=self.eager)

    @cached_property
    def durable_engine(self) -> Engine:
        """DBOS's own: it must not share our pool, nor see our cipher."""
        return make_durable_engine(self.settings.database_url)

    @cached_property
    def durably(self) -> DurableWork:
        return DurableWork(self.durable_engine)

    @cached_property
    def dialogue(self) -> RasaDialogue:
        return RasaDialogue(self.settings.rasa_url, f"http://127.0.0.1:{self.settings.actions_port}")

    @cached_property
    def card_links(self) -> CardLinks:
        return CardLinks(self.settings.public_base_url, self.settings.secret_key)

    @cached_property
    def messenger(self) -> TwilioMessenger:
        return TwilioMessenger(make_client(self.settings, now), self.settings)

    @cached_property
    def caller(self) -> TwilioCaller:
        return TwilioCaller(make_client(self.settings, now), self.settings)

    @cached_property
    def turn(self) -> Turn:
        return Turn(self.engine, self.dialogue, self.durably, now, self.homes)

    @cached_property
    def sender(self) -> Sender:
        return Sender(
            self.messenger,
            self.durably,
            pace=Pace(self.settings.segments_per_second),
            address_of=lambda attached: self.card_links.address(now()) if attached == CARD else None,
        )

    @cached_property
    def delivery(self) -> Delivery:
        return Delivery(self.engine, self.sender, now)

    @cached_property
    def together(self) -> Together:
        return Together(self.engine, self.sender, self.delivery, now)

    @cached_property
    def reconciling(self) -> Reconciling:
        return Reconciling(self.engine, self.messenger, self.durably, now)

    @property
    def homes(self) -> HomeRules:
        settings = self.settings
        return HomeRules(settings.twilio_from, settings.call_countries, self.call_limits)

    @property
    def call_limits(self) -> CallLimits:
        settings = self.settings
        return CallLimits(
            minutes=settings.call_minutes_per_day,
            calls=settings.calls_per_day,
            to_number=settings.calls_to_number_per_day,
            messages=settings.home_texts_per_day,
            messages_to_number=settings.home_texts_to_number_per_day,
        )

    @property
    def patience(self) -> Patience:
        return Patience(self.settings.worker_answers_minutes, self.settings.worker_answers_danger_minutes)

    @cached_property
    def copies(self) -> TwilioCopies:
        return TwilioCopies(make_client(self.settings, now), self.settings)

    @cached_property
    def afterwards(self) -> Afterwards:
        return Afterwards(self.engine, self.messenger, self.copies, self.durably, now)

    @cached_property
    def retention(self) -> Retention:
        return Retention(self.engine, self.durably, now, self.settings.retention_days)

    @cached_property
    def agency(self) -> OpenIdProvider | None:
        """The agency's own sign-in, when it has one."""
        settings = self.settings
        if not settings.oidc_issuer:
            return None
        return OpenIdProvider(
            settings.oidc_issuer,
            settings.oidc_client_id,
            settings.oidc_client_secret,
            f"{settings.public_base_url}/inbox/sign-in/agency/return",
        )

    @cached_property
    def calling(self) -> Calling:
        return Calling(self.engine, self.caller, self.durably, now)


def set_up_logging() -> None:
    """Lines with ids only. Libraries that log addresses or bodies are told to keep quiet."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    for name in (
        "twilio.http_client",
        "urllib3",
        "apscheduler",
        "sqlalchemy",
        "alembic",
        "sanic",
        "dbos",
        "rasa_sdk",
    ):
        logging.getLogger(name).setLevel(logging.WARNING)
