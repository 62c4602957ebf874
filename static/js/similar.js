// While somebody writes a question: who asked that already, and what was answered. Quiet, and in nobody's way: it stands below
// the button, says nothing where there is nothing, and fails in silence.
//
//   #similar[data-address]      where to ask; data-want the word on the button, data-want-too what follows the number of others
//   [data-similar="asked"]      one part with its list, shown while the list has something
//   [data-similar="answered"]
//   #similar-told               what is read out; its data-words has {} for the number

import { dress } from "./support.js";

const PAUSE = 500; // ms without a key
const SHORTEST = 8; // characters
const form = document.querySelector("#ask-form");
const place = document.querySelector("#similar");
if (form && place) start();

function start() {
  const { text } = form.elements;
  const told = document.querySelector("#similar-told");
  let timer = null;
  let asked = "";
  let silent = 0;
  let under = null;

  async function look() {
    const words = text.value.trim();
    if ([...words].length < SHORTEST) return show({ asked: [], answered: [] });
    if (words === asked || Date.now() < silent) return;
    asked = words;
    under?.abort();
    under = new AbortController();
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("text", words);
    try {
      const response = await fetch(place.dataset.address, { method: "POST", headers: { Accept: "application/json" }, body, credentials: "same-origin", signal: under.signal });
      if (response.ok) return show(await response.json());
      silent = Date.now() + 1_000 * Number(response.headers.get("Retry-After") ?? 60);
    } catch {
      // Cut short by the next key, or no network: the question can be sent all the same.
    }
    asked = "";
  }

  function show(found) {
    for (const [name, make] of [["asked", question], ["answered", answer]]) {
      const part = place.querySelector(`[data-similar="${name}"]`);
      part.querySelector("ul").replaceChildren(...found[name].map(make));
      part.hidden = found[name].length === 0;
    }
    const number = found.asked.length + found.answered.length;
    place.hidden = number === 0;
    told.textContent = number ? told.dataset.words.replace("{}", number) : "";
    if (!number) asked = "";
    dress();
  }

  function question(found) {
    const row = item(found.url, found.text, [found.label]);
    if (found.support) {
      const button = Object.assign(link(found.support, place.dataset.want), { className: "button quiet", rel: "nofollow" });
      button.dataset.support = found.id;
      row.append(" ", button);
    }
    // None is told while the counts are hidden.
    if (found.supports !== null) row.append(" ", supports(found));
    return row;
  }

  function supports(found) {
    const number = document.createElement("span");
    number.dataset.count = "";
    number.textContent = found.supports;
    const told = line(place.dataset.wantToo);
    told.dataset.supports = found.id;
    told.hidden = found.supports === 0;
    told.prepend(number);
    return told;
  }

  function answer(found) {
    const row = item(found.url, found.question, [found.programme, found.when]);
    row.append(Object.assign(document.createElement("p"), { textContent: found.answer }));
    return row;
  }

  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  // Sent, the form is empty again.
  form.addEventListener("submit", () => clearTimeout(timer));
}

function item(address, words, beside) {
  const row = document.createElement("li");
  row.append(link(address, words), " ", line(beside.join(" · ")));
  return row;
}

// In a window of its own: what is being written stays.
function link(address, words) {
  return Object.assign(document.createElement("a"), { href: address, textContent: words, target: "_blank" });
}

function line(words) {
  return Object.assign(document.createElement("span"), { className: "soft", textContent: words });
}
