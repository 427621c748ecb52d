"""The adapted encoder still understands everyday language, and the measure that says so is the standard one."""

import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr
from typer.testing import CliRunner

from service import text
from service.cli import app
from service.errors import UnusableFile
from service.evaluation.general import HIGHEST, GradedPair, compare, read_pairs, report, spearman

GENERAL = Path(__file__).parent.parent / "general"
SIZES = {"nl": 160, "en": 60, "tr": 60, "ar": 60, "pl": 60, "uk": 60, "across": 100}
MAY_LOSE = 0.01


class Likeness:
    """An encoder in the plane that is told the cosine of the two sentences of each pair."""

    model, dimension = "likeness", 2

    def __init__(self, cosines: list[float]) -> None:
        self._cosines = np.array(cosines)

    def encode(self, texts, progress=None):
        others = np.stack([self._cosines, np.sqrt(1 - self._cosines**2)], axis=1)
        return np.concatenate([np.tile([1.0, 0.0], (len(others), 1)), others]).astype(np.float32)


def graded(count: int = 30) -> list[GradedPair]:
    return [
        GradedPair(one=f"een {number}", other=f"ander {number}", similarity=number % (HIGHEST + 1)) for number in range(count)
    ]


def overlap(pair: GradedPair) -> float:
    one, other = (set(re.findall(r"\w+", sentence.lower())) for sentence in (pair.one, pair.other))
    return len(one & other) / len(one | other)


@pytest.fixture(scope="module")
def answer() -> dict:
    result = CliRunner().invoke(app, ["general", str(GENERAL), "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize("together", ["dutch", "others"])
def test_the_adapted_encoder_forgets_at_most_one_point(answer: dict, together: str) -> None:
    row = answer["together"][together]
    assert row["adapted"] >= row["unadapted"] - MAY_LOSE, text.general(answer)


def test_every_file_is_reported_with_both_encoders_and_their_difference(answer: dict) -> None:
    assert {name: row["pairs"] for name, row in answer["files"].items()} == SIZES
    assert answer["together"]["dutch"]["pairs"] == SIZES["nl"] + SIZES["across"]
    for name, row in {**answer["files"], **answer["together"]}.items():
        assert row["difference"]["mean"] == pytest.approx(row["adapted"] - row["unadapted"]), name
        assert row["difference"]["low"] < row["difference"]["mean"] < row["difference"]["high"], name
        assert f"{row['adapted']:.3f}" in text.general(answer)


def test_the_pairs_keep_their_own_rules() -> None:
    files = read_pairs(GENERAL)
    assert {name: len(pairs) for name, pairs in files.items()} == SIZES
    for name, pairs in files.items():
        counts = Counter(pair.similarity for pair in pairs)
        assert set(counts) == set(range(HIGHEST + 1)), name
        assert max(counts.values()) - min(counts.values()) <= 2, name
        sentences = [sentence for pair in pairs for sentence in (pair.one, pair.other)]
        assert len(set(sentences)) == len(sentences), name


@pytest.mark.parametrize("name", sorted(SIZES.keys() - {"across"}))
def test_shared_words_lead_astray_both_ways(name: str) -> None:
    pairs = read_pairs(GENERAL)[name]
    assert sum(overlap(pair) >= 0.4 for pair in pairs if pair.similarity <= 2) >= 5
    assert sum(overlap(pair) <= 0.15 for pair in pairs if pair.similarity >= 4) >= 5


def test_the_correlation_equals_that_of_scipy_with_ties_and_for_many_samples_at_once() -> None:
    draw = np.random.default_rng(1)
    grades = draw.integers(0, 6, (3, 40)).astype(float)
    values = draw.normal(grades, 2).round(1)
    expected = [spearmanr(one, other).statistic for one, other in zip(grades, values, strict=True)]
    assert spearman(grades, values) == pytest.approx(expected)


def test_a_gain_is_positive_and_a_loss_negative_with_an_interval_on_that_side() -> None:
    pairs = graded()
    right = Likeness([0.1 + pair.similarity / 10 for pair in pairs])
    wrong = Likeness([0.9 - pair.similarity / 10 for pair in pairs])
    row = report({"nl": pairs, "tr": pairs}, right, wrong)["together"]["dutch"]
    assert (row["adapted"], row["unadapted"], row["pairs"]) == (pytest.approx(1), pytest.approx(-1), 30)
    assert row["difference"]["low"] == pytest.approx(2)
    assert report({"tr": pairs}, wrong, right)["together"]["others"]["difference"]["high"] == pytest.approx(-2)


def test_an_encoder_beside_itself_gains_nothing_in_any_draw() -> None:
    noisy = Likeness(list(np.random.default_rng(2).uniform(0, 1, 30)))
    compared = compare(graded(), noisy, noisy, np.random.default_rng(3))
    assert compared.adapted == compared.unadapted
    assert not compared.gains.any()


def test_a_group_is_the_mean_of_its_files_with_a_narrower_interval() -> None:
    pairs = graded(60)
    noise = np.random.default_rng(4).uniform(0, 0.5, 60)
    noisy = Likeness([pair.similarity / 12 + one for pair, one in zip(pairs, noise, strict=True)])
    other = Likeness([pair.similarity / 12 + one for pair, one in zip(pairs, noise[::-1], strict=True)])
    answer = report({"en": pairs, "pl": pairs}, noisy, other)
    one, both = answer["files"]["en"], answer["together"]["others"]
    assert both["difference"]["mean"] == pytest.approx(one["difference"]["mean"])
    assert both["difference"]["high"] - both["difference"]["low"] < one["difference"]["high"] - one["difference"]["low"]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], r"nl\.jsonl needs at least 20 pairs"),
        (['{"one": "a", "other": "b", "similarity": 5}'] * 30, "no grade on more than half"),
        (['{"one": "a", "other": "b", "similarity": 6}'], r"nl\.jsonl:1: similarity"),
        (["", '{"one": "a", "similarity": 1}'], r"nl\.jsonl:2: other"),
        (["geen json"], r"nl\.jsonl:1: row"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, lines: list[str], says: str) -> None:
    (tmp_path / "nl.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(UnusableFile, match=says):
        read_pairs(tmp_path)


def test_a_folder_without_pairs_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match=re.escape(str(tmp_path))):
        read_pairs(tmp_path)
