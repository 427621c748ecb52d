import numpy as np
import pytest
from hypothesis import given

from matching.explaining import COMES_NEAR, MOST_REASONS, WORTH_SAYING, strengths
from matching.model import AskedFor, Need, Opportunity, Rung, Seeker, State
from matching.practical import distance_between
from matching.ranking import match_pair
from matching.vectors import Place, Profile, opportunity_texts, seeker_texts
from tests.matching.strategies import WEIGHTS, along, opportunities, profiles, quick, seekers, single_places

CLOSE = 1e-5


def row_of(texts, text, first, count):
    return texts.index(text, first, first + count)


def cosine(profile, place, evidence):
    """Cosine of the two sentences of a piece of evidence, looked up by their text."""
    told, asked = profile.seeker, place.opportunity
    statements, sentences = seeker_texts(told), opportunity_texts(asked)
    tasks = len(asked.tasks) or 1
    first, count = {AskedFor.TASK: (4, tasks), AskedFor.NEED: (4 + tasks, len(asked.needs))}[evidence.part]
    here = row_of(statements, evidence.statement, 2, len(told.sentences))
    there = row_of(sentences, evidence.asked, first, count)
    return float(profile.vectors[here] @ place.vectors[there])


@quick
@given(profiles(seekers()), single_places(opportunities()))
def test_evidence_puts_a_sentence_of_the_person_beside_one_of_the_place(profile, place):
    match = match_pair(profile, place, WEIGHTS)
    told, asked = profile.seeker, place.opportunity
    said = {
        AskedFor.TASK: asked.tasks or (asked.title,),
        AskedFor.NEED: tuple(need.text for need in asked.needs),
        AskedFor.OFFER: (asked.offers, asked.summary, asked.title),
    }
    for evidence in match.evidence:
        assert evidence.asked in said[evidence.part]
        assert evidence.asked
        from_whom = told.motivations if evidence.part is AskedFor.OFFER else told.abilities + told.learning
        assert evidence.statement in from_whom
        assert 0 <= evidence.strength <= 1


@quick
@given(profiles(), single_places())
def test_strength_is_the_calibrated_cosine_of_the_two_sentences(profile, place):
    for evidence in match_pair(profile, place, WEIGHTS).evidence:
        if evidence.part is not AskedFor.OFFER:
            expected = 1 / (1 + np.exp(1.5 - 6 * cosine(profile, place, evidence)))
            assert evidence.strength == pytest.approx(expected, abs=CLOSE)


@quick
@given(profiles(), single_places())
def test_the_best_supporting_statement_is_quoted(profile, place):
    statements = profile.vectors[2 : 2 + len(profile.seeker.abilities + profile.seeker.learning)]
    for evidence in match_pair(profile, place, WEIGHTS).evidence:
        if evidence.part is AskedFor.TASK:
            task = (place.opportunity.tasks or (place.opportunity.title,)).index(evidence.asked)
            best = float((statements @ place.vectors[4 + task]).max())
            assert cosine(profile, place, evidence) == pytest.approx(best, abs=CLOSE)


@quick
@given(profiles(), single_places())
def test_reasons_are_few_strongest_first_and_worth_saying(profile, place):
    reasons = [one for one in match_pair(profile, place, WEIGHTS).evidence if one.part is not AskedFor.OFFER]
    assert len(reasons) <= MOST_REASONS
    assert [one.strength for one in reasons] == sorted((one.strength for one in reasons), reverse=True)
    if len(reasons) > 1:
        assert min(one.strength for one in reasons) >= WORTH_SAYING


@quick
@given(profiles(), single_places())
def test_what_comes_near_is_said_alone_and_only_when_nothing_is_stronger(profile, place):
    match = match_pair(profile, place, WEIGHTS)
    statements = profile.vectors[2 : 2 + len(profile.seeker.abilities + profile.seeker.learning)]
    tasks = place.vectors[4 : 4 + (len(place.opportunity.tasks) or 1)]
    best = float(strengths((statements @ tasks.T).max(), WEIGHTS)) if len(statements) else 0.0
    said = [one.strength for one in match.evidence]
    assert all(strength >= COMES_NEAR for strength in said)
    assert len(said) == 1 or all(strength >= WORTH_SAYING for strength in said)
    assert said or best < COMES_NEAR


def _cosine_of(strength: float) -> float:
    """The cosine at which the logistic of these weights reaches a strength."""
    return (np.log(strength / (1 - strength)) - WEIGHTS.evidence.intercept) / WEIGHTS.evidence.coefficients["cosine"]


@quick
@given(profiles(), single_places())
def test_a_need_is_a_gap_exactly_when_no_sentence_of_the_person_supports_it(profile, place):
    opportunity = place.opportunity
    rows = place.vectors[4 + (len(opportunity.tasks) or 1) :]
    expected = []
    for need, row in zip(opportunity.needs, rows, strict=True):
        heard = profile.seeker.abilities + (profile.seeker.learning if need.learnable else ())
        statements = profile.vectors[2 : 2 + len(heard)]
        best = float((statements @ row).max()) if len(statements) else -1.0
        if best < _cosine_of(WORTH_SAYING):
            expected.append((need.text, State.TO_LEARN if need.learnable else State.BLOCKING, need.must))
    assert [(gap.text, gap.state, gap.must) for gap in match_pair(profile, place, WEIGHTS).gaps] == expected


@quick
@given(profiles(seekers()), single_places(opportunities()))
def test_a_match_carries_the_pair_it_is_about(profile, place):
    match = match_pair(profile, place, WEIGHTS)
    assert (match.seeker_id, match.opportunity) == (profile.seeker.id, place.opportunity)
    assert match.distance_km == distance_between(profile.seeker, place.opportunity)
    assert match.fits == (not match.unmet)


def test_strengths_keep_the_shape_of_the_cosines():
    cosines = np.array([[0.0, 0.25], [0.5, 1.0]], np.float32)
    found = strengths(cosines, WEIGHTS)
    assert found.shape == (2, 2)
    assert found[0, 1] == pytest.approx(0.5)
    assert (np.diff(found.ravel()) > 0).all()


def explained(offer_axis=3, summary_axis=2, title_axis=1, **place):
    """Someone who is moved by axis 5 and can do axis 6, with a place whose task is axis 4."""
    seeker = Seeker("s", abilities=("ik repareer fietsen",), motivations=("ik ben graag buiten",))
    opportunity = Opportunity("p", Rung.PAID, "Buiten aan het werk", tasks=("banden plakken",), **place)
    texts = along(0, title_axis, summary_axis, offer_axis, 4)
    return match_pair(Profile(seeker, along(8, 6, 6, 5)), Place(opportunity, texts), WEIGHTS)


def motives(match):
    return [(one.statement, one.asked) for one in match.evidence if one.part is AskedFor.OFFER]


def test_a_motivation_stands_beside_what_the_place_offers():
    match = explained(offer_axis=5, offers="frisse lucht", summary="Een werkplaats")
    assert motives(match) == [("ik ben graag buiten", "frisse lucht")]


def test_a_motivation_far_from_the_place_is_not_put_beside_it():
    assert motives(explained(offers="frisse lucht", summary="Een werkplaats")) == []


@pytest.mark.parametrize("closest", ["summary_axis", "title_axis"])
def test_a_motivation_is_never_put_beside_a_sentence_that_it_is_far_from(closest):
    match = explained(offers="een dertiende maand", summary="Werk in de buitenlucht", **{closest: 5})
    assert ("ik ben graag buiten", "een dertiende maand") not in motives(match)


def test_someone_who_told_nothing_of_what_moves_them_gets_no_motive_made_up():
    seeker = Seeker("s", abilities=("ik repareer fietsen",))
    opportunity = Opportunity("p", Rung.PAID, "Fietsenmaker", offers="frisse lucht")
    match = match_pair(Profile(seeker, along(5, 5, 5)), Place(opportunity, along(5, 5, 5, 5, 5)), WEIGHTS)
    assert motives(match) == []


def test_what_is_far_from_everything_that_is_asked_is_not_quoted():
    assert explained().evidence == ()


def test_someone_who_told_nothing_yet_gets_no_invented_reason():
    opportunity = Opportunity("p", Rung.PAID, "Kok", tasks=("koken",), needs=(Need("handig"),), offers="lunch")
    match = match_pair(Profile(Seeker("s"), along(0, 0)), Place(opportunity, along(0, 0, 0, 0, 0, 0)), WEIGHTS)
    assert match.evidence == ()
    assert [gap.text for gap in match.gaps] == ["handig"]
