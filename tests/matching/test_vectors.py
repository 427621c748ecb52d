import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.vectors import Place, Places, Profile, opportunity_texts, seeker_texts
from tests.matching.strategies import open_seekers, place_lists, quick


def numbered(count, first=0):
    """Rows that say their own number."""
    return np.arange(first, first + count, dtype=np.float32)[:, None]


@quick
@given(open_seekers())
def test_each_sentence_of_a_person_finds_its_own_vector(seeker):
    texts = seeker_texts(seeker)
    profile = Profile(seeker, numbered(len(texts)))
    for rows, said in [
        (profile.abilities, seeker.abilities),
        (profile.learning, seeker.learning),
        (profile.motivations, seeker.motivations),
    ]:
        assert tuple(texts[int(row)] for row in rows[:, 0]) == said
    assert all(sentence in texts[int(profile.whole[0])] for sentence in seeker.sentences)
    assert all(sentence in texts[int(profile.can[0])] for sentence in seeker.abilities + seeker.learning)


@quick
@given(place_lists())
def test_each_sentence_of_a_place_finds_its_own_row(places):
    texts, labelled = [], []
    for place in places:
        said = opportunity_texts(place.opportunity)
        labelled.append(Place(place.opportunity, numbered(len(said), len(texts))))
        texts += said
    stack = Places(labelled)
    for number, opportunity in enumerate(stack.opportunities):
        tasks = [texts[int(row)] for row in stack.tasks[stack.task_rows(number), 0]]
        needs = [texts[int(row)] for row in stack.needs[stack.need_rows(number), 0]]
        assert tasks == list(opportunity.tasks or [opportunity.title])
        assert needs == [need.text for need in opportunity.needs]
        assert texts[int(stack.title[number, 0])] == opportunity.title
        assert texts[int(stack.summary[number, 0])] == (opportunity.summary or texts[int(stack.whole[number, 0])])
        assert texts[int(stack.offers[number, 0])] == (opportunity.offers or texts[int(stack.whole[number, 0])])
        assert opportunity.title in texts[int(stack.whole[number, 0])]


@quick
@given(place_lists())
def test_a_place_is_found_by_its_whole_text_its_title_and_its_tasks(places):
    for place in places:
        texts = opportunity_texts(place.opportunity)
        found = Place(place.opportunity, numbered(len(texts))).meaning
        tasks = place.opportunity.tasks or (place.opportunity.title,)
        assert [texts[int(row)] for row in found[:, 0]] == [texts[0], place.opportunity.title, *tasks]


@quick
@given(place_lists(), st.data())
def test_places_that_are_taken_are_as_those_places_alone(places, data):
    numbers = data.draw(st.lists(st.integers(0, len(places) - 1), min_size=1, unique=True))
    taken, alone = Places(places).take(np.array(numbers)), Places([places[number] for number in numbers])
    assert taken.opportunities == alone.opportunities
    assert taken.practical.rows.tobytes() == Places(places).practical.rows[numbers].tobytes()
    for name in ("whole", "title", "summary", "offers", "tasks", "needs", "emphasis", "task_starts", "need_starts"):
        np.testing.assert_array_equal(getattr(taken, name), getattr(alone, name))
