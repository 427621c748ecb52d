"""Makes the two things that are learned: the adapter of the encoder, and the weights of the pair score."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from embeddings import adaptation, bundled
from embeddings.adaptation import Pair, Recipe
from embeddings.encoder import RememberingEncoder, SentenceEncoder
from embeddings.lay_sentences import (
    lay_pairs,
    multilingual_pairs,
    profile_pairs,
    read_lay_sentences,
    read_multilingual_profiles,
    read_profiles,
    read_translations,
    split,
)
from matching.doubt import SHIPPED as CALIBRATION
from matching.scoring import Weights
from service.esco import training_pairs
from service.evaluation.fitting import calibrate, fit
from service.evaluation.judged_set import read_judged_set
from service.geography import read_gazetteer
from service.settings import Settings

ON_OCCUPATIONS = Recipe()
ON_PEOPLE = Recipe(learning_rate=3e-4, longest=256, seed=21)
ON_LANGUAGES = Recipe(learning_rate=2e-4, longest=256, seed=22)
_NAMES_AGAIN = 16_000
_OTHERS_AGAIN = 2_000
_PEOPLE_AGAIN = 4_000
Progress = Callable[[int, int, float], None]


def train_adapter(settings: Settings, esco: Path, relations: Path, output: Path, progress: Progress) -> None:
    """Trains the labour-market adapter, on ESCO, then on how people talk, then on whole profiles in several languages.

    In each later stage some of what came before comes back, so that it is not forgotten.

    Args:
        progress: called after each step with (step, steps, loss).

    Raises:
        UnusableFile: a folder does not hold the files it should.
    """
    base = bundled.ensure_folder(settings.models)
    people = people_pairs(esco, relations)
    stages = (
        (training_pairs(esco, relations), ON_OCCUPATIONS),
        (people, ON_PEOPLE),
        (languages_pairs(people), ON_LANGUAGES),
    )
    steps = [adaptation.steps(pairs, recipe) for pairs, recipe in stages]
    learned: dict[str, Any] = {}
    for number, (pairs, recipe) in enumerate(stages):
        learned = adaptation.train(base, pairs, recipe, _counted(progress, sum(steps[:number]), sum(steps)), start=learned)
    adaptation.save(learned, ON_LANGUAGES, output)


def _counted(progress: Progress, before: int, steps: int) -> Progress:
    """Tells of the steps of one stage as of all stages together."""
    return lambda step, _, loss: progress(before + step, steps, loss)


def people_pairs(esco: Path, relations: Path) -> list[Pair]:
    """The lay sentences and profiles that are not held out, with other draws of the pairs from ESCO among them."""
    sentences, _ = split(read_lay_sentences())
    profiles, _ = split(read_profiles())
    told = lay_pairs(sentences, read_translations()) + profile_pairs(profiles)
    again = training_pairs(esco, relations, seed=ON_PEOPLE.seed)
    names = [pair for pair in again if pair.kind == "name"]
    others = [pair for pair in again if pair.kind != "name"]
    draw = random.Random(ON_PEOPLE.seed)
    return told + draw.sample(names, _NAMES_AGAIN) + draw.sample(others, _OTHERS_AGAIN)


def languages_pairs(people: list[Pair]) -> list[Pair]:
    """The profiles in several languages that are not held out, with a draw of the pairs of people among them."""
    profiles, _ = split(read_multilingual_profiles())
    draw = random.Random(ON_LANGUAGES.seed)
    return multilingual_pairs(profiles) + draw.sample(people, _PEOPLE_AGAIN)


def fit_weights(settings: Settings, folder: Path, output: Path, postcodes: Path | None = None) -> None:
    """Fits the weights on the tune half of a judged set and writes them to `output`, with what doubt needs of it beside them.

    Raises:
        UnusableFile: the folder is not a judged set with a `split.tsv`.
    """
    tune = read_judged_set(folder, read_gazetteer(postcodes or settings.postcodes)).half("tune", folder)
    _, held_out = split(read_lay_sentences())
    encoder = RememberingEncoder(SentenceEncoder(settings.encoder, settings.models))
    fitted = fit(tune, held_out, encoder, Weights.read())
    fitted.write(output)
    calibrate(tune, encoder, fitted).write(output.with_name(CALIBRATION.name))
