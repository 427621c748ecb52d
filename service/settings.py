"""Settings, read from the environment (`PASSEND_…`, `DATABASE_URL`); only `app.py` and `cli.py` make them."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Self

import platformdirs
from pydantic import AliasChoices, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from embeddings.encoder import ADAPTED


def _default_home() -> Path:
    return Path("/var/tmp/passend") if os.geteuid() == 0 else platformdirs.user_data_path("passend")


class Settings(BaseSettings):
    """Everything that differs between installations.

    Attributes:
        home: the one folder for the embedded database, the model cache, snapshots and the postcode table.
        database_url: PostgreSQL 16 or newer with pgvector; empty starts the embedded one.
        app_database_url: the same database for web requests; empty: as `passend_app`, where `database_url` is.
        engine_database_url: the same database for indexes; empty: as `passend_engine`, where `database_url` is.
        public_url: where people reach this installation, as https://passend.example; for signing in through an identity provider.
        insecure_cookies: cookies without Secure, for plain HTTP on this machine.
        session_hours: after which everyone signs in again.
        session_idle_minutes: after which someone who did nothing signs in again.
        oidc_issuer: an OpenID Connect provider; empty: local accounts only.
        oidc_roles_claim: the claim that holds someone's roles.
        oidc_roles: role by value of that claim, where it is not the name of a role.
        oidc_organisation: name or id of the organisation in which people unknown here become users; empty: they stay out.
        encoder: `passend-e5`, `multilingual-e5-small`, or any sentence-transformers model by name or folder.
    """

    model_config = SettingsConfigDict(env_prefix="PASSEND_", populate_by_name=True)

    home: Path = Field(default_factory=_default_home)
    database_url: str = Field(default="", validation_alias=AliasChoices("DATABASE_URL", "PASSEND_DATABASE_URL"))
    app_database_url: str = ""
    engine_database_url: str = ""
    encoder: str = ADAPTED
    public_url: str = ""
    insecure_cookies: bool = False
    session_hours: float = Field(default=10, gt=0)
    session_idle_minutes: float = Field(default=60, gt=1)
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_roles_claim: str = "roles"
    oidc_roles: dict[str, str] = {}
    oidc_organisation: str = ""

    @model_validator(mode="after")
    def _provider_is_whole(self) -> Self:
        if self.oidc_issuer and not (self.oidc_client_id and self.public_url):
            raise ValueError("PASSEND_OIDC_ISSUER needs PASSEND_OIDC_CLIENT_ID and PASSEND_PUBLIC_URL")
        return self

    @property
    def session_lifetime(self) -> timedelta:
        """How long a session lasts at most."""
        return timedelta(hours=self.session_hours)

    @property
    def session_idle(self) -> timedelta:
        """How long a session lasts without a request."""
        return timedelta(minutes=self.session_idle_minutes)

    @property
    def models(self) -> Path:
        """Folder of rebuilt models."""
        return self.home / "models"

    @property
    def snapshots(self) -> Path:
        """Folder of index snapshots."""
        return self.home / "snapshots"

    @property
    def postcodes(self) -> Path:
        """The postcode table that `passend geo import` keeps."""
        return self.home / "postcodes.tsv"
