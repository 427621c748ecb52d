import numpy as np
import pytest

from embeddings.names import LETTERS, letters_alike, name_scores


def test_equal_names_are_alike_whatever_their_case_and_others_less():
    alike = letters_alike(["Heftruckchauffeur"], ["heftruckchauffeur", "chauffeur heftruck", "kapper"])
    assert alike.shape == (1, 3)
    assert alike[0, 0] == pytest.approx(1)
    assert 1 > alike[0, 1] > alike[0, 2] >= 0


def test_letters_decide_between_names_that_mean_about_the_same():
    meaning = np.float32([[0.80, 0.81]])
    letters = letters_alike(["tig-lasser"], ["tig-lasser", "mig-mag-lasser"])
    scores = name_scores(meaning, letters, np.array([False, False]))
    assert scores[0, 0] > scores[0, 1]


def test_of_two_equal_names_the_preferred_one_comes_first_and_no_more_than_that():
    equal = np.float32([[0.9, 0.9]])
    scores = name_scores(equal, equal * 0, np.array([False, True]))
    assert scores[0, 1] > scores[0, 0]
    nearly = name_scores(np.float32([[0.91, 0.9]]), equal * 0, np.array([False, True]))
    assert nearly[0, 0] > nearly[0, 1]
    assert 0 < LETTERS < 1
