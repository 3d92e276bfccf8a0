"""Settings: everything wrong is told at once, and no secret shows."""

import pytest
from cryptography.fernet import Fernet

from bot.config import Settings
from bot.errors import SettingsError

GOOD = {
    "PUBLIC_BASE_URL": "https://line.example.org",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "a-token-nobody-sees",
    "TWILIO_FROM": "+12065550100",
    "FIELD_KEYS": Fernet.generate_key().decode(),
    "SECRET_KEY": "s" * 40,
}


def test_one_error_lists_every_missing_setting():
    with pytest.raises(SettingsError) as error:
        Settings.from_env({})
    for name in GOOD:
        assert f"{name} is missing" in str(error.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_BASE_URL", "line.example.org"),
        ("PUBLIC_BASE_URL", "http://line.example.org"),
        ("TWILIO_ACCOUNT_SID", "AC1"),
        ("TWILIO_FROM", "home"),
        ("FIELD_KEYS", "not-a-key"),
        ("SECRET_KEY", "short"),
        ("TIMEZONE", "Mars/Olympus"),
        ("PORT", "http"),
        ("DATABASE_URL", "mysql://x"),
        ("WORKER_SLOT", "a b"),
    ],
)
def test_a_bad_setting_is_named_and_its_value_is_not_shown(name, value):
    with pytest.raises(SettingsError) as error:
        Settings.from_env({**GOOD, name: value})
    assert name in str(error.value)
    assert "not-a-key" not in str(error.value)


def test_secrets_do_not_show_in_the_settings_own_words():
    settings = Settings.from_env(GOOD)
    shown = repr(settings)
    for name in ("TWILIO_AUTH_TOKEN", "FIELD_KEYS", "SECRET_KEY"):
        assert GOOD[name] not in shown


def test_an_address_of_postgresql_is_taken_as_hosts_write_it():
    settings = Settings.from_env({**GOOD, "DATABASE_URL": "postgres://u:p@host/line"})
    assert settings.database_url == "postgresql+psycopg://u:p@host/line"
