"""The same sentence as it also arrives: with typing errors, without capitals, in a few words, or with small talk around it.

Used in training, so that the encoder hears what someone can do in all of them. The measure of robustness
(`service.evaluation.robustness`) has rewrites and small talk of its own.
"""

import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path

_SMALL_TALK = Path(__file__).parent / "training" / "small_talk.txt"
_NEIGHBOURS = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk", "k": "jl",
    "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb",
    "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip
_EASY_WORDS = frozenset(
    """
    aan al als bij dan dat de deed deden dit doe doen door een en er had heb hebben heeft het hij hoe hun ik in is je kan kon
    maar me met mij mijn moest na naar nee niet nog nou nu of om onze ons ook op over te toch toen tot uit van veel voor
    was wat we wel werd wij wil worden ze zei zelf zich zij zijn zo zoals
    """.split()  # noqa: SIM905
)


def retold(text: str, draw: random.Random) -> str:
    """One of the four ways, at random."""
    return draw.choice(_WAYS)(text, draw)


def all_retold(texts: Sequence[str], draw: random.Random) -> list[str]:
    """Sentences of one person, all in the same one of the four ways."""
    way = draw.choice(_WAYS)
    return [way(text, draw) for text in texts]


def mistyped(text: str, draw: random.Random) -> str:
    """One to three letters that a finger missed: a neighbouring key, a letter too few, twice, or in the wrong order."""
    letters = list(text)
    for _ in range(draw.randint(1, 3)):
        at = draw.randrange(len(letters))
        letter = letters[at].lower()
        if letter in _NEIGHBOURS:
            letters[at] = draw.choice([draw.choice(_NEIGHBOURS[letter]), "", letter * 2])
    if len(letters) > 3 and draw.random() < 0.5:
        at = draw.randrange(len(letters) - 1)
        letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)


def lower_case(text: str, _: random.Random) -> str:
    """As typed on a telephone: no capitals, no punctuation."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.lower()).split())


def in_few_words(text: str, draw: random.Random) -> str:
    """Two to five words that carry meaning, in the order in which they were said."""
    words = lower_case(text, draw).split()
    telling = [number for number, word in enumerate(words) if word not in _EASY_WORDS] or list(range(len(words)))
    kept = draw.sample(telling, min(len(telling), draw.randint(2, 5)))
    return " ".join(words[number] for number in sorted(kept))


def with_small_talk(text: str, draw: random.Random) -> str:
    """Somewhere in a story, after and before two to four sentences that say nothing about work."""
    told = draw.sample(_small_talk(), draw.randint(2, 4))
    told.insert(draw.randint(0, len(told)), text)
    return " ".join(told)


_WAYS = (mistyped, lower_case, in_few_words, with_small_talk)


@cache
def _small_talk() -> list[str]:
    return _SMALL_TALK.read_text(encoding="utf-8").splitlines()
