"""Settings, read from the environment (`PASSEND_…`, `DATABASE_URL`), where a server or a command starts."""

import difflib
import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

import platformdirs
from pydantic import AfterValidator, AliasChoices, Field, SecretStr, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from embeddings.encoder import ADAPTED

_PREFIX = "PASSEND_"
FOR_A_NEW_USER = "PASSEND_USER_PASSWORD"
"""What `passend user add` reads; not a setting, but no mistake either."""


def _default_home() -> Path:
    return Path("/var/tmp/passend") if os.geteuid() == 0 else platformdirs.user_data_path("passend")


def _with_scheme(*schemes: str) -> AfterValidator:
    def check(value: str) -> str:
        parts = urlsplit(value)
        if value and parts.scheme not in schemes:
            raise ValueError(f"has to begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        return value

    return AfterValidator(check)


PostgresUrl = Annotated[str, _with_scheme("postgresql", "postgres")]
WebUrl = Annotated[str, _with_scheme("http", "https")]


class Settings(BaseSettings):
    """Everything that differs between installations. `docs/running.md` holds the same list (`reference`)."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, populate_by_name=True)

    home: Path = Field(
        default_factory=_default_home,
        description="the one folder for the embedded database, models, index snapshots and the postcode table",
        json_schema_extra={"default": "per-user data folder; `/var/tmp/passend` for root"},
    )
    database_url: PostgresUrl = Field(
        default="",
        validation_alias=AliasChoices("DATABASE_URL", "PASSEND_DATABASE_URL"),
        description="PostgreSQL 16 or newer with pgvector, as the owner of its tables; empty: the embedded one",
    )
    app_database_url: PostgresUrl = Field(
        default="", description="the same database for web requests; empty: as `passend_app`, where `DATABASE_URL` is"
    )
    engine_database_url: PostgresUrl = Field(
        default="", description="the same database for indexes; empty: as `passend_engine`, where `DATABASE_URL` is"
    )
    replica_database_url: PostgresUrl = Field(
        default="",
        description="a streaming replica to search in, as `passend_engine`; several, with the primary as the last resort: "
        "`postgresql://passend_engine@replica,primary/passend?target_session_attrs=prefer-standby`; empty: as the indexes",
    )
    encoder: str = Field(
        default=ADAPTED,
        min_length=1,
        description="`passend-e5`, `multilingual-e5-small`, or a model by name or folder; then `passend reindex`",
    )
    search: Literal["memory", "postgres"] = Field(
        default="memory",
        description="`memory`: each worker keeps vectors and practical columns; `postgres`: the database searches (scaling.md)",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="from which level the server logs: `debug`, `info`, `warning` or `error`"
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""),
        description="what `/metrics` asks for as bearer token; empty: whoever can reach it may read the numbers",
    )
    traces_endpoint: WebUrl = Field(
        default="", description="OTLP collector for traces, such as `http://127.0.0.1:4318/v1/traces`; empty: no traces"
    )
    shutdown_seconds: int = Field(
        default=20, ge=0, le=600, description="how long requests under way may take after the server was asked to stop"
    )

    public_url: WebUrl = Field(
        default="", description="where people reach this installation; for signing in through an identity provider"
    )
    insecure_cookies: bool = Field(default=False, description="cookies without Secure, for plain HTTP on this machine")
    session_hours: float = Field(default=10, gt=0, description="after which everyone signs in again")
    session_idle_minutes: float = Field(default=60, gt=1, description="after which someone who did nothing signs in again")
    oidc_issuer: WebUrl = Field(default="", description="an OpenID Connect provider; empty: local accounts only")
    oidc_client_id: str = Field(default="", description="the name of this installation at the provider")
    oidc_client_secret: SecretStr = Field(default=SecretStr(""), description="its secret at the provider")
    oidc_roles_claim: str = Field(default="roles", description="the claim that holds someone's roles")
    oidc_roles: dict[str, str] = Field(
        default={}, description="role by value of that claim, as JSON, where it is not the name of a role"
    )
    oidc_organisation: str = Field(
        default="", description="name or id of the organisation in which people unknown here become users; empty: they stay out"
    )

    @model_validator(mode="after")
    def _no_unknown_variable(self) -> Self:
        known = {variable(name, field) for name, field in type(self).model_fields.items()} | {f"{_PREFIX}DATABASE_URL"}
        for name in sorted(os.environ):
            if name.startswith(_PREFIX) and name.upper() not in known | {FOR_A_NEW_USER}:
                nearest = difflib.get_close_matches(name, known, 1)
                raise ValueError(f"{name} is not a setting" + (f"; did you mean {nearest[0]}?" if nearest else ""))
        return self

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

    @property
    def regions(self) -> Path:
        """The postcodes of each labour-market region, as `passend geo regions` keeps them."""
        return self.home / "regions.tsv"


def variable(name: str, field: FieldInfo) -> str:
    """The environment variable of a setting."""
    alias = field.validation_alias
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else f"{_PREFIX}{name}".upper()


def settings_problem(error: ValidationError) -> str:
    """What is wrong with the settings, one sentence each, without the values."""
    return (
        " ".join(_sentence(one["loc"], one["msg"].removeprefix("Value error, ")) for one in error.errors())
        + " See docs/running.md."
    )


def _sentence(where: tuple[int | str, ...], message: str) -> str:
    name = str(where[0]) if where else ""
    field = Settings.model_fields.get(name)
    end = "" if message.endswith("?") else "."
    return f"{variable(name, field) if field else name}: {message}{end}".removeprefix(": ")


def reference() -> str:
    """All settings as a Markdown table: variable, meaning, default."""
    rows = [
        f"| `{variable(name, field)}` | {field.description} | {_default(field)} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| setting | meaning | default |", "|---|---|---|", *rows])


def _default(field: FieldInfo) -> str:
    extra = field.json_schema_extra
    if isinstance(extra, dict) and "default" in extra:
        return str(extra["default"])
    value = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    return f"`{value}`" if value != "" else "empty"
