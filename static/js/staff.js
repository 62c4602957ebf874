// What every staff page does: forms that go without leaving the page, sentences that tell what became of them.
//
//   form[data-quick]                 sent by script; its `data-clears="name"` field is emptied when it was accepted
//   #said                            the sentence of the last action
//   Ctrl+Enter in a textarea         presses the form's button
//
// Without scripts the same forms load the page again.

import "./countdown.js";
import { live } from "./live.js";

const TOLD = 8_000; // ms a sentence of success stays
const ENGLISH = document.documentElement.lang === "en";
let quiet = null;

// What scripts say by themselves, in the language of the page.
export function inWords(chinese, english) {
  return ENGLISH ? english : chinese;
}

// Tell the person what happened. A refusal stays until the next action and is read out.
export function say(sentence, { refused = false } = {}) {
  const said = document.querySelector("#said");
  if (!said) return;
  clearTimeout(quiet);
  said.textContent = sentence;
  said.classList.toggle("refused", refused);
  said.setAttribute("role", refused ? "alert" : "status");
  said.hidden = false;
  if (!refused) quiet = setTimeout(() => (said.hidden = true), TOLD);
}

// What the server refused: `code` for us, `message` for the person, `fields` what to correct where.
export class NotDone extends Error {
  constructor(code, detail, fields = {}) {
    super(detail);
    this.code = code;
    this.fields = fields;
  }
}

// Send a form's fields and return the answer. Throws NotDone if the server refused, TypeError if it could not be reached.
export async function post(address, body) {
  const response = await fetch(address, { method: "POST", headers: { Accept: "application/json" }, body, credentials: "same-origin" });
  const answer = await response.json().catch(() => ({}));
  if (response.status === 413) throw new NotDone("too_large", inWords("图片或文件太大，没有收下。请缩小后再提交，您填的都还在。", "The picture or file is too large and was not taken. Make it smaller and try again; what you typed is still here."));
  if (!response.ok) throw new NotDone(answer.code ?? String(response.status), answer.detail ?? inWords("没有执行。请刷新页面后重试。", "Not done. Reload the page and try again."), answer.fields);
  live?.look();
  return answer;
}

async function send(form, submitter) {
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  try {
    const answer = await post(submitter?.getAttribute("formaction") ?? form.action, new FormData(form, submitter));
    const cleared = form.dataset.clears && form.elements[form.dataset.clears];
    if (cleared) cleared.value = "";
    renew(form);
    say(answer.detail ?? "");
    form.dispatchEvent(new CustomEvent("quick:done", { bubbles: true, detail: { submitter } }));
  } catch (problem) {
    say(problem instanceof NotDone ? problem.message : inWords("没有送到，请检查网络后再试。您写的字还在。", "Not sent: no connection. What you typed is still here."), { refused: true });
  } finally {
    delete form.dataset.busy;
  }
}

// The same words sent twice are published once; new words need a new token.
function renew(form) {
  const token = form.querySelector("[data-token]");
  if (token) token.value = crypto.randomUUID?.() ?? uuid();
}

// randomUUID exists on https and localhost only; an office network may be neither.
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-quick]")) return;
  event.preventDefault();
  send(event.target, event.submitter);
});

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || field.localName !== "textarea" || !field.form) return;
  event.preventDefault();
  const near = field.closest("section, li, form")?.querySelector("button[type=submit]");
  field.form.requestSubmit(near?.form === field.form ? near : undefined);
});

for (const form of document.querySelectorAll("form")) renew(form);

// After the programme moved on, what may be done is another thing: take it from the page as it is now.
document.addEventListener("live:applied", async ({ detail }) => {
  if (!detail.events.some(({ kind }) => kind === "programme.changed")) return;
  const response = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
  if (!response?.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const id of ["programme-place", "control"]) {
    const [fresh, present] = [page.getElementById(id), document.getElementById(id)];
    if (!fresh || !present || present.contains(document.activeElement)) continue;
    present.replaceWith(document.importNode(fresh, true));
  }
  for (const form of document.querySelectorAll("#control form")) renew(form);
});
