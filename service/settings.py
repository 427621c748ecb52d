"""Settings, read from the environment (`PASSEND_…`, `DATABASE_URL`); only `app.py` and `cli.py` make them."""

import os
from pathlib import Path

import platformdirs
from pydantic import AliasChoices, Field
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
        encoder: `passend-e5`, `multilingual-e5-small`, or any sentence-transformers model by name or folder.
    """

    model_config = SettingsConfigDict(env_prefix="PASSEND_", populate_by_name=True)

    home: Path = Field(default_factory=_default_home)
    database_url: str = Field(default="", validation_alias=AliasChoices("DATABASE_URL", "PASSEND_DATABASE_URL"))
    app_database_url: str = ""
    engine_database_url: str = ""
    encoder: str = ADAPTED

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
