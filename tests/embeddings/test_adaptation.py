import math
from collections import Counter

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.numpy import load_file

from embeddings.adaptation import Pair, Recipe, _batches, _same_work, save, steps, train
from embeddings.bundled import ensure_folder, merged
from embeddings.encoder import SentenceEncoder

RECIPE = Recipe(rank=4, alpha=8, batch=4, learning_rate=1e-3, longest=24)
PAIRS = [
    Pair("Ik repareer al jaren de fietsen van de hele straat.", "Je plakt banden en stelt remmen af.", "7234"),
    Pair("Koken voor veertig man, dat deed ik in de moskee.", "Je bereidt maaltijden in een grootkeuken.", "5120"),
    Pair(
        "Ik lees graag voor.", "Je leest kinderen voor in de bibliotheek.", "voorlezer", "Je leest meterstanden af bij bewoners."
    ),
    Pair("Planten.", "Je onderhoudt perken en heggen in het park en snoeit in de winter de bomen.", "6113"),
    Pair("Mijn moeder heb ik tien jaar gewassen en aangekleed.", "Je helpt bewoners bij het opstaan.", "5322"),
    Pair("Met cijfers ben ik snel.", "Je boekt facturen in.", "4311", "Je snijdt cijfers uit hout."),
    Pair("Een band leg ik er in tien minuten om.", "Je houdt deelfietsen rijdend.", "7234"),
    Pair("Ik rijd al dertig jaar zonder schade.", "Je brengt pakketten rond met een bestelbus.", "8322"),
]


@pytest.fixture(scope="module")
def run(model_folder):
    def go(pairs=PAIRS, recipe=RECIPE):
        heard = []
        return train(model_folder, pairs, recipe, lambda *told: heard.append(told)), heard

    return go


@pytest.fixture(scope="module")
def trained(run):
    return run()


@pytest.fixture
def saved(own_cache, trained):
    save(trained[0], RECIPE, own_cache / "adapter.safetensors")
    return own_cache / "adapter.safetensors"


def _low_rank(tensors, target, dtype=np.float32):
    down, up = (tensors[f"{target}.lora_{part}.weight"].numpy().astype(dtype).astype(np.float64) for part in "AB")
    return RECIPE.alpha / RECIPE.rank * up @ down


def _expected_loss(encoder, pairs, temperature):
    """InfoNCE in plain numpy, over the vectors of the finished encoder: each pair against the others, and against all traps."""
    anchors, positives = encoder.encode([one.anchor for one in pairs]), encoder.encode([one.positive for one in pairs])
    traps = encoder.encode([one.trap for one in pairs if one.trap])
    losses = []
    for number, one in enumerate(pairs):
        others = [at for at, other in enumerate(pairs) if at == number or other.group != one.group]
        own = anchors[number] @ positives[number]
        there = np.concatenate([positives[others] @ anchors[number], traps @ anchors[number]])
        back = anchors[others] @ positives[number]
        losses += [math.log(np.exp((cosines - own) / temperature).sum()) for cosines in (there, back)]
    return np.mean(losses)


def test_two_steps_are_taken_and_told(trained):
    _, heard = trained
    assert [(step, steps) for step, steps, _ in heard] == [(1, 2), (2, 2)]
    assert all(loss > 0 for _, _, loss in heard)


def test_every_linear_layer_gets_an_adapter_and_every_adapter_learns(trained):
    tensors, _ = trained
    assert len(tensors) == 12 * 6 * 2
    assert not [name for name in tensors if not name.startswith("encoder.layer.")]
    assert all(tensors[name].abs().max() > 0 for name in tensors)
    assert tensors["encoder.layer.0.intermediate.dense.lora_A.weight"].shape == (4, 384)
    assert tensors["encoder.layer.0.intermediate.dense.lora_B.weight"].shape == (1536, 4)


def test_the_same_seed_gives_the_same_tensors_and_another_seed_others(run, trained):
    tensors, heard = trained
    again, heard_again = run()
    assert heard_again == heard
    assert all(torch.equal(again[name], tensors[name]) for name in tensors)
    other, _ = run(recipe=Recipe(rank=4, alpha=8, batch=4, learning_rate=1e-3, longest=24, seed=21))
    assert not torch.equal(
        other["encoder.layer.0.output.dense.lora_A.weight"], tensors["encoder.layer.0.output.dense.lora_A.weight"]
    )


def test_the_first_loss_is_infonce_over_the_vectors_of_the_plain_model(run, encoder):
    _, heard = run(recipe=Recipe(rank=4, alpha=8, batch=8, longest=64))
    assert heard[0][2] == pytest.approx(_expected_loss(encoder, PAIRS, temperature=0.05), abs=0.05)


def test_training_brings_pairs_nearer_than_other_work(run):
    _, heard = run(recipe=Recipe(rank=4, alpha=8, batch=8, epochs=6, learning_rate=2e-3, longest=24))
    losses = [loss for _, _, loss in heard]
    assert losses[-1] < 0.7 * losses[0]


def test_pairs_of_the_same_group_are_not_negatives_of_one_another(run):
    same = [PAIRS[0], PAIRS[6]]
    _, alone = run(same, Recipe(rank=1, batch=2, longest=24))
    _, opposed = run([PAIRS[0], PAIRS[1]], Recipe(rank=1, batch=2, longest=24))
    assert alone[0][2] == pytest.approx(0, abs=1e-6)
    assert opposed[0][2] > 0.01


def test_a_trap_is_a_negative_even_when_all_else_is_the_same_work(run):
    bike, other = PAIRS[0], PAIRS[6]
    trapped = Pair(bike.anchor, bike.positive, bike.group, "Je repareert kleding voor de hele straat.")
    _, heard = run([trapped, other], Recipe(rank=1, batch=2, longest=24))
    assert heard[0][2] > 0.01


def test_a_trap_is_no_negative_of_the_pair_that_it_is_right_for(run):
    bike, tyre = PAIRS[0], PAIRS[6]
    trapped = Pair(tyre.anchor, tyre.positive, tyre.group, bike.positive)
    _, alone = run([trapped], Recipe(rank=1, batch=2, longest=24))
    _, beside_its_own = run([bike, trapped], Recipe(rank=1, batch=2, longest=24))
    assert beside_its_own[0][2] == pytest.approx(alone[0][2] / 2, rel=0.1)


def test_same_work_marks_others_of_the_group_and_never_the_pair_itself():
    groups = [Pair("a", "b", group) for group in ("x", "y", "x", "z")]
    assert _same_work(groups).nonzero().tolist() == [[0, 2], [2, 0]]


def test_going_on_from_an_earlier_run_starts_where_it_ended(run, model_folder, trained):
    heard = []
    careful = Recipe(rank=4, alpha=8, batch=8, learning_rate=1e-6, longest=24)
    train(model_folder, PAIRS, careful, lambda *told: heard.append(told), start=trained[0])
    _, afresh = run(recipe=careful)
    assert heard[0][2] < afresh[0][2] - 0.01


def test_going_on_from_a_run_of_another_model_is_refused(model_folder, trained):
    foreign = {name.replace("encoder.", "decoder."): weight for name, weight in trained[0].items()}
    with pytest.raises(ValueError, match=r"decoder\.layer"):
        train(model_folder, PAIRS, RECIPE, lambda *_: None, start=foreign)


def test_pairs_of_one_kind_share_batches_with_their_neighbours_on_the_labour_market():
    pairs = [Pair(f"a{n}", f"b{n}", "", kind=kind, near=f"{n:03}") for n in range(64) for kind in ("name", "task")]
    recipe = Recipe(batch=8, neighbourhoods=4)
    batches = _batches(pairs, recipe)
    assert Counter(pair for batch in batches for pair in batch) == Counter(pairs)
    assert len(batches) == steps(pairs, recipe) == 16
    assert all(len({pair.kind for pair in batch}) == 1 for batch in batches)
    spread = [max(int(pair.near) for pair in batch) - min(int(pair.near) for pair in batch) for batch in batches]
    assert np.mean(spread) < 24


def test_a_saved_adapter_holds_halved_tensors_and_its_scale(saved, trained):
    with safe_open(str(saved), framework="numpy") as stored:
        assert float(stored.metadata()["scale"]) == 2.0  # alpha over rank
        assert set(stored.keys()) == set(trained[0])
        assert {stored.get_tensor(name).dtype for name in stored.keys()} == {np.dtype(np.float16)}  # noqa: SIM118


def test_merging_equals_adding_the_low_rank_product(saved, trained, model_folder):
    state = load_file(model_folder / "model.safetensors")
    result = merged(state, saved)
    adapted = {name.rsplit(".lora_", 1)[0] for name in trained[0]}
    for target in adapted:
        expected = state[f"{target}.weight"] + _low_rank(trained[0], target, np.float16)
        np.testing.assert_allclose(result[f"{target}.weight"], expected, atol=1e-6)
        assert not np.array_equal(result[f"{target}.weight"], state[f"{target}.weight"])
    assert result.keys() == state.keys()
    assert all(result[name] is state[name] for name in state if name.removesuffix(".weight") not in adapted)


def test_two_steps_change_the_vectors(saved, own_cache, encoder):
    texts = [one.anchor for one in PAIRS]
    adapted = SentenceEncoder(str(ensure_folder(own_cache, saved)), own_cache).encode(texts)
    cosines = (adapted * encoder.encode(texts)).sum(axis=1)
    assert (cosines < 0.9999).all()
    assert (cosines > 0.5).all()
