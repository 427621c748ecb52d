import random

from hypothesis import given
from hypothesis import strategies as st

from embeddings.retelling import all_retold, in_few_words, lower_case, mistyped, retold, with_small_talk
from service.evaluation import robustness

SENTENCE = "Bij mijn oom heb ik altijd de fietsen gerepareerd, ook voor de buren."


def test_a_mistyped_sentence_differs_by_a_few_letters_and_keeps_its_words():
    for seed in range(50):
        told = mistyped(SENTENCE, random.Random(seed))
        assert abs(len(told) - len(SENTENCE)) <= 3
        assert len(set(told.split()) & set(SENTENCE.split())) >= 7
    assert mistyped(SENTENCE, random.Random(1)) != SENTENCE


def test_on_a_telephone_there_are_no_capitals_and_no_punctuation():
    assert lower_case(SENTENCE, random.Random(1)) == "bij mijn oom heb ik altijd de fietsen gerepareerd ook voor de buren"


def test_few_words_are_telling_words_in_the_order_they_were_said():
    words = lower_case(SENTENCE, random.Random(1)).split()
    for seed in range(20):
        kept = in_few_words(SENTENCE, random.Random(seed)).split()
        assert 2 <= len(kept) <= 5
        assert [words.index(word) for word in kept] == sorted(words.index(word) for word in kept)
        assert not {"heb", "de", "voor"} & set(kept)


def test_small_talk_surrounds_the_sentence_and_is_not_the_small_talk_of_the_measure():
    told = {with_small_talk(SENTENCE, random.Random(seed)) for seed in range(50)}
    assert all(SENTENCE in text and len(text) > len(SENTENCE) + 20 for text in told)
    assert not [aside for aside in robustness._ASIDES if any(aside in text for text in told)]


def test_sentences_of_one_person_are_all_told_the_same_way():
    others = (SENTENCE, "Ik kook graag, vooral voor veel mensen!", "Met kinderen ben ik rustig: dat zeggen ze op school ook.")
    amid_small_talk, lowered = 0, 0
    for seed in range(40):
        told = all_retold(others, random.Random(seed))
        whole = [one in text and one != text for one, text in zip(others, told, strict=True)]
        lower = [text == lower_case(one, random.Random()) for one, text in zip(others, told, strict=True)]
        assert all(whole) or not any(whole)
        assert all(lower) or not any(lower)
        amid_small_talk, lowered = amid_small_talk + all(whole), lowered + all(lower)
    assert min(amid_small_talk, lowered) > 3


@given(st.text(st.characters(categories=["L", "Zs", "P"]), min_size=1), st.integers(0, 2**32))
def test_any_text_can_be_retold_the_same_way_twice(text, seed):
    assert retold(text, random.Random(seed)) == retold(text, random.Random(seed))
