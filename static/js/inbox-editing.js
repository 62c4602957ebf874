// Editing: what the asker wrote on the left, what the public will read on the right, and how much may still be changed.
//
// The form is the one of the page for editing without scripts, fetched when it is opened: so it is about the words as they are now.

import { send, sentence } from "./inbox-acts.js";
import { part, refuse } from "./inbox-writing.js";
import { inWords, say } from "./staff.js";

const dialog = document.querySelector("#doing-edit");
const place = dialog.querySelector("[data-editing]");

export async function edit(button) {
  const li = button.closest("li");
  const editing = await part(button.href, ".editing");
  if (!editing) return say(sentence(null), { refused: true });
  place.replaceChildren(editing);
  dialog.querySelector("[data-label]").textContent = li.dataset.label;
  refuse(dialog, "");
  count();
  dialog.showModal();
  const field = place.querySelector("textarea");
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

// How many characters have to be added, taken away or replaced to make one of the other.
export function distance(one, other) {
  const [a, b] = [[...one], [...other]];
  let last = [...a.keys(), a.length];
  for (const [row, letter] of b.entries()) {
    const next = [row + 1];
    for (let at = 0; at < a.length; at++) next.push(Math.min(last[at] + (a[at] === letter ? 0 : 1), last[at + 1] + 1, next[at] + 1));
    last = next;
  }
  return last[a.length];
}

function count() {
  const field = place.querySelector("textarea");
  const counter = place.querySelector("[data-counter]");
  const left = Number(field.dataset.most) - distance(field.dataset.own.trim(), field.value.trim());
  counter.textContent = left < 0 ? inWords(`多改了${-left}个字`, `${-left} too many`) : inWords(`还可以改${left}个字`, `${left} more may be changed`);
  counter.classList.toggle("over", left < 0);
  field.toggleAttribute("aria-invalid", left < 0);
  if (left < 0) field.setAttribute("aria-invalid", "true");
}

place.addEventListener("input", count);
place.addEventListener("click", (event) => {
  if (!event.target.closest("[data-close]")) return;
  event.preventDefault();
  dialog.close();
});
place.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const body = new FormData(form, event.submitter);
  // Refused, it stays open with what was written.
  const refusal = await send(body.get("question"), "edit", form.action, body);
  if (!refusal) return dialog.close();
  refuse(dialog, refusal);
  form.elements.text.focus();
});
dialog.addEventListener("close", () => place.replaceChildren());
