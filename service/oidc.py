"""Asks an OpenID Connect provider who someone is: authorization code with PKCE (OpenID Connect Core 1.0, RFC 7636)."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from service.errors import ProviderUnusable
from service.settings import Settings

_SIGNATURES = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
_SECONDS = 10
_CLOCKS_DIFFER = 60

Claims = dict[str, Any]


@dataclass(frozen=True)
class Provider:
    """An OpenID Connect provider, and what it knows us by."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str

    @classmethod
    def of(cls, settings: Settings) -> "Provider":
        """The configured one."""
        redirect_uri = f"{settings.public_url.rstrip('/')}/v1/oidc/callback"
        return cls(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret.get_secret_value(), redirect_uri)

    async def sign_in_url(self, state: str, nonce: str, verifier: str) -> str:
        """Where to send someone who signs in.

        Raises:
            ProviderUnusable: it cannot be reached.
        """
        async with self._client() as client:
            metadata = await self._metadata(client)
            url, _ = client.create_authorization_url(
                metadata["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
            )
            return str(url)

    async def claims(self, code: str, nonce: str, verifier: str) -> Claims:
        """What the provider says about the one who came back with this code: the checked ID token, and its user info.

        Raises:
            ProviderUnusable: it cannot be reached, does not know the code, or the token is not what it should be.
        """
        with _doubted():
            async with self._client() as client:
                metadata = await self._metadata(client)
                token = await client.fetch_token(metadata["token_endpoint"], code=code, code_verifier=verifier)
                keys = KeySet.import_key_set((await _public(client, metadata["jwks_uri"])).json())
                claims = self._checked(token["id_token"], keys, nonce)
                return await self._with_user_info(client, metadata, claims)

    def _client(self) -> Any:
        return AsyncOAuth2Client(
            self.client_id,
            self.client_secret or None,
            scope="openid profile email",
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if self.client_secret else "none",
            timeout=_SECONDS,
        )

    async def _metadata(self, client: Any) -> dict[str, Any]:
        with _doubted():
            answer = await _public(client, f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            metadata: dict[str, Any] = answer.json()
        if metadata["issuer"] != self.issuer:
            raise ProviderUnusable("The identity provider calls itself otherwise than PASSEND_OIDC_ISSUER.")
        return metadata

    def _checked(self, id_token: str, keys: KeySet, nonce: str) -> Claims:
        claims = jwt.decode(id_token, keys, algorithms=_SIGNATURES).claims
        jwt.JWTClaimsRegistry(
            leeway=_CLOCKS_DIFFER,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)
        if claims.get("azp", self.client_id) != self.client_id:
            raise ProviderUnusable("The identity provider made this sign-in for another service.")
        return claims

    async def _with_user_info(self, client: Any, metadata: dict[str, Any], claims: Claims) -> Claims:
        if "userinfo_endpoint" not in metadata:
            return claims
        said: Claims = (await client.get(metadata["userinfo_endpoint"])).raise_for_status().json()
        if said.get("sub") != claims["sub"]:
            raise ProviderUnusable("The identity provider answered about someone else.")
        return {**said, **claims}


async def _public(client: Any, url: str) -> Any:
    return (await client.request("GET", url, withhold_token=True)).raise_for_status()


@contextlib.contextmanager
def _doubted() -> Iterator[None]:
    try:
        yield
    except (httpx2.HTTPError, OAuthError, JoseError, KeyError, ValueError) as problem:
        raise ProviderUnusable("Signing in through the identity provider did not work. Try again.") from problem
