// What needs words, or is looked at, before it is done: one dialog for each, never one above another.
//
//   dialog#doing-NAME     what the button with data-act="NAME" opens, with the question's label and words in it
//   [data-key]            a button of a dialog that a key presses
//
// A dialog stands outside the queue: what comes meanwhile touches nothing that is written in it.

import { send, sentence } from "./inbox-acts.js";
import { choose, item } from "./inbox-queue.js";
import { post, say } from "./staff.js";

export const dialogs = [...document.querySelectorAll("dialog")];
export const dialog = (act) => document.querySelector(`#doing-${act}`);
export const open = () => dialogs.find((each) => each.open) ?? null;

// Say in the dialog why it was not done; "" takes it away.
export function refuse(target, refusal) {
  const said = target.querySelector("[data-refusal]");
  said.hidden = refusal === "";
  said.textContent = refusal;
}

// Open the dialog of `act` for the question of `button`.
export function ask(button) {
  const li = button.closest("li");
  const target = dialog(button.dataset.act);
  const form = target.querySelector("form");
  choose(li, { focus: false, hold: li });
  form.reset();
  refuse(target, "");
  form.elements.question.value = li.dataset.question;
  target.querySelector("[data-label]").textContent = li.dataset.label;
  target.querySelector("[data-quote]").replaceChildren(...[...li.querySelector(".inbox-words").cloneNode(true).childNodes]);
  target.showModal();
  (target.querySelector("[data-key]") ?? form.elements.words).focus();
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
    const form = event.target;
    const body = new FormData(form, event.submitter);
    // Refused, it stays open with what was written.
    const refusal = await send(form.elements.question.value, each.id.replace("doing-", ""), form.action, body);
    if (refusal) refuse(each, refusal);
    else each.close();
  });
}
