"""The main path of each user, as they walk it."""

import re
from functools import partial

import pytest
from playwright.sync_api import Page, expect

SENTENCES = (
    "Ik repareer al jaren fietsen voor de hele buurt.",
    "Ik leg rustig uit wat er kapot is.",
    "Ik houd mijn werkplaats netjes.",
)


def add_person(page: Page, name: str) -> None:
    page.goto("/people/new")
    for number, sentence in enumerate(SENTENCES, start=1):
        page.fill("#new_ability", sentence)
        page.press("#new_ability", "Enter")
        expect(page.locator(".kind--ability .said li")).to_have_count(number)
    page.fill("#name", name)
    page.fill("#place", "Doetinchem")
    page.fill("#postcode4", "7001")
    for skill in ("speaking", "reading"):
        expect(page.locator(f"#{skill}")).to_have_value("")
        page.select_option(f"#{skill}", "B1")
    page.click("button[name=save]")
    page.wait_for_url(re.compile("/people/p-.*/matches"))


@pytest.mark.parametrize(("scripts", "size"), [(True, "laptop"), (False, "phone")])
def test_add_a_person_find_a_place_and_propose_it(visitor, scripts, size):
    with visitor.page(scripts=scripts, size=size) as page:
        add_person(page, f"Nieuw {size}")
        expect(page.locator(".card").first).to_contain_text("Fietstechnicus")
        expect(page.locator(".card").first.locator(".pair__own").first).to_contain_text("fietsen")
        page.locator(".card").first.get_by_role("link", name=re.compile("Bekijk en stel voor")).click()
        page.fill("#note", "Dit past bij wat je vertelde over fietsen.")
        page.get_by_role("button", name="Stel voor").click()
        expect(page.get_by_role("status")).to_contain_text("voorgesteld aan de inwoner")
        expect(page.locator(".history")).to_contain_text("Dit past bij wat je vertelde")
        page.get_by_role("button", name="Maak ongedaan").click()
        expect(page.get_by_role("status")).to_contain_text("teruggedraaid")


def test_propose_with_the_keyboard_alone(visitor):
    with visitor.page() as page:
        page.goto("/people/s28/matches")
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_text("Naar de inhoud")
        page.keyboard.press("Enter")
        link = page.get_by_role("link", name=re.compile("Bekijk en stel voor")).first
        for _ in range(60):
            page.keyboard.press("Tab")
            if link.evaluate("one => one === document.activeElement"):
                break
        page.keyboard.press("Enter")
        page.wait_for_url("**/places/**")
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.locator("#note").evaluate("one => one === document.activeElement"):
                break
        page.keyboard.type("Samen bekeken.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("voorgesteld")


def test_the_cursor_stays_where_somebody_types(visitor):
    with visitor.page() as page:
        page.goto("/people/new")
        page.fill("#new_learning", "Ik wil leren lassen.")
        page.press("#new_learning", "Enter")
        expect(page.locator(".kind--learning .said li")).to_have_count(1)
        expect(page.locator("#new_learning")).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_entry_check_answers_in_place_and_nothing_is_kept(visitor, scripts):
    with visitor.page(scripts=scripts) as page:
        page.goto("/people/new")
        page.fill("#new_ability", "Ik heb een burn-out gehad.")
        page.press("#new_ability", "Enter")
        expect(page.locator(".said__concern")).to_contain_text("burn-out")
        page.click("button[name=save]")
        expect(page.locator(".utrecht-alert--error")).to_be_visible()
        page.get_by_role("button", name=re.compile("Haal weg")).click()
        expect(page.locator(".said li")).to_have_count(0)


def test_search_and_filter_the_caseload(visitor):
    with visitor.page() as page:
        page.goto("/people")
        page.fill("#q", "schoonmoeder")
        expect(page.locator(".person-row")).to_have_count(1)
        expect(page.locator(".person-row__name")).to_have_text("Amina Haddad")
        page.fill("#q", "bestaat vast niet")
        expect(page.locator(".empty")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_hand_people_over_and_take_it_back(visitor, scripts):
    with visitor.page(scripts=scripts, size="laptop" if scripts else "phone") as page:
        page.goto("/people")
        page.get_by_role("button", name="Draag over").click()
        expect(page.get_by_role("alert")).to_contain_text("Kies eerst")
        page.get_by_label("Kies Amina Haddad").check()
        if scripts:
            page.get_by_label("Kies iedereen op deze bladzijde").check()
        page.get_by_role("button", name="Draag over").click()
        expect(page.get_by_role("status")).to_contain_text("mensen horen nu bij" if scripts else "1 persoon hoort nu bij")
        page.get_by_role("button", name="Maak ongedaan").click()
        expect(page.get_by_role("status")).to_contain_text("Teruggedraaid")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_sentence_is_added_in_seconds_and_checked_in_place(visitor, scripts):
    with visitor.page(scripts=scripts) as page:
        page.goto("/people/s03")
        page.fill("#add-learning", "Ik wil over mijn burn-out leren praten.")
        page.press("#add-learning", "Enter")
        expect(page.locator("#concern-learning")).to_contain_text("burn-out")
        expect(page.locator("#add-learning")).to_have_value("Ik wil over mijn burn-out leren praten.")
        said = f"Ik wil leren {'schilderen' if scripts else 'timmeren'}."
        page.fill("#add-learning", said)
        page.press("#add-learning", "Enter")
        told = page.locator("#told-panel details", has_text=said)
        expect(told).to_be_visible()
        told.locator("summary").click()
        told.get_by_role("button", name="Haal deze zin weg").click()
        expect(page.locator("#told-panel details", has_text=said)).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False])
def test_occupations_that_sound_like_what_was_told(visitor, scripts):
    with visitor.page(scripts=scripts) as page:
        page.goto("/people/s01")
        page.get_by_text("Beroepen die hierop lijken").click()
        if not scripts:
            page.get_by_role("link", name="Bekijk de beroepen").click()
        expect(page.locator("main")).to_contain_text("Fietsenmaker")


def test_contact_and_a_plan(visitor):
    with visitor.page(scripts=False) as page:
        page.goto("/people/s06")
        page.fill("#note", "Bel terug op 06-12345678.")
        page.get_by_role("button", name="Noteer").click()
        expect(page.locator("#note-concern")).to_contain_text("06-12345678")
        page.fill("#note", "We spraken over werken met dieren.")
        page.get_by_role("button", name="Noteer").click()
        expect(page.locator(".history")).to_contain_text("werken met dieren")
        page.get_by_role("link", name="Maak een plan").click()
        page.fill("#goal-0", "Twee ochtenden op de kinderboerderij")
        page.get_by_label("Stap 1").fill("Samen gaan kijken")
        page.get_by_role("button", name="Nog een regel erbij").click()
        page.get_by_label("Stap 2").fill("Een week meelopen")
        page.get_by_role("button", name="Bewaar").click()
        expect(page.locator("section", has=page.locator("#plan"))).to_contain_text("Een week meelopen")
        page.get_by_role("link", name="Geschiedenis").click()
        expect(page.locator(".history")).to_contain_text("Twee ochtenden op de kinderboerderij")


def test_two_who_change_a_plan_lose_nothing(visitor):
    with visitor.page() as mine, visitor.page() as theirs:
        theirs.goto("/people/s07/plan")
        theirs.fill("#goal-0", "Vaste ochtenden")
        theirs.get_by_role("button", name="Bewaar").click()
        for page in (mine, theirs):
            page.goto("/people/s07/plan")
        theirs.get_by_label("Stap 1").first.fill("Bellen met de kantine")
        theirs.get_by_role("button", name="Bewaar").click()
        expect(theirs.get_by_role("status")).to_be_visible()
        mine.get_by_label("Stap 1").first.fill("Langsgaan bij de kantine")
        mine.get_by_role("button", name="Bewaar").click()
        expect(mine.get_by_role("alert")).to_contain_text("Iemand anders")
        expect(mine.get_by_label("Stap 1").first).to_have_value("Langsgaan bij de kantine")


def test_what_if_why_not_and_what_opens_most(visitor):
    with visitor.page() as page:
        page.goto("/people/s02/matches")
        page.get_by_text("Wat als …").click()
        page.get_by_label("Nederlands een stap verder").check()
        expect(page.locator("#effect .effect__sum")).not_to_be_empty()
        page.get_by_text("Wat opent het meest").click()
        expect(page.locator("#opens .question")).not_to_be_empty()
        page.get_by_text("Waarom niet …").click()
        page.fill("#named-q", "Helpende zorg")
        page.locator("#named").get_by_role("link", name=re.compile("Helpende")).click()
        expect(page.locator("#practical")).to_have_text("Wat praktisch eerst nodig is")
        expect(page.locator(".facts--all")).to_contain_text("VOG")


def test_the_list_is_numbered_as_it_stands_and_the_map_shows_what_is_unfolded(visitor):
    with visitor.page() as page:
        page.goto("/people/s06/matches")
        near, far = page.locator(".on-rung .card"), page.locator(".far .card")
        assert near.count() > 1
        assert far.count()
        numbers = [str(number) for number in range(1, near.count() + far.count() + 1)]
        assert page.locator(".card__number").all_text_contents() == numbers
        drawn = page.locator(".map__number")
        assert drawn.filter(visible=True).all_text_contents()[::-1] == numbers[: near.count()]
        page.locator(".far > summary").click()
        assert drawn.filter(visible=True).all_text_contents()[::-1] == numbers
        for card in page.locator(".card").all():
            quoted = card.locator(".pair__own").all_text_contents()
            assert len(quoted) == len(set(quoted)), quoted
        assert page.locator(".pair").filter(has=page.locator(".pair__task + .pair__task")).count()


def test_what_opens_most_is_told_of_everyone(visitor):
    with visitor.page() as page:
        costs = 0
        for code in ("s01", "s02", "s06", "s08"):
            page.goto(f"/people/{code}/what-opens")
            expect(page.locator(".question")).not_to_be_empty()
            costs += page.locator(".sign").count()
        assert costs


def test_a_town_that_is_not_known_is_pointed_out(visitor):
    with visitor.page(scripts=False) as page:
        page.goto("/people/new")
        page.fill("#new_ability", "Ik repareer al jaren fietsen.")
        page.fill("#place", "Doetinchm")
        page.click("button[name=save]")
        expect(page.locator("#place-problem")).to_contain_text("Deze plaats kennen we niet")
        page.fill("#place", "Doetinchem")
        page.click("button[name=save]")
        expect(page.locator("h1")).to_contain_text("Wat past bij")


def test_the_same_without_scripts(visitor):
    with visitor.page(scripts=False, size="phone") as page:
        page.goto("/people/s02/what-if")
        expect(page.locator(".question")).not_to_be_empty()
        page.get_by_label("8 uur meer per week").check()
        page.get_by_role("button", name="Laat zien wat dat opent").click()
        expect(page.locator("#effect .effect__sum")).not_to_be_empty()
        page.goto("/people/s02/why-not?q=Helpende")
        expect(page.locator("#named")).to_contain_text("Helpende")


def test_two_places_side_by_side_and_on_paper(visitor):
    with visitor.page(scripts=False) as page:
        page.goto("/people/s28/matches")
        if page.locator(".far").count():
            page.locator(".far summary").first.click()
        for box in page.get_by_label("Vergelijk").all()[:2]:
            box.check()
        titles = page.locator(".card", has=page.get_by_label("Vergelijk")).locator(".card__title").all_inner_texts()[:2]
        page.get_by_role("button", name="Zet naast elkaar").click()
        assert page.locator("thead th").all_inner_texts() == titles
        page.goto("/people/s28/print")
        expect(page.locator(".sheet-of-paper").first).to_contain_text("Waarom dit bij je past")


def test_two_editors_get_a_choice(visitor):
    with visitor.page() as mine, visitor.page() as theirs:
        for page in (mine, theirs):
            page.goto("/people/s05/edit")
        theirs.fill("#max_travel_km", "17")
        theirs.click("button[name=save]")
        expect(theirs.locator(".utrecht-alert--ok")).to_be_visible()
        mine.fill("#contact", "belt liefst in de ochtend")
        mine.click("button[name=save]")
        expect(mine.locator(".compare")).to_contain_text("17")
        expect(mine.locator("#contact")).to_have_value("belt liefst in de ochtend")
        mine.click("button[name=save]")
        mine.wait_for_url("**/people/s05?saved=yes")
        expect(mine.locator("body")).to_contain_text("belt liefst in de ochtend")


def test_a_session_that_is_over_loses_no_text(visitor):
    with visitor.page() as page:
        page.goto("/people/new")
        page.fill("#new_ability", "Ik kan goed met paarden.")
        page.fill("#name", "Bijna kwijt")
        page.context.clear_cookies()
        page.click("button[name=save]")
        page.fill("#email", "klantmanager@demo.example")
        page.fill("#password", "welkom-bij-passend")
        page.get_by_role("button", name="Inloggen").click()
        page.get_by_role("button", name="Ga verder met wat ik typte").click()
        expect(page.locator("h1")).to_have_text("Wat past bij Bijna kwijt")


def test_a_sentence_typed_after_the_session_was_over_is_kept(visitor):
    with visitor.page() as page:
        page.goto("/people/s08")
        page.fill("#add-motivation", "Vakwerk waar je trots op bent.")
        page.context.clear_cookies()
        page.press("#add-motivation", "Enter")
        page.fill("#email", "klantmanager@demo.example")
        page.fill("#password", "welkom-bij-passend")
        page.get_by_role("button", name="Log in").or_(page.get_by_role("button", name="Inloggen")).click()
        page.locator("main form button").click()
        expect(page.locator("#told-panel")).to_contain_text("Vakwerk waar je trots op bent.")


def test_a_resident_answers_and_corrects(visitor):
    with visitor.page("inwoner", size="phone", scripts=False) as page:
        page.goto("/my-page")
        expect(page.locator(".ask")).to_contain_text("Dit past bij wat je vertelde over fietsen.")
        expect(page.locator(".ask__yes")).to_contain_text("mag Rijwielhuis De Gouden Ketting weten wie je bent")
        page.get_by_role("button", name=re.compile("Ja, dit wil ik")).first.click()
        expect(page.get_by_role("status")).to_contain_text("Dank je wel")
        page.locator("#add-learning").fill("Ik wil leren lassen.")
        page.locator("#add-learning").press("Enter")
        expect(page.locator("#told-panel")).to_contain_text("Ik wil leren lassen.")


def test_an_account_manager_sees_who_fits_by_code(visitor):
    with visitor.page("accountmanager") as page:
        page.goto("/places")
        page.fill("#q", "Fietstechnicus")
        expect(page.locator(".person-row")).to_have_count(1)
        page.get_by_role("link", name=re.compile("Wie past")).click()
        expect(page.locator(".card").filter(has_text="s01")).to_contain_text("fietsen")
        expect(page.locator("body")).not_to_contain_text("Wielaard")


def test_an_auditor_does_a_run_again(visitor):
    with visitor.page() as page:
        page.goto("/people/s03/matches")
    with visitor.page("auditor") as page:
        page.goto("/receipts")
        expect(page.get_by_role("status")).to_contain_text("De keten klopt")
        page.locator("tbody a").first.click()
        page.get_by_role("button", name="Doe deze zoekvraag opnieuw").click()
        expect(page.get_by_role("status")).to_contain_text("precies gelijk")


def test_another_role_gets_a_page_that_says_so(visitor):
    with visitor.page("inwoner") as page:
        answer = page.goto("/people")
        assert answer.status == 403
        expect(page.locator("h1")).to_have_text("Deze pagina is voor iemand anders")
        expect(page.locator("main")).not_to_contain_text("formulier")
        assert page.goto("/bestaat-niet").status == 404
        expect(page.locator("h1")).to_have_text("Deze pagina is er niet")


def test_who_is_not_signed_in_signs_in_and_goes_on(visitor):
    with visitor.page(None, scripts=False) as page:
        assert page.request.get("/", max_redirects=0).status == 303
        assert page.request.get("/v1/me", max_redirects=0).status == 401
        page.goto("/people/s05?saved=yes")
        expect(page.locator("h1")).to_have_text("Inloggen")
        page.fill("#email", "klantmanager@demo.example")
        page.fill("#password", "welkom-bij-passend")
        page.get_by_role("button", name="Inloggen").click()
        page.wait_for_url("**/people/s05?saved=yes")


def _answered(answer, route):
    if answer == "failed":
        route.abort(answer)
    else:
        route.fulfill(**answer)


def test_what_goes_wrong_is_told_at_the_top_and_the_card_stays(visitor):
    with visitor.page() as page:
        page.goto("/people/s05")
        told = page.locator("#told-panel").inner_text()
        sent = page.locator("#told-panel form", has=page.locator("#add-learning"))
        sent.locator("[name=csrf]").evaluate("one => { one.value = 'old' }")
        alert = page.locator("#alerts").get_by_role("alert")
        for words, answer in (
            ("de pagina stond te lang open", None),
            ("Er kwam geen antwoord", {"status": 502, "body": "<html><h1>Bad gateway</h1></html>", "content_type": "text/html"}),
            ("Er kwam geen antwoord", {"status": 413, "body": "<html><h1>Too large</h1></html>", "content_type": "text/html"}),
            ("Er kwam geen antwoord", "failed"),
        ):
            page.unroute_all()
            if answer:
                page.route("**/sentences", partial(_answered, answer))
            page.fill("#add-learning", "Ik wil leren lassen.")
            page.press("#add-learning", "Enter")
            expect(alert).to_contain_text(words)
            expect(page.locator("#alerts")).to_be_focused()
            assert page.locator("#told-panel").inner_text() == told
            expect(page.locator("#add-learning")).to_have_value("Ik wil leren lassen.")
            page.evaluate("document.getElementById('alerts').replaceChildren()")


def test_a_resident_comes_in_objects_and_gets_an_answer(visitor):
    with visitor.page() as page:
        page.goto("/people/s28")
        page.get_by_role("button", name="Maak een persoonlijke link").click()
        link, code = page.locator(".invited").all_inner_texts()
    with visitor.page(None, size="phone", scripts=False) as resident:
        resident.goto(link)
        resident.fill("#code", "000000" if code != "000 000" else "111111")
        resident.get_by_role("button", name="Open mijn pagina").click()
        expect(resident.get_by_role("alert")).to_contain_text("horen niet bij elkaar")
        resident.fill("#code", code)
        resident.get_by_role("button", name="Open mijn pagina").click()
        expect(resident.locator("h1")).to_have_text("Mijn pagina")
        expect(resident.locator(".lead")).to_contain_text("Hallo")
        expect(resident.locator("header")).not_to_contain_text("s28")
        expect(resident.locator(".looks")).to_contain_text("Kim Klantmanager")
        objection = resident.locator(".small-card details").first
        objection.locator("summary").click()
        objection.locator("textarea").fill("Dit is te ver weg voor mij.")
        objection.get_by_role("button").click()
        expect(resident.get_by_role("status")).to_contain_text("kijkt er nog eens naar")
        with visitor.page() as page:
            page.goto("/people/s28")
            page.get_by_label("Jouw antwoord").fill("Goed dat je het zegt, we zoeken dichterbij.")
            page.get_by_role("button", name="Antwoord", exact=True).click()
            expect(page.get_by_role("status")).to_contain_text("Bewaard")
        resident.goto("/my-page")
        expect(resident.locator("section", has=resident.locator("#objected"))).to_contain_text("we zoeken dichterbij")
        assert resident.goto("/my-page/data").status == 200
