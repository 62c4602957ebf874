// What needs words, or is looked at, before it is done: one dialog for each, never one above another.
//
//   dialog#doing-NAME     what the button with data-act="NAME" opens, with the question's label and words in it
//   [data-key]            a button of a dialog that a key presses, or one of several keys
//
// A dialog stands outside the queue: what comes meanwhile touches nothing that is written in it.

import { send, sentence } from "./inbox-acts.js";
import { choose, item } from "./inbox-queue.js";
import { post, say } from "./staff.js";

let sending = null; // what the open dialog is sent by: body → why not, "" if it was done

export const dialogs = [...document.querySelectorAll("dialog")];
export const dialog = (act) => document.querySelector(`#doing-${act}`);
export const open = () => dialogs.find((each) => each.open) ?? null;

// Say in the dialog why it was not done; "" takes it away.
export function refuse(target, refusal) {
  const said = target.querySelector("[data-refusal]");
  said.hidden = refusal === "";
  said.textContent = refusal;
}

// The part of the page at this address that a dialog shows; null where there is none to be had.
export async function part(address, selector) {
  const response = await fetch(address, { credentials: "same-origin", cache: "no-store" }).catch(() => null);
  if (!response?.ok || response.redirected) return null;
  const found = new DOMParser().parseFromString(await response.text(), "text/html").querySelector(selector);
  return found && document.importNode(found, true);
}

// Open the dialog of `act` about what `label` and `quote` tell; `submit` sends what was written, and tells why not.
export function ask(act, { label, quote, submit }) {
  const target = dialog(act);
  const form = target.querySelector("form");
  form.reset();
  refuse(target, "");
  sending = submit;
  target.querySelector("[data-label]").textContent = label;
  target.querySelector("[data-quote]").replaceChildren(...quote);
  target.showModal();
  (target.querySelector("[data-key]") ?? form.elements.words).focus();
}

// Open the dialog of a question's button.
export function askAbout(button) {
  const li = button.closest("li");
  const { act } = button.dataset;
  choose(li, { focus: false, hold: li });
  ask(act, {
    label: li.dataset.label,
    quote: li.querySelector(".inbox-words").cloneNode(true).childNodes,
    submit: (body) => {
      body.set("question", li.dataset.question);
      return send(li.dataset.question, act, dialog(act).querySelector("form").action, body);
    },
  });
}

// Show the wordings as they were sent. Looking is recorded, so it is asked for each time and kept nowhere.
export async function unmask(button) {
  const li = button.closest("li");
  const target = dialog("unmask");
  try {
    const { html } = await post(button.formAction, new FormData(button.form, button));
    target.querySelector("[data-label]").textContent = li.dataset.label;
    target.querySelector("[data-wordings]").innerHTML = html;
    target.showModal();
  } catch (problem) {
    say(sentence(problem), { refused: true });
  }
}

export function help() {
  document.querySelector("#help").showModal();
}

for (const each of dialogs) {
  each.querySelector("[data-close]")?.addEventListener("click", () => each.close());
  each.addEventListener("close", () => {
    each.querySelector("[data-wordings]")?.replaceChildren();
    item()?.focus({ preventScroll: true });
  });
  each.querySelector("form")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    // Refused, it stays open with what was written.
    const refusal = await sending(new FormData(event.target, event.submitter));
    if (refusal) refuse(each, refusal);
    else each.close();
  });
}
