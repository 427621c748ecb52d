"""Makes the two things that are learned: the adapter of the encoder, and the weights of the pair score."""

from collections.abc import Callable
from pathlib import Path

from embeddings import adaptation, bundled
from embeddings.encoder import RememberingEncoder, SentenceEncoder
from embeddings.lay_sentences import lay_pairs, read_lay_sentences, split
from matching.doubt import SHIPPED as CALIBRATION
from matching.scoring import Weights
from service.esco import training_pairs
from service.evaluation.fitting import calibrate, fit
from service.evaluation.judged_set import read_judged_set
from service.geography import read_gazetteer
from service.settings import Settings


def train_adapter(
    settings: Settings, esco: Path, relations: Path, output: Path, progress: Callable[[int, int, float], None]
) -> None:
    """Trains the labour-market adapter on ESCO and the lay sentences and writes it to `output`.

    Args:
        progress: called after each step with (step, steps, loss).

    Raises:
        UnusableFile: a folder does not hold the files it should.
    """
    trained_on, _ = split(read_lay_sentences())
    pairs = training_pairs(esco, relations) + lay_pairs(trained_on)
    recipe = adaptation.Recipe()
    adaptation.save(adaptation.train(bundled.ensure_folder(settings.models), pairs, recipe, progress), recipe, output)


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
