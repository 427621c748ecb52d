// <passend-match site-key="pk_…" lang="nl">: is there someone for this work? See docs/widget.md.
// No dependencies, no inline styles, no HTML out of strings, nothing stored: it works under a strict Content Security Policy.

const HERE = new URL(import.meta.url);
const PAUSE_MS = 900;
const ENOUGH = 20;
const PATIENCE_MS = 20000;
const MOST_NAMED = 8;

const MESSAGES = {
  nl: {
    title: "Is er iemand voor dit werk?",
    intro: "Typ of plak het werk. U ziet meteen hoeveel mensen in de regio dit kunnen doen.",
    text: "Wat is het werk?",
    textHint: "Schrijf wat iemand doet en wat daarvoor nodig is. Een hele vacaturetekst mag ook.",
    place: "Plaats of postcode",
    hoursMin: "Minste uren per week",
    hoursMax: "Meeste uren per week",
    optional: "niet verplicht",
    ask: "Bekijk hoeveel mensen dit kunnen",
    looking: "We kijken wie dit kan…",
    people: "Ten minste {n} mensen in de regio kunnen dit werk doen.",
    few: "Het zijn nu te weinig mensen om een aantal te noemen.",
    fewHint: "Aantallen onder de 5 noemen we nooit. Laat de vacature toch achter: de accountmanager denkt met u mee.",
    abilities: "Wat zij kunnen",
    ability: "{name} (ten minste {n})",
    openers: "Zo past het bij meer mensen",
    support: "Begeleiding die helpt",
    more: "{name}: ten minste {n} mensen meer",
    placeless: "Vul een plaats of postcode in. Dan tellen we alleen wie er kan komen.",
    placeUnknown: "Deze plaats kennen we niet. We telden de hele regio. Controleer hoe u de plaats schreef.",
    read: "Wat we lazen",
    readTitle: "Werk",
    readTasks: "Taken",
    readNeeds: "Nodig",
    readPlace: "Plaats",
    readHours: "Uren per week",
    hours: "{low} tot {high}",
    leftOut: "Niet meegenomen: {n} × een zin over contact, solliciteren of een persoon.",
    privacy: "U ziet alleen groepen. Over één persoon vertelt Passend hier niets.",
    leave: "Laat de vacature achter",
    leaveIntro: "De accountmanager van de regio krijgt de tekst hierboven en neemt contact met u op.",
    organisation: "Bedrijf of organisatie",
    name: "Uw naam",
    email: "E-mailadres",
    phone: "Telefoonnummer",
    contactHint: "Uw gegevens gaan alleen naar de accountmanager, en pas als u op Versturen klikt.",
    send: "Versturen",
    sending: "We versturen uw vacature…",
    sent: "Uw vacature is aangekomen",
    sentHint: "“{title}” ligt bij de accountmanager. Die neemt contact met u op.",
    again: "Nog een vacature",
    textMissing: "Schrijf in een of meer zinnen wat het werk is.",
    hoursWrong: "Vul een aantal uren in van 0 tot en met 60. Het minste is niet meer dan het meeste.",
    organisationMissing: "Vul in hoe uw bedrijf of organisatie heet.",
    nameMissing: "Vul uw naam in.",
    emailMissing: "Vul een e-mailadres in, zoals naam@bedrijf.nl.",
    unreadable: "Dit konden we niet lezen. Beschrijf het werk in gewone zinnen, zonder gegevens van personen.",
    offline: "We kunnen Passend nu niet bereiken. Uw tekst blijft staan. Controleer de verbinding en probeer het opnieuw. " +
      "Blijft het zo, dan is deze website misschien nog niet aangemeld.",
    tooMany: "Er waren te veel vragen achter elkaar. Probeer het over {n} seconden opnieuw. Uw tekst blijft staan.",
    refused: "Passend werkt nu niet op deze website. Uw tekst blijft staan. Vraag de beheerder van de website om een nieuwe sleutel.",
    broken: "Er ging bij ons iets mis. Uw tekst blijft staan. Probeer het over een paar minuten opnieuw.",
    retry: "Opnieuw proberen",
  },
  en: {
    title: "Is there someone for this work?",
    intro: "Type or paste the work. You see at once how many people in the region could do it.",
    text: "What is the work?",
    textHint: "Write what someone does and what that takes. A whole vacancy will do too.",
    place: "Town or postcode",
    hoursMin: "Fewest hours a week",
    hoursMax: "Most hours a week",
    optional: "optional",
    ask: "See how many people could do it",
    looking: "Looking who could do this…",
    people: "At least {n} people in the region could do this work.",
    few: "There are too few people now to give a number.",
    fewHint: "We never give numbers below 5. Leave the vacancy all the same: the account manager will think along with you.",
    abilities: "What they can do",
    ability: "{name} (at least {n})",
    openers: "What would make it suit more people",
    support: "Support that helps",
    more: "{name}: at least {n} more people",
    placeless: "Fill in a town or postcode. Then we count only who can get there.",
    placeUnknown: "We do not know this place, so we counted the whole region. Check how you wrote it.",
    read: "What we read",
    readTitle: "Work",
    readTasks: "Tasks",
    readNeeds: "Needed",
    readPlace: "Place",
    readHours: "Hours a week",
    hours: "{low} to {high}",
    leftOut: "Left out: {n} × a sentence about contact, applying or a person.",
    privacy: "You see groups only. Passend tells nothing here about any one person.",
    leave: "Leave the vacancy",
    leaveIntro: "The account manager of the region gets the text above and will contact you.",
    organisation: "Company or organisation",
    name: "Your name",
    email: "E-mail address",
    phone: "Telephone number",
    contactHint: "Your details go to the account manager only, and not before you press Send.",
    send: "Send",
    sending: "Sending your vacancy…",
    sent: "Your vacancy has arrived",
    sentHint: "“{title}” is with the account manager, who will contact you.",
    again: "Another vacancy",
    textMissing: "Write in one or more sentences what the work is.",
    hoursWrong: "Fill in a number of hours from 0 to 60. The fewest is no more than the most.",
    organisationMissing: "Fill in what your company or organisation is called.",
    nameMissing: "Fill in your name.",
    emailMissing: "Fill in an e-mail address, such as name@company.com.",
    unreadable: "We could not read this. Describe the work in plain sentences, without details of persons.",
    offline: "We cannot reach Passend now. Your text stays. Check the connection and try again. " +
      "If it stays like this, this website may not be registered yet.",
    tooMany: "There were too many questions in a row. Try again in {n} seconds. Your text stays.",
    refused: "Passend does not work on this website now. Your text stays. Ask whoever runs the website for a new key.",
    broken: "Something went wrong on our side. Your text stays. Try again in a few minutes.",
    retry: "Try again",
  },
};

const STYLE = `
:host {
  --_text: var(--passend-text, light-dark(#1d1d1b, #f2f2f0));
  --_background: var(--passend-background, light-dark(#ffffff, #1b1d21));
  --_accent: var(--passend-accent, light-dark(#154273, #9fd2ee));
  --_on-accent: var(--passend-on-accent, light-dark(#ffffff, #10202b));
  --_border: var(--passend-border, light-dark(#696969, #a6a6a6));
  --_soft: var(--passend-soft, light-dark(#eef3f8, #262b33));
  --_error: var(--passend-error, light-dark(#a8001c, #ffa8a8));
  --_radius: var(--passend-radius, 0.375rem);
  --_space: var(--passend-space, 1rem);
  display: block;
  font-family: var(--passend-font, inherit);
  font-size: var(--passend-font-size, 1rem);
  line-height: 1.5;
  color: var(--_text);
  background: var(--_background);
  overflow-wrap: anywhere;
}
:host([hidden]) { display: none; }
*, *::before { box-sizing: border-box; }
.widget { padding: var(--_space); max-width: 44rem; }
h2 { font-size: 1.5em; line-height: 1.25; margin: 0 0 0.5rem; }
h3 { font-size: 1.125em; line-height: 1.3; margin: var(--_space) 0 0.25rem; }
p, ul, dl { margin: 0 0 0.5rem; }
ul { padding-inline-start: 1.25rem; }
dt { font-weight: 600; }
dd { margin: 0 0 0.5rem; }
form { display: grid; gap: var(--_space); margin-block: var(--_space); }
.row { display: grid; gap: var(--_space); grid-template-columns: repeat(auto-fit, minmax(min(12rem, 100%), 1fr)); align-items: end; }
label { display: block; font-weight: 600; }
.optional, .hint { font-weight: 400; font-size: 0.9375em; }
.hint { margin: 0 0 0.25rem; }
input, textarea {
  display: block; inline-size: 100%; min-block-size: 2.75rem; padding: 0.5rem; font: inherit; color: inherit;
  background: var(--_background); border: 0.125rem solid var(--_border); border-radius: var(--_radius);
}
textarea { min-block-size: 8rem; resize: vertical; }
[aria-invalid="true"] { border-color: var(--_error); }
.error { color: var(--_error); font-weight: 600; margin: 0.25rem 0 0; }
.error:empty { display: none; }
button {
  justify-self: start; min-block-size: 2.75rem; padding: 0.5rem 1rem; font: inherit; font-weight: 600; cursor: pointer;
  color: var(--_on-accent); background: var(--_accent); border: 0.125rem solid transparent; border-radius: var(--_radius);
}
button.second { color: var(--_accent); background: none; border-color: currentColor; }
:focus-visible { outline: 0.1875rem solid var(--_accent); outline-offset: 0.125rem; }
h2:focus-visible { outline-offset: 0.25rem; }
.answer[aria-busy] { background: var(--_soft); border-inline-start: 0.25rem solid var(--_accent); padding: var(--_space); border-radius: var(--_radius); }
.answer[aria-busy="true"] { opacity: 0.75; }
.size { font-size: 1.25em; font-weight: 700; margin: 0; }
summary { cursor: pointer; padding-block: 0.5rem; font-weight: 600; }
@media (forced-colors: active) { .answer[aria-busy] { border-color: CanvasText; } button { border-color: ButtonText; } }
@media (prefers-reduced-motion: no-preference) { .answer { transition: opacity 0.15s; } }
`;

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

/** An element with attributes, listeners (`onclick`) and children; empty values are left out. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value !== false && value !== undefined && value !== "") made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter(Boolean));
  return made;
}

const filled = (message, facts) => message.replace(/\{(\w+)\}/g, (_, name) => facts[name]);

const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

/** A random UUID, also on pages without HTTPS. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** What a refused request means for the one who typed. */
class Refused extends Error {
  constructor(message, facts = {}, fields = []) {
    super(message);
    this.facts = facts;
    this.fields = fields;
  }
}

class PassendMatch extends HTMLElement {
  static observedAttributes = ["lang"];

  #values = {};
  #answer = null;
  #asked = "";
  #number = uuid();
  #sent = null;
  #timer = 0;
  #asking = null;
  #sending = false;

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
  }

  connectedCallback() {
    this.#render();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  attributeChangedCallback(_, before, after) {
    if (!this.shadowRoot.firstChild || before === after) return;
    this.#render();
    if (this.#asked) this.#ask(true);
  }

  get #language() {
    const said = this.getAttribute("lang") || document.documentElement.lang;
    return said.toLowerCase().startsWith("en") ? "en" : "nl";
  }

  #say(name, facts = {}) {
    return filled(MESSAGES[this.#language][name], facts);
  }

  #part(name) {
    return this.shadowRoot.querySelector(`[part~="${name}"]`);
  }

  // What is on the screen ---------------------------------------------------------------------------------------------------

  #render() {
    const body = this.#sent ? this.#confirmation() : [this.#questionForm(), this.#answerBox(), this.#leaveForm()];
    this.shadowRoot.replaceChildren(
      element("section", { class: "widget", part: "widget", lang: this.#language, "aria-labelledby": "title" }, body),
    );
    if (!this.#sent) this.#showAnswer();
  }

  #questionForm() {
    const numbers = { type: "number", inputmode: "numeric", min: 0, max: 60, step: 1, optional: true };
    return [
      element("h2", { id: "title", part: "title" }, this.#say("title")),
      element("p", {}, this.#say("intro")),
      element(
        "form",
        { part: "question", novalidate: true, onsubmit: (event) => this.#submitted(event, () => this.#ask(true)) },
        this.#field("text", { tag: "textarea", rows: 6, maxlength: 8000, hint: this.#say("textHint") }),
        element(
          "div",
          { class: "row" },
          this.#field("place", { maxlength: 100, optional: true }),
          this.#field("hoursMin", numbers),
          this.#field("hoursMax", numbers),
        ),
        element("button", { type: "submit", part: "button ask" }, this.#say("ask")),
      ),
    ];
  }

  #leaveForm() {
    return element(
      "form",
      { part: "leave", novalidate: true, "aria-labelledby": "leave", onsubmit: (event) => this.#submitted(event, () => this.#send()) },
      element(
        "div",
        {},
        element("h3", { id: "leave" }, this.#say("leave")),
        element("p", {}, this.#say("leaveIntro")),
        element("p", { class: "hint" }, this.#say("contactHint")),
      ),
      this.#field("organisation", { autocomplete: "organization", maxlength: 200 }),
      this.#field("name", { autocomplete: "name", maxlength: 200 }),
      this.#field("email", { type: "email", autocomplete: "email", maxlength: 200 }),
      this.#field("phone", { type: "tel", autocomplete: "tel", maxlength: 40, optional: true }),
      element("div", { part: "error", class: "error", role: "alert", id: "leave-error" }),
      element("button", { type: "submit", part: "button send" }, this.#say("send")),
    );
  }

  #field(name, { tag = "input", hint, optional, ...attributes }) {
    const described = [hint && `${name}-hint`, `${name}-error`].filter(Boolean).join(" ");
    const control = element(tag, {
      id: name, name, part: "input", "aria-describedby": described, required: !optional,
      oninput: () => this.#typed(control), ...attributes,
    });
    control.value = this.#values[name] ?? "";
    return element(
      "div",
      {},
      element("label", { for: name, part: "label" }, this.#say(name), optional && element("span", { class: "optional" }, ` (${this.#say("optional")})`)),
      hint && element("p", { class: "hint", id: `${name}-hint` }, hint),
      control,
      element("p", { class: "error", part: "error", id: `${name}-error` }),
    );
  }

  #answerBox() {
    return element(
      "div",
      { class: "answer", part: "answer" },
      element("p", { class: "size", part: "size", role: "status" }),
      element("div", { part: "details" }),
    );
  }

  #showAnswer() {
    const found = this.#answer;
    if (!found) return;
    this.#showStatus(found.people ? this.#say("people", { n: found.people }) : this.#say("few"), [
      found.people ? "" : element("p", {}, this.#say("fewHint")),
      this.#list("abilities", found.abilities, "ability"),
      this.#list("openers", found.openers, "more"),
      this.#list("support", found.support, "more"),
      found.read.placeKnown ? "" : element("p", {}, this.#say(found.read.place ? "placeUnknown" : "placeless")),
      this.#whatWasRead(found.read),
      element("p", { class: "hint" }, this.#say("privacy")),
    ]);
  }

  #list(heading, groups, message) {
    if (!groups.length) return "";
    const items = groups.slice(0, MOST_NAMED).map((group) => element("li", {}, this.#say(message, { name: capital(group.name), n: group.atLeast })));
    return element("div", { part: heading }, element("h3", {}, this.#say(heading)), element("ul", {}, items));
  }

  #whatWasRead(read) {
    const { hoursMin: low, hoursMax: high } = read;
    const hours = low === high ? String(low) : this.#say("hours", { low, high });
    const rows = [
      ["readTitle", [read.title]], ["readTasks", read.tasks], ["readNeeds", read.needs],
      ["readPlace", read.place ? [read.place] : []], ["readHours", [hours]],
    ];
    return element(
      "details",
      { part: "read" },
      element("summary", {}, this.#say("read")),
      element("dl", {}, rows.filter(([, said]) => said.length).map(([name, said]) => [
        element("dt", {}, this.#say(name)), ...said.map((one) => element("dd", {}, one)),
      ])),
      read.leftOut ? element("p", {}, this.#say("leftOut", { n: read.leftOut })) : "",
    );
  }

  #showStatus(sentence, details, busy = false) {
    const answer = this.#part("answer");
    answer.setAttribute("aria-busy", String(busy));
    this.#part("size").textContent = sentence;
    if (details) this.#part("details").replaceChildren(...details.filter((one) => one !== ""));
  }

  #confirmation() {
    return [
      element("h2", { id: "title", part: "title", tabindex: -1 }, this.#say("sent")),
      element("p", { part: "sent" }, this.#say("sentHint", { title: this.#sent.title })),
      element("button", { type: "button", part: "button again", class: "second", onclick: () => this.#startAnew() }, this.#say("again")),
    ];
  }

  // What happens ------------------------------------------------------------------------------------------------------------

  #typed(control) {
    this.#values[control.name] = control.value;
    this.#complain(control.name, "");
    if (!["text", "place", "hoursMin", "hoursMax"].includes(control.name)) return;
    clearTimeout(this.#timer);
    if ((this.#values.text ?? "").trim().length >= ENOUGH) this.#timer = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  #submitted(event, action) {
    event.preventDefault();
    clearTimeout(this.#timer);
    action();
  }

  get #work() {
    const hours = (name) => (this.#values[name]?.trim() ? Number(this.#values[name]) : null);
    return {
      text: (this.#values.text ?? "").trim(), place: (this.#values.place ?? "").trim(),
      hoursMin: hours("hoursMin"), hoursMax: hours("hoursMax"),
    };
  }

  async #ask(wanted = false) {
    if (!this.#allFine(this.#wrongInWork(), wanted)) return;
    const question = { ...this.#work, language: this.#language };
    const written = JSON.stringify(question);
    if (written === this.#asked && this.#answer && !wanted) return;
    this.#asking?.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    this.#asked = written;
    this.#showStatus(this.#say("looking"), null, true);
    try {
      this.#answer = await this.#post("estimates", question, signal);
      this.#showAnswer();
    } catch (problem) {
      if (!signal.aborted) this.#showProblem(problem);
    }
  }

  async #send() {
    if (this.#sending || !this.#allFine([...this.#wrongInWork(), ...this.#wrongInContact()], true)) return;
    this.#sending = true;
    this.#asking?.abort();
    const { organisation, name, email, phone = "" } = this.#values;
    const said = this.#part("leave").querySelector("#leave-error");
    said.replaceChildren(this.#say("sending"));
    try {
      const vacancy = { id: this.#number, ...this.#work, contact: { organisation, name, email, phone } };
      this.#sent = await this.#post("vacancies", vacancy);
      this.#render();
      this.#part("title").focus();
    } catch (problem) {
      said.replaceChildren(this.#inWords(problem));
      this.#pointOut(problem);
    } finally {
      this.#sending = false;
    }
  }

  #startAnew() {
    const { organisation, name, email, phone } = this.#values;
    this.#values = { organisation, name, email, phone };
    this.#answer = this.#sent = null;
    this.#asked = "";
    this.#number = uuid();
    this.#render();
    this.shadowRoot.getElementById("text").focus();
  }

  async #post(what, body, signal) {
    const address = new URL(`/v1/widget/${what}`, HERE);
    address.searchParams.set("siteKey", this.getAttribute("site-key") ?? "");
    const patience = AbortSignal.timeout(PATIENCE_MS);
    let answer;
    try {
      answer = await fetch(address, {
        method: "POST", mode: "cors", credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer",
        headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
        signal: signal ? AbortSignal.any([signal, patience]) : patience,
      });
    } catch {
      throw new Refused("offline");
    }
    if (answer.ok) return answer.json();
    throw await this.#refusal(answer);
  }

  async #refusal(answer) {
    if (answer.status === 429) return new Refused("tooMany", { n: answer.headers.get("Retry-After") ?? 60 });
    if (answer.status === 401 || answer.status === 403) return new Refused("refused");
    if (answer.status !== 400) return new Refused("broken");
    const problem = await answer.json().catch(() => ({}));
    return new Refused("unreadable", {}, (problem.errors ?? []).map((one) => one.pointer?.split("/").pop()));
  }

  #showProblem(problem) {
    this.#asked = "";
    const again = element("button", { type: "button", class: "second", part: "button retry", onclick: () => this.#ask(true) }, this.#say("retry"));
    this.#answer = null;
    this.#showStatus(this.#inWords(problem), [problem.fields?.length ? "" : again]);
    this.#pointOut(problem);
  }

  #inWords(problem) {
    return problem instanceof Refused ? this.#say(problem.message, problem.facts) : this.#say("broken");
  }

  #pointOut(problem) {
    for (const name of problem.fields ?? []) {
      if (this.shadowRoot.getElementById(name)) this.#complain(name, this.#complaint(name));
    }
  }

  // What is still wrong -----------------------------------------------------------------------------------------------------

  #wrongInWork() {
    const { text, hoursMin, hoursMax } = this.#work;
    const control = (name) => this.shadowRoot.getElementById(name);
    const possible = (hours) => hours === null || (hours >= 0 && hours <= 60);
    const unread = ["hoursMin", "hoursMax"].filter((name) => control(name).validity.badInput);
    if (unread.length) return unread;
    return [
      !/[\p{L}\p{N}]/u.test(text) && "text",
      !possible(hoursMin) && "hoursMin",
      (!possible(hoursMax) || (hoursMin !== null && hoursMax !== null && hoursMin > hoursMax)) && "hoursMax",
    ].filter(Boolean);
  }

  #wrongInContact() {
    const missing = ["organisation", "name"].filter((name) => !(this.#values[name] ?? "").trim());
    return /^[^@\s]+@[^@\s]+$/.test((this.#values.email ?? "").trim()) ? missing : [...missing, "email"];
  }

  /** Says what is wrong where it is wrong, when asked to; the first such field gets the focus. */
  #allFine(wrong, say) {
    if (say) {
      for (const name of wrong) this.#complain(name, this.#complaint(name));
      if (wrong.length) this.shadowRoot.getElementById(wrong[0]).focus();
    }
    return wrong.length === 0;
  }

  #complaint(name) {
    if (name.startsWith("hours")) return this.#say("hoursWrong");
    return this.#say(`${name}Missing` in MESSAGES.nl ? `${name}Missing` : "unreadable");
  }

  #complain(name, sentence) {
    const control = this.shadowRoot.getElementById(name);
    if (sentence) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
    this.shadowRoot.getElementById(`${name}-error`).textContent = sentence;
  }
}

if (!customElements.get("passend-match")) customElements.define("passend-match", PassendMatch);
