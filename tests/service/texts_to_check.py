"""Sentences for the entry checks: what has to be found in a person's text or a place's, and what has to pass. Fictional."""

FOUND_IN_A_PERSON = {
    "health": """
        Ik heb een depressie gehad.
        Ik ben depressief en zoek iets rustigs.
        Door mijn burn-out kan ik geen volle dagen werken.
        Sinds mijn scheiding en burn-out ben ik thuis.
        Ik werkte tot ik een burn-out kreeg.
        Ik werkte tot mijn burn-out bij de bank.
        Ik heb ADHD maar werkte altijd in de zorg.
        Ik ben een ADHD'er met veel energie.
        ADHD heb ik al sinds mijn jeugd.
        Ik ben een vrouw met autisme.
        Omdat ik autisme heb, wil ik duidelijke taken.
        Ik werk graag met mensen en heb wel autisme.
        Ik kan goed omgaan met mensen met autisme, want ik heb het zelf ook.
        Wegens PTSS zoek ik een rustige plek.
        Vanwege artrose kan ik niet lang staan.
        Na een beroerte moest ik weer leren lopen.
        Na een herseninfarct wil ik weer aan de slag.
        Ik heb reuma in mijn handen.
        Ik heb suikerziekte.
        Mijn diabetes is goed ingesteld.
        Ik heb MS en word snel moe.
        Ik heb een hernia gehad en til niet zwaar.
        Ik heb rugklachten.
        Ik heb psychische klachten.
        Ik heb last van mijn rug.
        Ik heb pijn in mijn schouders.
        Door mijn slechte rug zoek ik zittend werk.
        Ik heb een lichamelijke beperking.
        Ik ben licht verstandelijk beperkt.
        Ik heb een beperking aan mijn linkerhand.
        Ik slik medicijnen tegen de angst.
        Mijn medicijnen maken mij 's ochtends traag.
        Ik gebruik antidepressiva.
        Ik loop bij een psycholoog.
        Mijn psychiater zegt dat ik weer mag werken.
        Ik zit in therapie.
        Ik ben onder behandeling bij de GGZ.
        Ik ben opgenomen geweest in een kliniek.
        Ik lag drie maanden in het ziekenhuis.
        Ik ben geopereerd aan mijn knie.
        Ik ben arbeidsongeschikt verklaard.
        Ik ben volledig afgekeurd.
        Ik zit in de ziektewet.
        Ik ben ziek geweest en wil weer beginnen.
        Ik ben slechthorend aan een oor.
        Ik ben doof.
        Ik ben blind aan mijn rechteroog.
        Ik zit in een rolstoel.
        Ik gebruik een rollator.
        Ik was verslaafd aan alcohol.
        Ik ben verslaafd geweest.
        Ik ben nu twee jaar clean.
        Ik ben zwanger van de tweede.
        Ik heb epilepsie, maar al jaren geen aanval.
        Ik heb astma.
        Ik heb kanker gehad.
        Ik ben herstellende van een operatie.
        Ik ben ervaringsdeskundige in de psychiatrie.
        Ik heb dyslexie.
        Vanwege mijn gezondheid zoek ik licht werk.
        I have depression and need a quiet place.
        Ik heb long covid en werk daarom korte dagen.
        Mijn gehoor is slecht, ik draag gehoorapparaten.
        Ik kamp al jaren met een angststoornis.
        Heb vorig jaar een tia gehad.
        Door een ongeluk zit ik nu in een rolstoel.
        Mijn linkerknie is versleten.
        Vroeger alcoholist, nu droog.
        Ik heb last van paniekaanvallen in drukte.
        Bij mij is autisme vastgesteld.
        Met mijn COPD kan ik geen stoffig werk doen.
        ik ben bekend met borderline
        Ik krijg insuline.
        Ik moet elke week naar de fysio.
        ik heb een burnout gehad dus rustig opbouwen graag
        Ik heb ptss uit de oorlog in Syrië
        Vanwege een chronische ziekte kan ik 16 uur werken
        Ik ben hartpatient
        Na mijn operatie mag ik niet tillen
        Ik ben hersteld van kanker.
        Ik heb een licht verstandelijke beperking, maar ik werk hard.
        Ik ben depri geweest.
        Heb ADD en vergeet soms dingen.
        Ik slaap slecht door mijn trauma.
        Ik ben doof geboren.
        Ik zie slecht aan één oog.
        Ik heb fibromyalgie dus zwaar werk lukt niet.
        Ik neem elke dag ritalin.
        Als ik mijn pillen vergeet word ik onrustig.
        Ik ben nu 4 maanden zwanger
        Ik had vroeger anorexia.
        Ik werk 20 uur omdat ik niet meer aankan door mijn depressie.
        Ik ben in de ziektewet gekomen.
        Ik krijg begeleiding van de ggz.
        Mijn arts raadt 3 dagen per week aan.
        Ik heb astma en kan niet tegen stof.
        ik heb een allergie voor noten
        Ik ben manisch depressief.
        Ik heb zware epilepsie
        Ik kan door reuma niet schrijven.
        Door mijn ziekte ben ik gestopt.
        Ik ben patiënt bij het revalidatiecentrum.
    """,
    "money": """
        Ik zit in de bijstand.
        Ik heb een bijstandsuitkering.
        Ik wil uit de uitkering.
        Mijn uitkering stopt in mei.
        Ik krijg een Wajong.
        Ik heb een WIA-uitkering.
        Ik zit in de WW.
        Ik val onder de Participatiewet.
        Ik heb schulden en wil die aflossen.
        Door mijn schulden slaap ik slecht.
        Ik zit in de schuldsanering.
        Ik zit in de WSNP.
        Mijn bewindvoerder regelt het geld.
        Er ligt loonbeslag.
        Ik heb een huurachterstand.
        Ik heb een lening bij de bank.
        Ik krijg huurtoeslag.
        Ik ga naar de voedselbank.
        Ik heb een WAO uitkering sinds 2004
        Leef van de bijstand
        Ik moet rondkomen van een uitkering.
        Ik ben bezig met schulden aflossen
        ik zit in bewindvoering
        Ik heb veel schulden gemaakt
        In de schulden geraakt na mijn scheiding.
        mijn wajong stopt
    """,
    "phone": """
        Bel mij op 06-12345678.
        Mijn nummer is 0612345678.
        Ik ben bereikbaar op +31 6 1234 5678.
        Bel 0314 123456.
        Bel (0314) 12 34 56 na vijven.
        Ons nummer is 0031 314 123456.
        Mijn broer: +49 171 1234567.
        je kunt me appen op 06 12 34 56 78
    """,
    "email": """
        Mail naar jan.voorbeeld@example.nl.
        Schrijf: jan.voorbeeld (at) example.nl
        mijn mail: piet_jansen@example.com
    """,
    "address": """
        Ik woon Dorpsstraat 12.
        Ik woon op Burgemeester Jansenlaan 4a in Doetinchem.
        Kom langs op Keppelseweg 101-3.
        Mijn postcode is 7001 AB.
        Ik woon in 7001AB.
        Wij wonen aan de dorpsstraat 12.
        Ik woon aan de Bult 5.
        Kerkstraat 5, 7001 AB Doetinchem
        ik woon in de Molenweg 22b
        Wij wonen Grotestraat 14 in Ulft.
    """,
    "bsn": """
        Mijn bsn is 111222333.
        Bsn 1112.22.333
        Nummer 111 222 333 staat op mijn kaart.
        Sofinummer: 10000008
    """,
}

FINE_FOR_A_PERSON = """
    Ik schilderde een depressie in het landschap.
    In de economische depressie hield ik mijn winkel open.
    Boven zee lag een depressie boven IJsland, dat legde ik de vissers uit.
    Ik was twintig jaar bloemist.
    Kankeren op de baas doe ik niet.
    Mijn buurman zit altijd te kankeren.
    Ik werkte in de zorg voor mensen met dementie.
    Ik heb mijn moeder met alzheimer verzorgd.
    Mijn moeder had een depressie, ik zorgde voor haar.
    Ik heb een zoon met ADHD en weet hoe je rust brengt.
    Ik heb ervaring met autisme door mijn werk op een school.
    Ik ging om met jongeren met een verslaving.
    Ik heb een cursus autisme gedaan.
    Ik ben begeleider geweest van mensen met een verstandelijke beperking.
    Als verpleegkundige zorgde ik voor patiënten met kanker.
    In het hospice waakte ik bij mensen met uitgezaaide kanker.
    Ik wil meer leren over dementie.
    Ik herken de signalen van een burn-out bij collega's.
    Ik collecteerde voor de kankerbestrijding.
    Ik gaf medicijnen aan de bewoners.
    Ik weet veel van medicijnen.
    Ik haalde medicijnen op voor de buren.
    Ik bracht eten naar de kamers in het ziekenhuis.
    Ik werkte in een ziekenhuis als schoonmaker.
    Ik was psycholoog in Damascus.
    Ik ben fysiotherapeut van beroep.
    Ik duw mensen in een rolstoel door het park.
    Ik maak rolstoelen en krukken.
    Als een collega ziek is val ik in.
    Zieke planten zie ik meteen.
    Ik verzorgde zieke dieren.
    Ik typ blind met tien vingers.
    Ik kan de motor blind uit elkaar halen.
    Mijn collega's en ik vertrouwen elkaar blind.
    Ik ben doof voor geroddel.
    Ik ben verslaafd aan puzzelen.
    Tuinieren is mijn therapie.
    Ik ben allergisch voor onrecht.
    Ik sta op hoge ladders zonder angst.
    Weggooien doet me pijn.
    Ik werk met MS Office en MS Access.
    Ik programmeer machines in TIA Portal.
    Ik ben stressbestendig en blijf rustig.
    Ik tolk bij de dokter voor mijn tante.
    Ik heb een sterke rug en til graag.
    Ik heb rolstoelvervoer gereden.
    Ik kon klachten van klanten goed oplossen.
    Ik deed de klachtenafhandeling bij een winkel.
    Ik heb oog voor wie het moeilijk heeft.
    Ik kan gebarentaal en werkte met doven.
    Ik help mensen met schulden aan een overzicht.
    Ik vulde formulieren in voor mensen met een uitkering.
    Ik werkte bij het UWV op de afdeling uitkeringen.
    Ik regelde de huurtoeslag voor de hele straat.
    Het was mijn eigen schuld dat de taart mislukte.
    Ik geef nooit een ander de schuld.
    Ik gaf juridische bijstand aan vluchtelingen.
    Bij de brandweer verleende ik bijstand aan andere korpsen.
    Ik hield de boekhouding bij, met alle schulden en vorderingen.
    Ik deel pakketten uit bij de voedselbank als vrijwilliger.
    Ik werkte van 2010 tot 2015 in de bouw.
    In 2019 IT gestudeerd.
    Ik werkte in 2018 HR-breed.
    Ik stond op de markt 12 jaar met kaas.
    Ik veegde de hele straat 3 keer per week.
    Ik reed op de snelweg 8 uur per dag.
    Ik maakte het Dorpsplein 20 jaar lang schoon.
    Ik laste volgens ISO 9001 en NEN 1010.
    Ik tilde zakken van 1000 KG met de kraan.
    Ik haalde 1500 kg aardappels per dag binnen.
    Onze winkel had 12.345.678 klanten in tien jaar.
    Ik ben geboren op 12-03-1980.
    Mijn diploma is van 01-07-2004.
    Ordernummers van 10 cijfers onthoud ik: 1234567890.
    Mijn klantnummer was 123456789.
    Ik ben goed met cijfers: 3,14159265 ken ik uit mijn hoofd.
    Ik wil nuttig zijn voor mijn buurt.
    Ik heb mijn opa na zijn herseninfarct weer leren fietsen.
    Mijn hart ligt bij ouderen.
    Ik heb mijn handen graag vol.
    Drukte geeft mij energie.
    Ik heb genoten van de overgang naar digitaal werken.
    Ik heb veel muziek opgenomen in mijn studio.
    Ik maakte spraakopnames en operaties met machines.
    Ik organiseer lotgenotencontact voor mensen met reuma.
    Ik wil graag werken in een rustige ruimte.
    Korte diensten passen bij mij.
    Ik werk het liefst zittend.
    Ik was ziekenverzorgster in een groot tehuis.
    Mijn man kreeg een hartaanval en ik heb hem gereanimeerd.
    Ik geef voorlichting over diabetes in de moskee.
    Ik heb jaren voor mijn zieke vrouw gezorgd.
    In het revalidatiecentrum stond ik achter het buffet.
    Ik bouwde websites voor een psychiater.
    Ik heb een groot hart voor dieren.
    Ik las veel over psychologie.
    Ik deed de receptie bij de fysiotherapeut.
    Ik werkte als doktersassistente.
    Kinderen met een beperking leren zwemmen, dat is mijn ding.
    De pijn van een ander voel ik.
    Ik kan goed luisteren naar mensen die in de war zijn.
    Ik ben taxichauffeur voor dialysepatiënten geweest.
    Ik heb gevaren op de Middellandse Zee, nooit zeeziek.
    Ik naaide verband in een ziekenhuis.
    Voor mijn broer met een dwarslaesie verbouwde ik het huis.
    Ik verkocht verzekeringen en hypotheken.
    Ik hielp op kantoor met incasso's en deurwaarders.
    Ik maakte protheses in een werkplaats.
    Mijn vriendin is zwanger en ik kook voor haar.
    Ik heb op een blindengeleidehond getraind.
    Ik heb EHBO en kan reanimeren.
    Ik zwem elke week.
    Ik bracht pakjes rond in de Dorpsstraat en de Kerkstraat.
    Op de Wilhelminastraat 3 dagen per week de winkel gedraaid.
    In het magazijn lagen 1234 AB-batterijen.
    Ik kweekte tomaten zonder ziektes.
    Ik weet alles van plantenziekten.
    Ik zorg dat niemand pijn heeft bij het scheren.
    Ik kan koken voor mensen met diabetes.
    Ik speelde een patiënt in een toneelstuk.
    Ik heb met mijn handen operaties aan motoren gedaan.
    Ik ben goed in het herstellen van fietsen.
    Klachten over de lift loste ik op.
    Ik heb bij het ziekenhuis de kantine gerund.
    Ik was vrijwilliger bij de zonnebloem.
    Ik deed nachtdiensten op de psychiatrische afdeling.
    Mijn vader was doof, ik spreek gebarentaal.
    Ik ben nooit te beroerd om te helpen.
    Ik krijg energie van drukte.
    Ik ben gek op tuinieren.
    Ik heb een auto-ongeluk zien gebeuren en hielp.
    De was doe ik voor een oudere dame met parkinson.
    Ik loop graag met de hond van de buurvrouw met MS.
    Ik heb in 2020 EHBO gehaald.
    Ik heb twee kinderen, 12 en 14.
    Ik was maatje van een jongen met adhd.
    Ik deel het eten uit bij de dagopvang.
    ik heb in een apotheek pillen geteld
""".strip().splitlines()

FOUND_IN_A_PLACE = {
    "health": """
        Je hebt autisme en bent goed in details.
        Wij zoeken iemand met een lichamelijke beperking.
        Alleen voor kandidaten met een arbeidsbeperking.
        Je hebt geen rugklachten.
        Je bent niet vaak ziek.
        Heb je dementie en wil je actief blijven?
    """,
    "money": """
        Je hebt een bijstandsuitkering.
        Je ontvangt een uitkering.
        Je zit in de Wajong.
        Je hebt geen schulden.
    """,
    "phone": """
        Bel Jan op 06-12345678.
    """,
    "email": """
        Stuur je brief naar werk@example.nl.
    """,
    "address": """
        Kom langs op Dorpsstraat 12.
    """,
    "bsn": """
        Vraag naar 111222333.
    """,
}

FINE_FOR_A_PLACE = """
    Dagbesteding voor mensen met dementie
    Begeleider dagopvang niet-aangeboren hersenletsel
    Maatje voor een jongere met autisme
    Vrijwilliger bij het inloophuis voor mensen met kanker
    Je begeleidt bewoners met een verstandelijke beperking.
    Je deelt medicijnen uit op de afdeling.
    Je helpt cliënten die in de schuldsanering zitten.
    Je ondersteunt mensen met schulden bij hun administratie.
    Wij zoeken vrijwilligers voor mensen met dementie.
    We zoeken mensen met een hart voor ouderen met alzheimer.
    Je werkt met behoud van uitkering.
    Werken met behoud van je uitkering is hier mogelijk.
    Je hebt ervaring met mensen met autisme.
    Je hebt affiniteit met de GGZ.
    Je hebt kennis van diabetes en voeding.
    Je neemt klachten van klanten aan.
    Je registreert uitleningen en leningen.
    Je werkt bij de afdeling uitkeringen.
    Medewerker schuldhulpverlening
    Je assisteert bij een operatie.
    Een rustige werkplek met een vast maatje.
    Je brengt patiënten naar de behandeling.
    Je werkt 24 uur per week in Doetinchem.
    Je controleert 2000 potten per dag.
    Wij bestaan sinds 1998 en hebben 120 collega's.
    Je veegt de Hoofdstraat 2 keer per week.
    Bedrijfshal van 1200 m2.
    Loonkostensubsidie is mogelijk.
    De werkgever heeft ervaring met jobcoaching.
    Je spreekt met ouders van kinderen met ADHD.
""".strip().splitlines()

FINE_ABOUT_A_PERSON = [
    "Zij heeft veel geduld en is goed met ouderen.",
    "Hij werkte jaren met mensen met dementie en wil dat weer.",
    "Zij gaat werken in de kliniek als gastvrouw.",
    "Hij loopt stage bij de GGZ op de afdeling voor mensen met een psychose.",
    "Samen de plekken bekeken; ze is blij met de bakkerij.",
    "Mevrouw heeft ervaring in de thuiszorg en met schuldhulpverlening bij een wijkteam.",
    "Hij wil een rustige werkplek en vaste uren.",
    "De klant vertelde dat hij graag buiten werkt.",
    "Zij zorgde als vrijwilliger voor mensen met een verslaving.",
    "Hij heeft een rijbewijs en haalt zijn VCA.",
    "Afgesproken dat zij volgende week belt met de werkgever.",
    "Meneer kookte voor diabetici in het verzorgingshuis.",
]
FOUND_ABOUT_A_PERSON = [
    "Hij heeft een depressie.",
    "Zij slikt medicijnen.",
    "Mevrouw is opgenomen geweest in de kliniek.",
    "Haar uitkering loopt af.",
    "Meneer heeft schulden en zit in de schuldsanering.",
    "Hij lijdt aan een burn-out.",
    "Zij krijgt therapie.",
    "Zijn diabetes is onder controle.",
    "De inwoner is bekend met een verslaving.",
    "Ze heeft adhd.",
]
