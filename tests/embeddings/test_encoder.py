import numpy as np
import pytest
from safetensors.numpy import load_file, save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from embeddings import bundled
from embeddings.encoder import ADAPTED, PLAIN, SentenceEncoder
from embeddings.errors import EmptyText, WeightsUnusable

BIKES = "Ik repareer fietsen in de werkplaats en help de buren met hun banden. "
CHOIR = "Elke zondag zing ik liederen in het koor van de kerk en speel ik orgel. "


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory):
    """A sentence-transformers model with random weights: 12 numbers a vector, 20 tokens a window."""
    folder = tmp_path_factory.mktemp("tiny")
    words = {word: number for number, word in enumerate(["[PAD]", "[UNK]", "ik", "zing", "graag", "kook"])}
    words_only = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    words_only.pre_tokenizer = pre_tokenizers.Whitespace()
    tokens = PreTrainedTokenizerFast(tokenizer_object=words_only, pad_token="[PAD]", unk_token="[UNK]", model_max_length=20)
    tokens.save_pretrained(folder / "bert")
    shape = BertConfig(
        vocab_size=6, hidden_size=12, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8, max_position_embeddings=20
    )
    BertModel(shape).save_pretrained(folder / "bert")
    transformer = Transformer(str(folder / "bert"))
    SentenceTransformer(modules=[transformer, Pooling(12)], device="cpu").save(str(folder / "tiny"))
    return folder / "tiny"


def _assert_units(vectors):
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_the_rebuilt_model_gives_the_vectors_of_the_wheels_own_engine(encoder, engine, dutch):
    cosines = (encoder.encode(dutch) * engine.query(dutch)).sum(axis=1)
    assert len(dutch) == 200
    assert cosines.mean() >= 0.998
    assert cosines.min() >= 0.985


@pytest.mark.parametrize("text", ["تعلمت الطبخ في حلب", "Я вмію шити", "ｆｕｌｌ ｗｉｄｔｈ", "tab\tnaar\tnog", "🙂 feest"])
def test_other_scripts_and_odd_characters_give_the_engines_vectors_too(encoder, engine, text):
    assert encoder.encode([text])[0] @ engine.query(text) >= 0.985


def test_vectors_are_units_of_the_dimension_it_names(encoder, dutch):
    vectors = encoder.encode(dutch[:5])
    assert vectors.shape == (5, encoder.dimension) == (5, 384)
    assert vectors.dtype == np.float32
    _assert_units(vectors)


def test_a_batch_gives_the_same_vectors_as_one_by_one_and_in_the_same_order(encoder, dutch):
    texts = [*dutch[:68], BIKES * 60, *dutch[68:70]]
    singly = np.vstack([encoder.encode([text]) for text in texts])
    np.testing.assert_allclose(encoder.encode(texts), singly, atol=1e-5)


def test_work_that_is_alike_lies_closer_than_other_work(encoder):
    bike, repair, choir = encoder.encode(["Ik repareer fietsen.", "Je maakt kapotte rijwielen.", "Je zingt in een koor."])
    assert bike @ repair > bike @ choir


def test_no_texts_give_no_vectors(encoder):
    assert encoder.encode([]).shape == (0, 384)


@pytest.mark.parametrize("empty", ["", "  \n\t", "...!", "🙂", "\u200b"])
def test_a_text_without_letter_or_digit_is_refused_by_its_position(encoder, empty):
    with pytest.raises(EmptyText, match="Text 2 of 3 "):
        encoder.encode(["Ik kook.", empty, "Ik zing."])


def test_progress_hears_every_text_once(encoder, dutch):
    heard = []
    encoder.encode(dutch[:150], heard.append)
    assert len(heard) == 3
    assert sum(heard) == 150


def test_progress_counts_texts_and_not_the_windows_of_long_ones(encoder):
    heard = []
    encoder.encode([BIKES * 60, "Ik kook."], heard.append)
    assert sum(heard) == 2


LONG = {
    "sentences": (BIKES * 45, CHOIR * 8),
    "long words after short ones": (
        "Ik ga er nu heen. " * 90 + "arbeidsongeschiktheidsverzekeringsmaatschappij gemeenteraadsverkiezingscampagne " * 30,
        CHOIR * 8,
    ),
    "a list without spaces": ("fietsen,lassen,koken,metselen," * 90, "zingen,koor,orgel,liederen," * 20),
    "a script without spaces": ("我在自行车修理店工作了十年" * 150, "我每个星期天在合唱团唱歌" * 20),
    "signs that stand for many letters": ("ﷺ" * 300, CHOIR.replace(" ", ",") * 8),
}


@pytest.mark.parametrize("kind", LONG)
def test_nothing_of_a_text_over_the_window_is_lost(encoder, kind):
    text, tail = LONG[kind]
    assert len(encoder._transformer.tokenizer(text)["input_ids"]) > 600
    before, after, other = encoder.encode([text, text + tail, tail])
    _assert_units(np.vstack([before, after]))
    assert after @ before < 0.9999
    assert after @ other > before @ other


@pytest.mark.parametrize("kind", LONG)
def test_every_window_fits_the_model(encoder, kind):
    """Looks inside: what does not fit is cut off by sentence-transformers without a word."""
    tokens = encoder._transformer.tokenizer
    assert [
        len(ids)
        for ids in tokens([bundled.PREFIX + part for part in encoder._windows(LONG[kind][0])])["input_ids"]
        if len(ids) > 512
    ] == []


def test_nothing_is_read_or_built_before_the_first_sentence(tmp_path):
    encoder = SentenceEncoder(PLAIN, tmp_path / "models")
    assert (encoder.dimension, encoder.model) == (384, bundled.fingerprint())
    assert list(tmp_path.iterdir()) == []


def test_the_model_with_the_adapter_has_another_fingerprint_and_other_vectors(encoder, model_cache, dutch):
    adapted = SentenceEncoder(ADAPTED, model_cache)
    assert adapted.model.startswith(f"{encoder.model}+")
    vectors = adapted.encode(dutch[:8])
    _assert_units(vectors)
    assert ((vectors * encoder.encode(dutch[:8])).sum(axis=1) < 0.999).all()


def test_the_same_model_under_another_path_gives_the_same_vectors(linked_folder, own_cache, encoder, dutch):
    moved = linked_folder.rename(own_cache / "elders")
    other = SentenceEncoder(str(moved), own_cache / "unused")
    np.testing.assert_allclose(other.encode(dutch[:8]), encoder.encode(dutch[:8]), atol=1e-5)
    assert other.model.startswith("elders@")
    assert not (own_cache / "unused").exists()


def test_any_sentence_transformers_folder_can_be_the_model(tiny_model, tmp_path):
    tiny = SentenceEncoder(str(tiny_model), tmp_path)
    texts = ["ik zing graag", "ik kook graag", "graag " * 50]
    vectors = tiny.encode(texts)
    assert vectors.shape == (3, tiny.dimension) == (3, 12)
    _assert_units(vectors)
    direct = SentenceTransformer(str(tiny_model), device="cpu").encode(texts[:2], normalize_embeddings=True)
    np.testing.assert_allclose(vectors[:2], direct, atol=1e-5)


def test_the_fingerprint_of_a_folder_follows_its_weights(tiny_model, tmp_path):
    weights = load_file(tiny_model / "model.safetensors")
    for name, change in (("a", 0), ("b", 0), ("c", 1)):
        (tmp_path / name / "tiny").mkdir(parents=True)
        save_file({key: value + change for key, value in weights.items()}, tmp_path / name / "tiny" / "model.safetensors")
    a, b, c = (SentenceEncoder(str(tmp_path / name / "tiny"), tmp_path).model for name in "abc")
    assert a == b != c


def test_a_folder_without_weights_is_refused(tmp_path):
    with pytest.raises(WeightsUnusable, match="holds no model weights"):
        _ = SentenceEncoder(str(tmp_path), tmp_path).model
