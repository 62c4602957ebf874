// A selection of the queue: a bar says how many, and one step is done with all of them.
//
//   .inbox-pick input              selects a question; its value is the question and the number of the wording that stood there
//   form#bulk[data-words]          the bar: its buttons are the steps; without scripts it is an ordinary form
//
// What others decide meanwhile leaves the selection, and that is said.

import { sendAll, sentence } from "./inbox-acts.js";
import { chosen, item, items, list, row } from "./inbox-queue.js";
import { ask } from "./inbox-writing.js";
import { inWords, say } from "./staff.js";

// These need a reason or may have words: their dialog is that of a single question.
const WRITTEN = ["decline", "hold", "escalate"];
const ASIDE = ["held", "escalated", "asked_back"];

const bar = document.querySelector("#bulk");
const step = (act) => bar.querySelector(`[name="act"][value="${act}"]`);
const box = (li) => li.querySelector(".inbox-pick input");
// What is shown already and was reported is looked at one by one.
const selectable = () => items().filter(box);
const many = () => bar.dataset.words.replace("{}", chosen.size);
let busy = false;

export const selecting = () => chosen.size > 0;

// Select a question, or select it no longer; what is decided about is the wording that stands there now.
export function toggle(li = item(), on = li && !chosen.has(li.dataset.question)) {
  if (!li || !box(li)) return;
  if (on) chosen.set(li.dataset.question, box(li).value);
  else chosen.delete(li.dataset.question);
  mark();
}

// All on the page; none, where all are selected.
export function all() {
  const rows = selectable();
  const every = rows.every((li) => chosen.has(li.dataset.question));
  for (const li of rows) toggle(li, !every);
}

export function clear() {
  chosen.clear();
  mark();
}

// Do with all that is selected what this button of the bar says.
export function carry(act) {
  if (step(act).hidden) return;
  if (!WRITTEN.includes(act)) return send(act, new FormData()).then((refusal) => refusal && say(refusal, { refused: true }));
  const labels = items().filter((li) => chosen.has(li.dataset.question)).map((li) => li.dataset.label);
  ask(act, { label: many(), quote: [labels.join("、")], submit: (body) => send(act, body) });
}

// "" if it was sent, also where it was not done for each; else why not.
async function send(act, body) {
  if (busy) return inWords("正在提交，请稍等。", "Being sent, please wait.");
  busy = true;
  try {
    await sendAll(act, [...chosen.values()], body);
    chosen.clear();
    return "";
  } catch (problem) {
    return sentence(problem);
  } finally {
    busy = false;
    mark();
  }
}

function mark() {
  if (!busy) drop();
  for (const li of selectable()) {
    const on = chosen.has(li.dataset.question);
    box(li).checked = on;
    li.toggleAttribute("data-chosen", on);
  }
  const lost = bar.contains(document.activeElement) && !selecting();
  document.documentElement.toggleAttribute("data-selecting", selecting());
  if (lost) item()?.focus({ preventScroll: true });
  if (!selecting()) return;
  bar.querySelector("[data-count]").textContent = many();
  const aside = ASIDE.includes(list().dataset.show);
  step("resume").hidden = !aside;
  step("hold").hidden = aside;
  step("merge").hidden = chosen.size < 2;
}

function drop() {
  const gone = [...chosen.keys()].filter((question) => !row(question));
  for (const question of gone) chosen.delete(question);
  if (gone.length) say(inWords(`选中的有${gone.length}条已由别人处理，不再选中。`, `${gone.length} of those selected were dealt with by others.`));
}

bar.addEventListener("submit", (event) => {
  event.preventDefault();
  carry(event.submitter.value);
});
bar.querySelector("[data-all]").addEventListener("click", all);
bar.querySelector("[data-clear]").addEventListener("click", clear);
document.addEventListener("change", ({ target }) => {
  if (target.matches(".inbox-pick input")) toggle(target.closest("li"), target.checked);
});
document.addEventListener("inbox:changed", mark);
mark();
