// The keys. What a key does is always a button on the page as well.

import { press, takeBack } from "./inbox-acts.js";
import { alike } from "./inbox-alike.js";
import { edit } from "./inbox-editing.js";
import { choose, go, item, step } from "./inbox-queue.js";
import { all, carry, clear, selecting, toggle } from "./inbox-selection.js";
import { askAbout, dialog, help, open, unmask } from "./inbox-writing.js";

function act(button) {
  if (button.dataset.act === "edit") return edit(button);
  if (button.dataset.act === "alike") return alike(button);
  if (button.dataset.act === "unmask") return unmask(button);
  if (dialog(button.dataset.act)) return askAbout(button);
  return press(button);
}

// What is hidden is not to be done now: nobody takes what is held, or puts back what is not.
function pressed(...names) {
  const buttons = names.map((name) => item()?.querySelector(`[data-act="${name}"]`));
  const button = buttons.find((each) => each && each.offsetParent !== null);
  if (button) act(button);
}

function find() {
  const field = document.querySelector("#inbox-words");
  field.focus();
  field.select();
}

// While some are selected these keys are about all of them.
const together = {
  a: ["approve"],
  d: ["decline"],
  h: ["hold", "resume"],
  x: ["escalate"],
  m: ["merge"],
};

const keys = {
  j: () => step(1),
  k: () => step(-1),
  a: () => pressed("approve", "keep"),
  d: () => pressed("decline", "recall"),
  u: () => pressed("release"),
  e: () => pressed("edit"),
  h: () => pressed("hold", "resume"),
  b: () => pressed("ask_back"),
  x: () => pressed("escalate"),
  n: () => pressed("note"),
  m: () => pressed("alike"),
  s: () => pressed("split"),
  v: () => pressed("unmask"),
  z: takeBack,
  "*": all,
  Escape: clear,
  "/": find,
  "?": help,
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const field = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (field) {
    // Out of the field for finding, back to the question.
    if (event.key === "Escape" && !open()) item()?.focus({ preventScroll: true });
    return;
  }
  if (open()) {
    const button = open().querySelector(`[data-key~="${CSS.escape(event.key)}"]`);
    if (!button) return;
    event.preventDefault();
    if (!event.repeat) button.click();
    return;
  }
  // Enter on a button or a link presses that.
  const onItem = event.target === document.body || event.target.matches?.("li[data-question], main");
  const ofItem = { Enter: () => pressed("take"), " ": () => toggle() }[event.key];
  const ofAll = selecting() && together[event.key];
  const key = ofAll ? () => ofAll.forEach(carry) : onItem ? (ofItem ?? keys[event.key]) : keys[event.key];
  if (!key) return;
  event.preventDefault();
  if (!event.repeat || "jk".includes(event.key)) key();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("a[data-act], button[data-act]");
  const link = event.target.closest("#inbox-shows a, #inbox-more, #inbox-first, .inbox-open, .inbox-alike");
  if (button) {
    event.preventDefault();
    return act(button);
  }
  if (link && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
  const row = event.target.closest("#inbox-list > li[data-question]");
  if (row && !open()) choose(row, { focus: link !== null, hold: row });
  if (!link) return;
  event.preventDefault();
  if (!link.matches(".inbox-open")) go(link.href);
});

const finding = document.querySelector("#inbox-find");
finding.addEventListener("submit", (event) => {
  event.preventDefault();
  finding.elements.show.value = document.querySelector("#inbox-list").dataset.show;
  go(`?${new URLSearchParams(new FormData(finding))}`);
});
finding.elements.order.addEventListener("change", () => finding.requestSubmit());
const helping = document.querySelector("#help-open");
helping.hidden = false;
helping.addEventListener("click", help);
