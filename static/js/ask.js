// The question form: counts characters, keeps the draft, asks over the socket where the page has one, else by the form itself.
//
//   form#ask-form[data-programme][data-limit]   with data-sending, data-empty, data-too-long, data-solving, data-solved: the words
//                                               it says; data-challenge if the server wants a challenge solved first
//   #ask-errors, #ask-status, #ask-receipt      what became of it
//   main[data-receipt-of="PROGRAMME"]           a receipt page: what was kept for that programme has arrived

import { solve } from "./challenge.js";
import { live } from "./live.js";

const PATIENCE = 6_000; // ms for an answer over the socket, then the form goes by itself: the same token is the same question
const form = document.querySelector("#ask-form");
const arrived = document.querySelector("[data-receipt-of]")?.dataset.receiptOf;

const kept = {
  key: (programme) => `ask:${programme}`,
  read(programme) {
    try { return JSON.parse(sessionStorage.getItem(this.key(programme))) ?? {}; } catch { return {}; }
  },
  write(programme, draft) {
    try { sessionStorage.setItem(this.key(programme), JSON.stringify(draft)); } catch { /* private windows keep nothing */ }
  },
  drop(programme) {
    try { sessionStorage.removeItem(this.key(programme)); } catch { /* nothing was kept */ }
  },
};

if (arrived && kept.read(arrived).sent) kept.drop(arrived);
if (form) start();

function start() {
  const { nickname, text, token, solution } = form.elements;
  const button = form.querySelector("[type=submit]");
  const counter = document.querySelector("#ask-counter");
  const errors = document.querySelector("#ask-errors");
  const status = document.querySelector("#ask-status");
  const receipt = document.querySelector("#ask-receipt");
  const hint = status.textContent;
  const words = counter.textContent;
  const limit = Number(form.dataset.limit);
  const programme = form.dataset.programme;
  let solvedFor = "";

  // By code points, as the server does: an emoji or a rare character is one.
  const length = () => [...text.value.replace(/\r\n?/g, "\n").trim()].length;

  function tooLong(count) {
    return form.dataset.tooLong.replace("{length}", count).replace("{limit}", limit).replace("{more}", count - limit);
  }

  function count() {
    const now = length();
    counter.textContent = now === 0 ? words : now > limit ? tooLong(now) : `${now} / ${limit}`;
    counter.classList.toggle("over", now > limit);
  }

  function keep(sent = false) {
    if (text.value || nickname.value) kept.write(programme, { nickname: nickname.value, text: text.value, token: token.value, sent });
    else kept.drop(programme);
  }

  function restore() {
    const draft = kept.read(programme);
    // What the server gave back with an error is newer than what was kept.
    if (text.value || nickname.value || !draft.text) return;
    Object.assign(nickname, { value: draft.nickname ?? "" });
    text.value = draft.text;
    if (draft.token) token.value = draft.token;
  }

  function complain(fields) {
    const list = errors.querySelector("ul");
    list.replaceChildren(
      ...Object.entries(fields).flatMap(([name, sentences]) => sentences.map((sentence) => line(name, sentence))),
    );
    for (const field of [nickname, text]) {
      field.toggleAttribute("aria-invalid", false);
      if (fields[field.name]) field.setAttribute("aria-invalid", "true");
    }
    errors.hidden = false;
    (fields.text ? text : fields.nickname ? nickname : errors).focus();
  }

  function line(name, sentence) {
    const row = document.createElement("li");
    const link = name in { nickname, text } ? row.appendChild(document.createElement("a")) : row;
    link.textContent = sentence;
    if (link !== row) link.href = `#ask-${name}`;
    return row;
  }

  // Whoever is blocked goes from the sentence to the page of the appeal.
  function linkTo(address) {
    const row = errors.querySelector("li");
    const link = Object.assign(document.createElement("a"), { href: address, textContent: row.textContent });
    row.replaceChildren(link);
  }

  function busy(is) {
    button.toggleAttribute("aria-disabled", is);
    if (is) button.setAttribute("aria-disabled", "true");
    status.textContent = is ? form.dataset.sending : hint;
  }

  function renew() {
    token.value = uuid();
    keep();
  }

  function hand(answer) {
    kept.drop(programme);
    receipt.querySelector("[data-receipt-number]").textContent = answer.number;
    receipt.querySelector("[data-receipt-link]").href = answer.url;
    text.value = "";
    token.value = uuid();
    errors.hidden = true;
    count();
    form.hidden = true;
    receipt.hidden = false;
    receipt.focus();
  }

  async function submit(event) {
    event.preventDefault();
    if (button.hasAttribute("aria-disabled")) return;
    const now = length();
    if (now === 0) return complain({ text: [form.dataset.empty] });
    if (now > limit) return complain({ text: [tooLong(now)] });
    if (live?.state !== "online") return byForm();
    busy(true);
    const words = { programme, token: token.value, nickname: nickname.value, text: text.value };
    const asked = live.send("ask", solution.value ? { ...words, solution: solution.value } : words);
    solution.value = "";
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
    try {
      const answer = await Promise.race([asked, late]);
      if (!answer) return byForm();
      hand(answer);
    } catch (refusal) {
      // The form sets the cookie that the socket misses.
      if (refusal.code === "no_visitor") return byForm();
      if (refusal.code === "challenge" && (await answerChallenge())) return submit(event);
      if (refusal.code === "conflict") renew();
      const { appeal, ...fields } = refusal.fields ?? {};
      complain(Object.keys(fields).length ? fields : { form: [refusal.message] });
      if (appeal) linkTo(appeal[0]);
    }
    busy(false);
  }

  // Once for each time the button was pressed: what is refused with a solution is told.
  async function answerChallenge() {
    if (solvedFor === token.value) return false;
    solvedFor = token.value;
    status.textContent = form.dataset.solving;
    try {
      solution.value = await solve(programme);
    } catch {
      return false;
    }
    busy(false);
    return true;
  }

  // The server gave the form back for want of a solution.
  async function prepare() {
    if (!("challenge" in form.dataset)) return;
    busy(true);
    const solved = await answerChallenge();
    busy(false);
    if (solved) status.textContent = form.dataset.solved;
  }

  function byForm() {
    keep(true);
    busy(true);
    form.submit();
  }

  restore();
  count();
  prepare();
  text.addEventListener("input", count);
  form.addEventListener("input", () => keep());
  form.addEventListener("submit", submit);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  receipt.querySelector("[data-ask-again]").addEventListener("click", () => {
    receipt.hidden = true;
    form.hidden = false;
    text.focus();
  });
  // Back from the receipt: the page may be shown as it was left, in the middle of sending.
  addEventListener("pageshow", (event) => {
    if (event.persisted) busy(false);
  });
}

// randomUUID exists on https and localhost only; a portal may be neither.
function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
