"""Every sentence that matching can say, in plain Dutch (B1) and English: about what is there and what can be."""

from typing import Literal

Language = Literal["nl", "en"]

PHRASES: dict[str, dict[Language, str]] = {
    "hours_met": {"nl": "De uren passen: {span} uur per week.", "en": "The hours fit: {span} hours a week."},
    "hours_apart": {
        "nl": "Deze plek is voor {span} uur per week; de wens is {wish} uur.",
        "en": "This place is for {span} hours a week; the wish is {wish} hours.",
    },
    "dayparts_met": {"nl": "De dagdelen passen.", "en": "The parts of the week fit."},
    "dayparts_flexible": {"nl": "De dagdelen gaan in overleg.", "en": "The parts of the week can be agreed."},
    "dayparts_short": {
        "nl": "Samen past {shared} uur aan dagdelen; er is {needed} uur nodig. Vraag of het anders kan.",
        "en": "{shared} hours of the week overlap; {needed} are needed. Ask whether it can be done otherwise.",
    },
    "reach_met": {
        "nl": "Het is {km} km {transport}; de wens is tot ongeveer {limit} km.",
        "en": "It is {km} km {transport}; the wish is up to about {limit} km.",
    },
    "reach_met_by_place": {
        "nl": "Het is ongeveer {km} km {transport}, tussen de middens van de plaatsen; de wens is tot ongeveer {limit} km.",
        "en": "It is about {km} km {transport}, measured from the centre of the town; the wish is up to about {limit} km.",
    },
    "reach_far": {
        "nl": "Het is {km} km; de wens is hoogstens {limit} km {transport}.",
        "en": "It is {km} km; the wish is at most {limit} km {transport}.",
    },
    "reach_unknown_home": {
        "nl": "Waar deze persoon woont, is nog niet bekend. Vraag naar de woonplaats.",
        "en": "It is not known yet where this person lives. Ask for the town.",
    },
    "reach_unknown_place": {
        "nl": "Waar deze plek is, is nog niet bekend. Vraag het aan de werkgever.",
        "en": "It is not known yet where this place is. Ask the employer.",
    },
    "reach_unknown_both": {
        "nl": "Waar deze persoon woont en waar deze plek is, is nog niet bekend. Vraag naar allebei.",
        "en": "It is not known yet where this person lives, nor where this place is. Ask for both.",
    },
    "licences_none": {"nl": "Er is geen rijbewijs of certificaat nodig.", "en": "No licence or certificate is needed."},
    "licences_met": {"nl": "Wat de plek vraagt, is er: {licences}.", "en": "What the place asks for is there: {licences}."},
    "licences_soon": {
        "nl": "De plek vraagt {licences}. Dat is in dagen of weken te halen.",
        "en": "The place asks for {licences}. That takes days or weeks to get.",
    },
    "licences_later": {
        "nl": "De plek vraagt {licences}. Dat is een stap voor later.",
        "en": "The place asks for {licences}. That is a step for later.",
    },
    "language_free": {"nl": "De plek vraagt geen taalniveau.", "en": "The place asks for no language level."},
    "language_met": {"nl": "Het Nederlands past bij deze plek.", "en": "The level of Dutch suits this place."},
    "language_step": {
        "nl": "De plek vraagt Nederlands: {levels}. Dat is één stap verder: om te leren.",
        "en": "The place asks for Dutch: {levels}. That is one step further: something to learn.",
    },
    "language_unknown": {
        "nl": "De plek vraagt Nederlands: {levels}. Het niveau is nog niet bekend. Vraag ernaar.",
        "en": "The place asks for Dutch: {levels}. The level is not known yet. Ask about it.",
    },
    "language_later": {
        "nl": "De plek vraagt Nederlands: {levels}. Dat is een stap voor later.",
        "en": "The place asks for Dutch: {levels}. That is a step for later.",
    },
    "support_none": {"nl": "Over ondersteuning is niets afgesproken.", "en": "Nothing was agreed about support."},
    "support_met": {"nl": "De plek biedt wat helpt: {support}.", "en": "The place offers what helps: {support}."},
    "support_to_arrange": {
        "nl": "Met de werkgever te regelen: {support}.",
        "en": "To arrange with the employer: {support}.",
    },
    "open_met": {"nl": "{Rung} staat open.", "en": "{Rung} is an open option."},
    "open_not": {"nl": "{Rung} staat nu niet bij de wensen.", "en": "{Rung} is not among the wishes now."},
    "positions_free": {"nl": "Er is plek.", "en": "There is a position free."},
    "positions_taken": {"nl": "De plek is nu bezet.", "en": "The position is taken now."},
    "reason_strong": {"nl": "“{statement}” past goed bij: “{asked}”", "en": "“{statement}” suits well: “{asked}”"},
    "reason_good": {"nl": "“{statement}” past bij: “{asked}”", "en": "“{statement}” suits: “{asked}”"},
    "reason_light": {"nl": "“{statement}” komt in de buurt van: “{asked}”", "en": "“{statement}” comes close to: “{asked}”"},
    "reason_offer": {"nl": "“{statement}” — deze plek biedt: “{asked}”", "en": "“{statement}” — this place offers: “{asked}”"},
    "gap_to_learn": {"nl": "Hier te leren: “{text}”", "en": "To learn here: “{text}”"},
    "gap_to_discuss": {"nl": "Samen te bespreken: “{text}”", "en": "To talk about together: “{text}”"},
    "down_nothing_near": {
        "nl": "{Rung}: er is nu geen plek die open staat.",
        "en": "{Rung}: there is no open place now.",
    },
    "down_between": {
        "nl": "{Rung}: het dichtst bij is “{title}”. Daarvoor is eerst nodig: {steps}",
        "en": "{Rung}: the nearest is “{title}”. What comes first: {steps}",
    },
    "down_ability": {
        "nl": "{Rung}: de plekken die er nu zijn, gaan een andere kant op dan wat is verteld. Het dichtst bij is “{title}”.",
        "en": "{Rung}: the places there are now go another way than what was told. The nearest is “{title}”.",
    },
    "stone": {
        "nl": "“{place}” is een opstap naar “{towards}” ({rung}): hier oefen je {builds}",
        "en": "“{place}” is a stepping stone to “{towards}” ({rung}): here you practise {builds}",
    },
}

CASELOAD: dict[str, dict[Language, str]] = {
    "given_first_of_list": {
        "nl": "“{given}” staat bovenaan in de eigen lijst.",
        "en": "“{given}” is at the top of their own list.",
    },
    "given_better_for_another": {
        "nl": "“{first}” past bij iemand anders nog beter. Van wat vrij is, past “{given}”.",
        "en": "“{first}” suits someone else even better. Of what is free, “{given}” suits.",
    },
    "given_only_one_for_another": {
        "nl": "“{first}” is voor iemand anders de enige plek die past. Van wat vrij is, past “{given}”.",
        "en": "“{first}” is the only place that fits someone else. Of what is free, “{given}” suits.",
    },
    "given_best_together": {
        "nl": "Met “{given}” past het voor iedereen samen het best. “{first}” staat ook in de eigen lijst.",
        "en": "With “{given}” it suits everyone together best. “{first}” is in their own list too.",
    },
    "waiting_nothing_fits": {
        "nl": "Nu past nog geen vrije plek. Kijk samen wat het dichtst bij komt.",
        "en": "No free place fits yet. Look together at what comes nearest.",
    },
    "waiting_better_for_another": {
        "nl": "“{first}” past bij iemand anders nog beter, en wat verder past is ook verdeeld. Zoek samen een extra plek.",
        "en": "“{first}” suits someone else even better, and what else fits is taken. Look for an extra place together.",
    },
    "waiting_only_one_for_another": {
        "nl": "“{first}” is voor iemand anders de enige plek die past; wat verder past is verdeeld. Zoek samen een extra plek.",
        "en": "“{first}” is the only place that fits someone else; what else fits is taken. Look for an extra place together.",
    },
    "waiting_best_together": {
        "nl": "Alle plekken die passen, zijn verdeeld zoals het voor iedereen samen het best is. Zoek samen een extra plek.",
        "en": "All places that fit were given out as suits everyone together best. Look for an extra place together.",
    },
    "declined_together": {
        "nl": "{Count} mensen kozen een andere weg dan {organisation}, vanwege {reason}. Bespreek samen of dat anders kan.",
        "en": "{Count} people chose another way than {organisation}, because of {reason}. Talk about whether that can change.",
    },
}

RUNGS: dict[str, dict[Language, str]] = {
    "paid": {"nl": "betaald werk", "en": "paid work"},
    "paid_with_support": {"nl": "betaald werk met ondersteuning", "en": "paid work with support"},
    "sheltered": {"nl": "beschut werk", "en": "sheltered work"},
    "trial_placement": {"nl": "proefplaatsing", "en": "trial placement"},
    "basic_job": {"nl": "basisbaan", "en": "basic job"},
    "learning": {"nl": "leerwerktraject", "en": "learning and working"},
    "work_experience": {"nl": "werkervaringsplaats", "en": "work experience"},
    "volunteering": {"nl": "vrijwilligerswerk", "en": "volunteering"},
    "social_activation": {"nl": "meedoen in de buurt", "en": "taking part in the neighbourhood"},
    "day_activity": {"nl": "dagbesteding met werk", "en": "day activity"},
}

TRANSPORT: dict[str, dict[Language, str]] = {
    "walk": {"nl": "lopend", "en": "on foot"},
    "bike": {"nl": "met de fiets", "en": "by bicycle"},
    "ebike": {"nl": "met de e-bike", "en": "by e-bike"},
    "car": {"nl": "met de auto", "en": "by car"},
    "public": {"nl": "met het openbaar vervoer", "en": "by public transport"},
}

SUPPORT: dict[str, dict[Language, str]] = {
    "job_coach": {"nl": "een jobcoach", "en": "a job coach"},
    "buddy": {"nl": "een maatje", "en": "a buddy"},
    "quiet_place": {"nl": "een rustige werkplek", "en": "a quiet place to work"},
    "seated_work": {"nl": "zittend werk", "en": "seated work"},
    "fixed_routine": {"nl": "een vast ritme", "en": "a fixed routine"},
    "short_shifts": {"nl": "korte diensten", "en": "short shifts"},
    "no_lifting": {"nl": "werk waarbij je niet tilt", "en": "work without lifting"},
    "adapted_workplace": {"nl": "een aangepaste werkplek", "en": "an adapted workplace"},
    "simple_instructions": {"nl": "uitleg in kleine stappen", "en": "instructions in small steps"},
    "no_phone": {"nl": "werk zonder telefoon", "en": "work without a telephone"},
}

DECLINED: dict[str, dict[Language, str]] = {
    "travel": {"nl": "de reis", "en": "the journey"},
    "hours": {"nl": "de uren", "en": "the hours"},
    "work": {"nl": "het soort werk", "en": "the kind of work"},
    "support": {"nl": "de begeleiding", "en": "the guidance"},
    "language": {"nl": "de taal op de werkvloer", "en": "the language at work"},
    "atmosphere": {"nl": "de sfeer", "en": "the atmosphere"},
    "other_place": {"nl": "een andere plek", "en": "another place"},
}
"""Why a place was declined; a closed list, so that nothing personal is written down."""

COUNTS: dict[Language, str] = {
    "nl": "nul een twee drie vier vijf zes zeven acht negen tien",
    "en": "zero one two three four five six seven eight nine ten",
}

SKILLS: dict[str, dict[Language, str]] = {
    "speaking": {"nl": "spreken", "en": "speaking"},
    "reading": {"nl": "lezen", "en": "reading"},
}

LICENCES: dict[str, dict[Language, str]] = {
    **{code: {"nl": f"rijbewijs {code}", "en": f"driving licence {code}"} for code in ("AM", "B", "BE", "C", "CE", "D", "T")},
    "FORKLIFT": {"nl": "een heftruckcertificaat", "en": "a forklift certificate"},
}
