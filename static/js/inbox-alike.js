// Beside a question what asks the same: merged into one of these with a key, split again with another.
//
// The part is the one of the page without scripts, fetched when it is opened: so it is about what waits now.

import { send, sentence } from "./inbox-acts.js";
import { choose } from "./inbox-queue.js";
import { part, refuse } from "./inbox-writing.js";
import { say } from "./staff.js";

const dialog = document.querySelector("#doing-alike");
const place = dialog.querySelector("[data-alike]");

export async function alike(link) {
  const li = link.closest("li");
  choose(li, { focus: false, hold: li });
  const fresh = await part(link.href, ".alike");
  if (!fresh) return say(sentence(null), { refused: true });
  place.replaceChildren(fresh);
  dialog.querySelector("[data-label]").textContent = li.dataset.label;
  refuse(dialog, "");
  dialog.showModal();
  (place.querySelector("[data-key]") ?? dialog.querySelector("[data-close]")).focus();
}

place.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  // Refused, it stays open: another one may do.
  const refusal = await send(form.elements.question.value, form.dataset.act, form.action, new FormData(form));
  if (refusal) refuse(dialog, refusal);
  else dialog.close();
});
dialog.addEventListener("close", () => place.replaceChildren());
