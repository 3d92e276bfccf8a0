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


def test_an_agencys_sign_in_is_set_wholly_or_not_at_all():
    assert Settings.from_env(GOOD).oidc_issuer == ""
    with pytest.raises(SettingsError, match=r"OIDC_CLIENT_ID is missing\n.*OIDC_CLIENT_SECRET is missing"):
        Settings.from_env({**GOOD, "OIDC_ISSUER": "https://agency.example"})
    with pytest.raises(SettingsError, match="OIDC_ISSUER must be https"):
        Settings.from_env(
            {**GOOD, "OIDC_ISSUER": "http://agency.example", "OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "y"}
        )


def test_an_issuer_keeps_its_own_spelling():
    spelt = {
        "OIDC_ISSUER": "https://agency.example/",
        "OIDC_CLIENT_ID": "x",
        "OIDC_CLIENT_SECRET": "a-secret",
    }
    settings = Settings.from_env({**GOOD, **spelt})
    assert settings.oidc_issuer == "https://agency.example/"
    assert "a-secret" not in repr(settings)


def test_nobodys_word_about_an_address_may_be_believed():
    assert Settings.from_env({**GOOD, "PROXIES": "0"}).proxies == 0
