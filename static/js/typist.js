// The stenographer's page: what is typed goes out in its order, now or when the network is back, and never twice.

import { NotDone, post, say, uuid } from "./staff.js";

const form = document.querySelector("#speak-form");
const text = form.elements.text;
const store = `outbox ${form.dataset.programme}`;
const draft = `draft ${form.dataset.programme}`;
const RETRY = 3_000; // ms
const TELL_EVERY = 8_000; // ms: readers are told well before they would stop seeing it
let sending = false;
let chosen = "";
let told = -TELL_EVERY;

function outbox() {
  try {
    return JSON.parse(localStorage.getItem(store) ?? "[]");
  } catch {
    return [];
  }
}

function put(items) {
  localStorage.setItem(store, JSON.stringify(items));
  const note = document.querySelector("#outbox");
  note.hidden = items.length === 0 || (items.length === 1 && sending);
  note.textContent = note.dataset.words.replace("{}", items.length);
}

// By its token: another window of the same person may be sending from the same outbox.
function drop(item) {
  put(outbox().filter(({ token }) => token !== item.token));
}

// No network, a server that is being restarted, a session that has run out: the same words may be accepted later.
function mayPass(problem) {
  return !(problem instanceof NotDone) || problem.code === "signed_out" || /^5\d\d$/.test(problem.code);
}

// The first one until it is through: order matters more than speed.
async function flush() {
  if (sending) return;
  sending = true;
  for (let items = outbox(); items.length; items = outbox()) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    for (const [name, value] of Object.entries(items[0])) body.set(name, value);
    try {
      const answer = await post(form.action, body);
      drop(items[0]);
      say(answer.detail);
    } catch (problem) {
      if (mayPass(problem)) {
        if (problem instanceof NotDone) say(problem.message, { refused: true });
        setTimeout(flush, RETRY);
        break;
      }
      // Refused: it will be refused again. The words go back to where they can be changed.
      drop(items[0]);
      text.value = [items[0].text, text.value].filter(Boolean).join("\n\n");
      localStorage.setItem(draft, text.value);
      say(problem.message, { refused: true });
    }
  }
  sending = false;
  put(outbox());
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!text.value.trim()) return;
  const fields = new FormData(form);
  put([...outbox(), { token: uuid(), guest: fields.get("guest"), question: fields.get("question") ?? "", text: text.value }]);
  text.value = "";
  localStorage.removeItem(draft);
  select("");
  text.focus();
  flush();
});

// While an answer is being written down readers see that it comes. Nothing depends on it.
function tellAnswering() {
  const { question, guest } = Object.fromEntries(new FormData(form));
  if (!question || !guest || !text.value.trim() || performance.now() - told < TELL_EVERY) return;
  told = performance.now();
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("question", question);
  body.set("guest", guest);
  post(form.dataset.answeringUrl, body).catch(() => {});
}

function select(question) {
  chosen = question;
  const radio = document.querySelector(`[name="question"][form="speak-form"][value="${CSS.escape(question)}"]`) ?? document.querySelector('[name="question"][value=""]');
  radio.checked = true;
}

// Whoever the question was put to is the one who answers it.
document.addEventListener("change", ({ target }) => {
  if (target.name !== "question") return;
  chosen = target.value;
  told = -TELL_EVERY;
  const guest = target.closest("[data-put-to]")?.dataset.putTo;
  const speaker = guest && form.querySelector(`[name="guest"][value="${CSS.escape(guest)}"]`);
  if (speaker) speaker.checked = true;
  text.focus();
});

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  // By place, not by letter: with Alt some keyboards type other signs.
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  const speaker = digit && form.querySelector(`[data-key="${digit}"]`);
  if (speaker) speaker.checked = true;
  else if (event.code === "KeyR") select("");
  else if (event.code === "KeyZ") document.querySelector("#correct-last:not([hidden])")?.click();
  else return;
  event.preventDefault();
});

text.addEventListener("input", () => {
  localStorage.setItem(draft, text.value);
  tellAnswering();
});

document.addEventListener("live:applied", ({ detail }) => {
  select(document.querySelector(`[name="question"][value="${CSS.escape(chosen)}"]`) ? chosen : "");
  const last = detail.inserted.filter((element) => element.matches?.("article:is([data-kind='remark'], [data-kind='answer'])")).at(-1);
  if (!last) return;
  const link = document.querySelector("#correct-last");
  link.href = link.dataset.pattern.replace(/\/0\/$/, `/${Number(last.id.replace("entry-", ""))}/`);
  link.hidden = false;
});

addEventListener("online", flush);
text.value ||= localStorage.getItem(draft) ?? "";
put(outbox());
flush();
