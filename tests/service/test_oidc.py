"""Signing in through a real OpenID Connect provider on loopback (oidc-provider-mock), with a check of PKCE in front of it."""

import base64
import hashlib
import warnings
from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import httpx
import pytest

from service.app import create_app
from service.db.connect import Pools
from service.db.identity import Role
from service.errors import ProviderUnusable
from service.oidc import Provider
from service.settings import Settings
from service.use_cases.signing_in_elsewhere import roles_in
from tests.service.world import populate

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the provider imports a part of authlib that moves elsewhere
    import oidc_provider_mock
    from oidc_provider_mock._server import _threaded_server


# The provider uses what authlib is about to drop; Passend does not.
pytestmark = pytest.mark.filterwarnings("ignore:.*is deprecated:DeprecationWarning")


class CheckingPkce:
    """RFC 7636 in front of the provider, which does not look at it: no code without the verifier of its challenge."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.challenges: set[str] = set()
        self.refused = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        asked = parse_qs(environ["QUERY_STRING"])
        if environ["PATH_INFO"] == "/oauth2/authorize":
            assert asked["code_challenge_method"] == ["S256"]
            self.challenges |= set(asked["code_challenge"])
        if environ["PATH_INFO"] == "/oauth2/token" and not self._fits(environ):
            self.refused += 1
            start_response("400 Bad Request", [("Content-Type", "application/json")])
            return [b'{"error": "invalid_grant"}']
        return self._app(environ, start_response)

    def _fits(self, environ: dict[str, Any]) -> bool:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = BytesIO(body)
        verifier = parse_qs(body.decode()).get("code_verifier", [""])[0]
        digest = hashlib.sha256(verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() in self.challenges


@pytest.fixture(scope="module")
def provider() -> Iterator[tuple[str, CheckingPkce]]:
    """URL of a running provider, and what stands in front of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        checking = CheckingPkce(oidc_provider_mock.app(require_nonce=True))
        with _threaded_server(checking, host="127.0.0.1") as server:
            yield f"http://127.0.0.1:{server.server_port}", checking


@pytest.fixture(scope="module")
async def owner(module_pools: Pools) -> asyncpg.Pool:
    await populate(module_pools.owner)
    return module_pools.owner


def settings_for(issuer: str, **more: Any) -> Settings:
    return Settings(
        oidc_issuer=issuer, oidc_client_id="passend", oidc_client_secret="geheim", public_url="https://passend.example", **more
    )


@pytest.fixture
def newcomers_in() -> str:
    """The organisation in which someone unknown becomes a user."""
    return "m2"


@pytest.fixture
async def browser(
    owner: asyncpg.Pool,
    module_pools: Pools,
    provider: tuple[str, CheckingPkce],
    monkeypatch: pytest.MonkeyPatch,
    newcomers_in: str,
) -> AsyncIterator[httpx.AsyncClient]:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    app = create_app(
        settings_for(provider[0], oidc_roles={"groep-klantmanagers": "client_manager"}, oidc_organisation=newcomers_in)
    )
    app.state.passend = type("Opened", (), {"app": module_pools.app})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://passend.example") as client:
        yield client


async def agree(issuer: str, url: str, subject: str, **claims: Any) -> str:
    """What someone does at the provider; returns the address that it sends the browser back to."""
    async with httpx.AsyncClient() as at_provider:
        await at_provider.put(f"{issuer}/users/{subject}", json=claims)
        answer = await at_provider.post(url, data={"sub": subject})
    return answer.headers["location"]


async def sign_in(browser: httpx.AsyncClient, issuer: str, subject: str, **claims: Any) -> httpx.Response:
    to_provider = await browser.get("/v1/oidc/login")
    assert to_provider.status_code == 302, to_provider.text
    return await browser.get(await agree(issuer, to_provider.headers["location"], subject, **claims))


async def test_a_known_user_comes_in_by_verified_address_and_later_by_subject(
    browser: httpx.AsyncClient, provider: tuple[str, CheckingPkce], owner: asyncpg.Pool
) -> None:
    claims = {"email": "Auditor@test.example", "email_verified": True, "roles": ["auditor", "administrator"]}
    answer = await sign_in(browser, provider[0], "a-1", **claims)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    me = (await browser.get("/v1/me")).json()
    assert (me["name"], me["role"], me["roles"]) == ("auditor", "auditor", ["administrator", "auditor"])

    assert (await sign_in(browser, provider[0], "a-1", email="moved@x.example", roles=["administrator"])).status_code == 303
    me = (await browser.get("/v1/me")).json()
    assert (me["name"], me["roles"]) == ("auditor", ["administrator"])
    assert await owner.fetchval("SELECT oidc_subject FROM app_user WHERE name = 'auditor'") == f"{provider[0]} a-1"
    assert provider[1].challenges
    assert provider[1].refused == 0


async def test_someone_new_becomes_a_user_with_the_roles_that_fit_the_organisation(
    browser: httpx.AsyncClient, provider: tuple[str, CheckingPkce]
) -> None:
    given = ["groep-klantmanagers", "employer", "resident", "iets anders"]
    answer = await sign_in(browser, provider[0], "n-1", email="nieuw@x.example", email_verified=True, name="Nieuw", roles=given)
    assert answer.status_code == 303
    me = (await browser.get("/v1/me")).json()
    assert (me["name"], me["roles"], me["organisation"]["name"]) == ("Nieuw", ["client_manager"], "m2")


@pytest.mark.parametrize("newcomers_in", ["", "nowhere"])
@pytest.mark.parametrize(
    "claims",
    [
        {"email": "client_manager@test.example", "email_verified": True},
        {"email": "client_manager@test.example", "email_verified": True, "roles": ["resident", "god"]},
        {"email": "client_manager@test.example", "email_verified": False, "roles": ["client_manager"]},
        {"email": "left@test.example", "email_verified": True, "roles": ["client_manager"]},
    ],
)
async def test_without_a_role_or_a_verified_address_of_an_account_nobody_comes_in(
    browser: httpx.AsyncClient, provider: tuple[str, CheckingPkce], owner: asyncpg.Pool, claims: dict[str, Any]
) -> None:
    before = await owner.fetchval("SELECT count(*) FROM session")
    answer = await sign_in(browser, provider[0], "x-1", **claims)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")
    assert "set-cookie" not in answer.headers
    assert await owner.fetchval("SELECT count(*) FROM session") == before
    subject = await owner.fetchval("SELECT oidc_subject FROM app_user WHERE name = 'client_manager'")
    assert subject is None


async def test_an_answer_counts_once_and_only_in_the_browser_that_began(
    browser: httpx.AsyncClient, provider: tuple[str, CheckingPkce], owner: asyncpg.Pool
) -> None:
    claims = {"email": "auditor@test.example", "email_verified": True, "roles": ["auditor"]}
    back = await agree(provider[0], (await browser.get("/v1/oidc/login")).headers["location"], "a-1", **claims)
    kept = dict(browser.cookies)
    browser.cookies.clear()
    assert (await browser.get(back)).status_code == 401
    browser.cookies.update(kept)
    assert (await browser.get(back)).status_code == 401

    back = await agree(provider[0], (await browser.get("/v1/oidc/login")).headers["location"], "a-1", **claims)
    await owner.execute("UPDATE oidc_attempt SET expires_at = now()")
    assert (await browser.get(back)).status_code == 401


async def test_a_stolen_code_is_worth_nothing_without_the_verifier_and_another_nonce_is_refused(
    browser: httpx.AsyncClient, provider: tuple[str, CheckingPkce]
) -> None:
    ours = Provider.of(settings_for(provider[0]))

    async def code_of(nonce: str, verifier: str) -> str:
        back = await agree(provider[0], await ours.sign_in_url("state", nonce, verifier), "a-1", roles=["auditor"])
        return parse_qs(urlsplit(back).query)["code"][0]

    one, other = "v" * 64, "w" * 64
    assert (await ours.claims(await code_of("n", one), "n", one))["sub"] == "a-1"
    with pytest.raises(ProviderUnusable):
        await ours.claims(await code_of("n2", one), "n2", other)
    with pytest.raises(ProviderUnusable):
        await ours.claims(await code_of("n3", one), "another", one)
    theirs = Provider(provider[0], "another-client", "geheim", ours.redirect_uri)
    with pytest.raises(ProviderUnusable):
        await theirs.claims(await code_of("n4", one), "n4", one)
    with pytest.raises(ProviderUnusable):
        await Provider("http://127.0.0.1:1", "passend", "", "").sign_in_url("s", "n", one)
    with pytest.raises(ProviderUnusable, match="calls itself"):
        await Provider(f"{provider[0]}/", "passend", "", "").sign_in_url("s", "n", one)


@pytest.mark.parametrize(
    ("claims", "roles"),
    [
        ({"roles": "auditor client_manager"}, [Role.CLIENT_MANAGER, Role.AUDITOR]),
        ({"roles": ["resident"]}, []),
        ({"roles": {"auditor": True}}, []),
        ({"roles": [1, None, "chef"]}, [Role.ADMINISTRATOR]),
        ({}, []),
    ],
)
def test_roles_come_from_the_claim_and_a_resident_never_does(claims: dict[str, Any], roles: list[Role]) -> None:
    assert roles_in(claims, "roles", {"chef": "administrator"}) == roles


def test_a_provider_needs_a_client_and_an_address() -> None:
    with pytest.raises(ValueError, match="PASSEND_PUBLIC_URL"):
        Settings(oidc_issuer="https://id.example", oidc_client_id="passend")
