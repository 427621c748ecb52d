"""Every sentence about what could be, in plain Dutch (B1) and English: what-if, levers, carving, steps, doubt, questions."""

from matching.phrases import Language

Phrases = dict[str, dict[Language, str]]

EFFECTS: Phrases = {
    "opens": {"nl": "Dan gaan er {count} plekken open: {rungs}.", "en": "That opens {count} places: {rungs}."},
    "opens_one": {"nl": "Dan gaat er één plek open: {rungs}.", "en": "That opens one place: {rungs}."},
    "opens_nothing": {"nl": "Er gaat nu geen plek bij open.", "en": "It opens no place now."},
    "closes": {"nl": "Er gaan {count} plekken dicht: {rungs}.", "en": "It closes {count} places: {rungs}."},
    "closes_one": {"nl": "Er gaat één plek dicht: {rungs}.", "en": "It closes one place: {rungs}."},
    "on_rung": {"nl": "{count} × {rung}", "en": "{count} × {rung}"},
    "rung_up": {"nl": "{Rung} komt binnen bereik.", "en": "{Rung} comes within reach."},
    "rung_down": {"nl": "De hoogste open trede wordt: {rung}.", "en": "The highest open rung becomes: {rung}."},
    "rung_none": {"nl": "Er is dan geen plek meer open.", "en": "No place is open then."},
}

CHANGES: Phrases = {
    "hours_up": {"nl": "Kan het ook {hours} uur per week zijn?", "en": "Could it be {hours} hours a week as well?"},
    "hours_down": {"nl": "Mag het ook {hours} uur per week zijn?", "en": "Would {hours} hours a week do as well?"},
    "dayparts_more": {"nl": "Kan het ook {part}?", "en": "Is it possible {part} as well?"},
    "farther": {"nl": "Is {km} km ook goed te doen?", "en": "Is {km} km manageable as well?"},
    "e_bike": {"nl": "Een e-bike: dan is {km} km goed te doen.", "en": "An e-bike: {km} km is manageable then."},
    "open_rung": {"nl": "Mag het ook {rung} zijn?", "en": "Would {rung} do as well?"},
    "licence": {"nl": "{licences} halen.", "en": "Get {licences}."},
    "language_up": {"nl": "Een stap verder met Nederlands: {levels}.", "en": "One step further with Dutch: {levels}."},
}

COSTS: Phrases = {
    "none": {"nl": "kost niets: alleen een gesprek", "en": "costs nothing: only a talk"},
    "days": {"nl": "in dagen te regelen", "en": "takes days"},
    "weeks": {"nl": "in weken te regelen", "en": "takes weeks"},
    "months": {"nl": "een stap van maanden", "en": "takes months"},
}

CUTS: Phrases = {
    "need_dropped": {"nl": "Zonder de eis “{text}”", "en": "Without asking “{text}”"},
    "need_learnable": {"nl": "Als dit daar te leren is: “{text}”", "en": "If this can be learned there: “{text}”"},
    "licence_dropped": {"nl": "Zonder {licences} vooraf", "en": "Without {licences} beforehand"},
    "language_lower": {"nl": "Met een stap lager Nederlands ({levels})", "en": "With Dutch one step lower ({levels})"},
    "language_lower_free": {"nl": "Met een stap lager Nederlands", "en": "With Dutch one step lower"},
    "language_dropped": {"nl": "Zonder taalniveau", "en": "Without a language level"},
    "hours_fewer": {"nl": "Vanaf {hours} uur per week", "en": "From {hours} hours a week"},
    "hours_free": {"nl": "Met uren in overleg", "en": "With hours to be agreed"},
    "dayparts_free": {"nl": "Met dagdelen in overleg", "en": "With parts of the week to be agreed"},
    "support_added": {"nl": "Met {support} erbij", "en": "With {support} added"},
}

CARVED: Phrases = {
    "cut_opens": {"nl": "{cut} past deze plek bij {count} mensen meer.", "en": "{cut} this place suits {count} more people."},
    "cut_opens_one": {"nl": "{cut} past deze plek bij één persoon meer.", "en": "{cut} this place suits one more person."},
    "cut_settles": {
        "nl": "{cut} is er voor {count} mensen niets meer te bespreken.",
        "en": "{cut} there is nothing left to talk about for {count} people.",
    },
    "cut_same": {"nl": "{cut} past deze plek bij dezelfde mensen.", "en": "{cut} this place suits the same people."},
    "near": {
        "nl": "Dichtbij voor {person}; samen te bekijken: {between}.",
        "en": "Near for {person}; to look at together: {between}.",
    },
    "bundle": {
        "nl": "Een nieuwe functie van ongeveer {hours} uur per week, uit {tasks} taken van {vacancies} vacatures.",
        "en": "A new job of about {hours} hours a week, out of {tasks} tasks of {vacancies} vacancies.",
    },
    "bundle_others": {"nl": "Nog {count} anderen kunnen dit nu doen.", "en": "{count} others can do this now."},
    "bundle_other": {"nl": "Nog één ander kan dit nu doen.", "en": "One other can do this now."},
    "kept": {
        "nl": "“{title}” houdt {count} taken, ongeveer {hours} uur per week.",
        "en": "“{title}” keeps {count} tasks, about {hours} hours a week.",
    },
    "kept_one": {
        "nl": "“{title}” houdt één taak, ongeveer {hours} uur per week.",
        "en": "“{title}” keeps one task, about {hours} hours a week.",
    },
}

STEPS: Phrases = {
    "step_up": {
        "nl": "{Rung} is nu binnen bereik, met “{title}”. Eerder was dat {before}.",
        "en": "{Rung} is within reach now, with “{title}”. Before, it was {before}.",
    },
    "step_up_first": {"nl": "{Rung} is nu binnen bereik, met “{title}”.", "en": "{Rung} is within reach now, with “{title}”."},
    "now_met": {"nl": "Wat nu past: {what}", "en": "What fits now: {what}"},
    "told": {"nl": "Nieuw verteld: “{sentence}”", "en": "Newly told: “{sentence}”"},
    "new_place": {"nl": "De plek is nieuw.", "en": "The place is new."},
    "compared_anew": {
        "nl": "De vergelijking of het aanbod is vernieuwd; bekijk samen wat er is.",
        "en": "The comparison or the offer was renewed; look together at what there is.",
    },
    "stone": {"nl": "“{title}” is een opstap naar: {towards}.", "en": "“{title}” is a stepping stone to: {towards}."},
    "stone_nowhere": {
        "nl": "“{title}”: er is nu geen hogere plek in de buurt waarvan de helft van de taken hier wordt geoefend.",
        "en": "“{title}”: there is no higher place nearby now of which half of the tasks are practised here.",
    },
    "starters": {"nl": "Wie hier kan beginnen: {people}.", "en": "Who can start here: {people}."},
    "gives": {"nl": "Hier te halen of te oefenen: {gives}.", "en": "To get or practise here: {gives}."},
    "towards": {"nl": "Naar “{title}” ({rung}): hier oefen je {tasks}", "en": "To “{title}” ({rung}): here you practise {tasks}"},
    "towards_opens": {"nl": "Gaat daarna open voor {people}.", "en": "Opens after that for {people}."},
    "towards_nearer": {"nl": "Komt dichterbij voor {people}.", "en": "Comes nearer for {people}."},
}

DOUBTS: Phrases = {
    "doubt_nothing_told": {
        "nl": "Over kunnen en leren is nog niets verteld; een gesprek maakt het beeld scherper.",
        "en": "Nothing was told yet about abilities and learning; a talk makes the picture sharper.",
    },
    "doubt_few_sentences": {
        "nl": "Er is nog één zin verteld; een gesprek maakt het beeld scherper.",
        "en": "One sentence was told so far; a talk makes the picture sharper.",
    },
    "doubt_short_sentences": {
        "nl": "De zinnen zijn kort; met een voorbeeld erbij wordt de vergelijking zekerder.",
        "en": "The sentences are short; with an example the comparison gets surer.",
    },
    "doubt_long_sentences": {
        "nl": "De zinnen zijn lang; per ding dat iemand kan een zin maakt de vergelijking zekerder.",
        "en": "The sentences are long; one sentence for each ability makes the comparison surer.",
    },
    "doubt_distance": {
        "nl": "De afstand is nog niet bekend.",
        "en": "The distance is not known yet.",
    },
    "doubt_distance_about": {
        "nl": "De afstand is ongeveer {km} km, dicht bij de wens; kijk de route na.",
        "en": "The distance is about {km} km, close to the wish; look up the route.",
    },
    "doubt_language": {
        "nl": "Het niveau Nederlands is nog niet bekend; vraag ernaar.",
        "en": "The level of Dutch is not known yet; ask about it.",
    },
    "doubt_no_direct_sentence": {
        "nl": "De hele tekst past beter dan een losse zin; vraag naar een voorbeeld.",
        "en": "The whole text fits better than any one sentence; ask for an example.",
    },
    "doubt_few_examples": {
        "nl": "Van zulke scores zijn {count} voorbeelden nagekeken; {good} daarvan waren een goed voorstel.",
        "en": "Of such scores, {count} examples were checked; {good} of them were a good proposal.",
    },
}

RULES: Phrases = {
    "hours": {"nl": "uren", "en": "hours"},
    "dayparts": {"nl": "dagdelen", "en": "parts of the week"},
    "reach": {"nl": "afstand", "en": "distance"},
    "licences": {"nl": "rijbewijs of certificaat", "en": "licence or certificate"},
    "language": {"nl": "taal", "en": "language"},
    "support": {"nl": "ondersteuning", "en": "support"},
    "open_to": {"nl": "wensen", "en": "open options"},
    "positions": {"nl": "een vrije plaats", "en": "a free position"},
}

SURENESS: Phrases = {
    "high": {"nl": "Zeker", "en": "Sure"},
    "medium": {"nl": "Redelijk zeker", "en": "Fairly sure"},
    "low": {"nl": "Nog open", "en": "Still open"},
}

QUESTIONS: Phrases = {
    "ask_part": {"nl": "Vraag of het {part} kan.", "en": "Ask whether it is possible {part}."},
    "ask_more_hours": {"nl": "Vraag of {hours} uur per week ook kan.", "en": "Ask whether {hours} hours a week is possible too."},
    "ask_fewer_hours": {"nl": "Vraag of {hours} uur per week ook mag.", "en": "Ask whether {hours} hours a week would do too."},
    "ask_farther": {"nl": "Vraag of {km} km reizen ook te doen is.", "en": "Ask whether travelling {km} km is manageable too."},
    "ask_licence": {
        "nl": "Vraag of dit er is, of binnenkort komt: {licences}.",
        "en": "Ask whether this is there, or comes soon: {licences}.",
    },
    "ask_language": {
        "nl": "Vraag hoe het gaat met Nederlands spreken en lezen.",
        "en": "Ask how speaking and reading Dutch is going.",
    },
    "ask_language_up": {
        "nl": "Vraag of het Nederlands verder is dan genoteerd ({levels}).",
        "en": "Ask whether Dutch is further than noted ({levels}).",
    },
    "expected": {
        "nl": "Dat verandert naar verwachting {changed} van de eerste tien plekken.",
        "en": "That is expected to change {changed} of the first ten places.",
    },
    "no_question": {
        "nl": "Geen enkele praktische vraag verandert nu de eerste tien plekken.",
        "en": "No practical question changes the first ten places now.",
    },
}

ANSWERS: Phrases = {
    "yes": {"nl": "ja", "en": "yes"},
    "no": {"nl": "nee", "en": "no"},
    "level": {"nl": "{level}", "en": "{level}"},
}

PARTS: Phrases = {
    "weekday_am": {"nl": "’s ochtends door de week", "en": "on weekday mornings"},
    "weekday_pm": {"nl": "’s middags door de week", "en": "on weekday afternoons"},
    "weekday_eve": {"nl": "’s avonds door de week", "en": "on weekday evenings"},
    "mon": {"nl": "op maandag", "en": "on Mondays"},
    "tue": {"nl": "op dinsdag", "en": "on Tuesdays"},
    "wed": {"nl": "op woensdag", "en": "on Wednesdays"},
    "thu": {"nl": "op donderdag", "en": "on Thursdays"},
    "fri": {"nl": "op vrijdag", "en": "on Fridays"},
    "sat": {"nl": "op zaterdag", "en": "on Saturdays"},
    "sun": {"nl": "op zondag", "en": "on Sundays"},
}

DAYS: Phrases = {
    "mon": {"nl": "maandag", "en": "Monday "},
    "tue": {"nl": "dinsdag", "en": "Tuesday "},
    "wed": {"nl": "woensdag", "en": "Wednesday "},
    "thu": {"nl": "donderdag", "en": "Thursday "},
    "fri": {"nl": "vrijdag", "en": "Friday "},
    "sat": {"nl": "zaterdag", "en": "Saturday "},
    "sun": {"nl": "zondag", "en": "Sunday "},
}

TIMES: Phrases = {
    "am": {"nl": "ochtend", "en": "morning"},
    "pm": {"nl": "middag", "en": "afternoon"},
    "eve": {"nl": "avond", "en": "evening"},
}

FIELDS: Phrases = {
    "hours_min": {"nl": "minste uren per week", "en": "fewest hours a week"},
    "hours_max": {"nl": "meeste uren per week", "en": "most hours a week"},
    "max_travel_km": {"nl": "reizen tot (km)", "en": "travels up to (km)"},
    "transport": {"nl": "hoe iemand reist", "en": "way of travelling"},
    "dayparts": {"nl": "dagdelen", "en": "parts of the week"},
    "speaking": {"nl": "spreken", "en": "speaking"},
    "reading": {"nl": "lezen", "en": "reading"},
    "writing": {"nl": "schrijven", "en": "writing"},
    "licences": {"nl": "rijbewijzen en certificaten", "en": "licences and certificates"},
    "support_needs": {"nl": "ondersteuning die helpt", "en": "support that helps"},
    "open_to": {"nl": "wensen", "en": "open options"},
    "abilities": {"nl": "wat iemand kan", "en": "abilities"},
    "learning": {"nl": "wat iemand wil leren", "en": "learning"},
    "motivations": {"nl": "wat iemand beweegt", "en": "motivations"},
    "position": {"nl": "plaats", "en": "place"},
}

VALUES: Phrases = {
    "agreed": {"nl": "in overleg", "en": "to be agreed"},
    "unknown": {"nl": "nog niet bekend", "en": "not known yet"},
    "added": {"nl": "{field}: erbij {values}", "en": "{field}: added {values}"},
    "removed": {"nl": "{field}: eraf {values}", "en": "{field}: taken off {values}"},
    "changed": {"nl": "{field}: van {before} naar {after}", "en": "{field}: from {before} to {after}"},
}
