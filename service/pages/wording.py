"""The message catalogue: every word on a page, in Dutch and English (`messages/*.toml`)."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

from matching.phrases import Language

FOLDER = Path(__file__).parent / "messages"
LANGUAGES: tuple[Language, ...] = get_args(Language)


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """Every message by name, such as `caseload.title`."""
    return dict(_flat("", tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))))


def say(language: Language, name: str, /, **facts: Any) -> str:
    """A message with its facts filled in; with `count`, the form `name.one` or `name.many` where those are there.

    Raises:
        KeyError: there is no such message.
    """
    messages = catalogue(language)
    if "count" in facts and name not in messages:
        name = f"{name}.{'one' if facts['count'] == 1 else 'many'}"
    return messages[name].format(**facts)


def _flat(prefix: str, table: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    for key, value in table.items():
        name = f"{prefix}.{key}" if prefix else key
        found += [(name, value)] if isinstance(value, str) else _flat(name, value)
    return found
