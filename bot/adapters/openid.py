"""An agency's own sign-in by OpenID Connect: authorization code, PKCE, state and nonce (Core 1.0)."""

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bot.config import LOOPBACK
from bot.errors import ProviderRefused, ProviderUnavailable

TIMEOUT_SECONDS = 8
#: Signed by the provider's own key: never by a shared secret, never by nothing.
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
#: The clocks of two machines.
LEEWAY_SECONDS = 60


@dataclass(frozen=True)
class Flow:
    """What a browser carries, sealed, from its leaving to its coming back."""

    state: str
    nonce: str
    verifier: str
    next: str = ""

    def as_json(self) -> str:
        """To be sealed."""
        return json.dumps(asdict(self))


@dataclass(frozen=True)
class Identity:
    """Whom the provider says somebody is. The address counts only when the provider has made sure of it."""

    issuer: str
    subject: str
    email: str | None


@dataclass(frozen=True)
class OpenIdProvider:
    """One provider, as OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET name it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str

    def begin(self, then: str) -> tuple[str, Flow]:
        """Where to send the browser, and what it carries. Raises ProviderUnavailable, ProviderRefused."""
        flow = Flow(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), then)
        with self._session() as session:
            address, _ = session.create_authorization_url(
                self._metadata()["authorization_endpoint"],
                state=flow.state,
                nonce=flow.nonce,
                code_verifier=flow.verifier,
            )
        return str(address), flow

    def finish(self, flow: Flow, answer: Mapping[str, str], at: datetime) -> Identity:
        """Who came back with `answer`, the query. Raises ProviderUnavailable, ProviderRefused."""
        if not hmac.compare_digest(answer.get("state", "").encode(), flow.state.encode()):
            raise ProviderRefused
        if answer.get("iss", self.issuer) != self.issuer or not answer.get("code"):
            raise ProviderRefused
        metadata = self._metadata()
        with self._session() as session:
            try:
                token = session.fetch_token(
                    metadata["token_endpoint"], code=answer["code"], code_verifier=flow.verifier
                )
            except requests.RequestException as error:
                raise ProviderUnavailable from error
            except (AuthlibBaseError, ValueError) as error:
                raise ProviderRefused from error
        claims = self._claims(token.get("id_token"), metadata, flow.nonce, at)
        verified = claims.get("email_verified") is True
        return Identity(
            self.issuer, str(claims["sub"]), str(claims["email"]) if verified and "email" in claims else None
        )

    def _claims(self, id_token: object, metadata: Mapping[str, Any], nonce: str, at: datetime) -> CodeIDToken:
        keys = self._get(metadata["jwks_uri"]).get("keys")
        if not isinstance(id_token, str) or not isinstance(keys, list):
            raise ProviderRefused
        signing = [key for key in keys if isinstance(key, dict) and key.get("use", "sig") == "sig"]
        try:
            read = jwt.decode(id_token, KeySet.import_key_set({"keys": signing}), algorithms=list(ALGORITHMS))
            claims = CodeIDToken(
                read.claims,
                read.header,
                options={"iss": {"value": self.issuer}, "aud": {"value": self.client_id}},
                params={"nonce": nonce, "client_id": self.client_id},
            )
            claims.validate(now=int(at.timestamp()), leeway=LEEWAY_SECONDS)
        except (JoseError, AuthlibBaseError, ValueError, KeyError, TypeError) as error:
            raise ProviderRefused from error
        return claims

    def _metadata(self) -> dict[str, Any]:
        found = self._get(self.issuer.rstrip("/") + "/.well-known/openid-configuration")
        addresses = [found.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        if found.get("issuer") != self.issuer or not all(map(_trusted, addresses)):
            raise ProviderRefused
        return found

    def _get(self, address: str) -> dict[str, Any]:
        try:
            answer = requests.get(address, timeout=TIMEOUT_SECONDS, allow_redirects=False)
            if answer.status_code != 200:
                raise ProviderUnavailable
            found = answer.json()
        except requests.RequestException as error:
            raise ProviderUnavailable from error
        if not isinstance(found, dict):
            raise ProviderRefused
        return found

    def _session(self) -> OAuth2Session:
        return OAuth2Session(
            self.client_id,
            self.client_secret,
            scope="openid email",
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            default_timeout=TIMEOUT_SECONDS,
        )


def _trusted(address: object) -> bool:
    parts = urlsplit(address) if isinstance(address, str) else None
    return parts is not None and (parts.scheme == "https" or parts.hostname in LOOPBACK)
