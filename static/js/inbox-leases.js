// Who reads which question, and what the person at this page may not do with it.

import { editor, item, items, me } from "./inbox-queue.js";
import { live } from "./live.js";
import { inWords, post } from "./staff.js";

const EXTEND_EVERY = 60_000; // ms: well within the three minutes for which a question is held
const AWAY_AFTER = 180_000; // ms without a key or a click after which nothing is held any longer for whoever left
let active = performance.now();

// What the person at this page cannot do with it, and why; nothing where they can do all.
function barred(row) {
  const { against, asideBy, first, flags } = row.dataset;
  if (against === me && flags.includes("appealed")) return ["all", inWords("这是您原来不采用的，要由另一位审核员决定。", "You declined this one; another moderator decides.")];
  if (flags.includes("escalated") && !editor) return [asideBy === me ? "resumed" : "all", inWords("已上报，由编辑决定。", "An editor decides.")];
  if (first === me) return ["released", inWords("您做了第一步，要由另一位审核员放行；您仍可以不采用。", "You were the first; another moderator releases it. You may still decline.")];
  return ["", ""];
}

function mark() {
  for (const row of items()) {
    if (row.dataset.holder && Date.parse(row.dataset.until) <= Date.now()) {
      row.removeAttribute("data-holder");
      row.querySelector(".inbox-holder")?.remove();
    }
    row.toggleAttribute("data-mine", row.dataset.holder === me);
    const [what, why] = barred(row);
    if (what) row.dataset.barred = what;
    else delete row.dataset.barred;
    const said = row.querySelector(".inbox-barred");
    said.hidden = why === "";
    said.textContent = why;
  }
  const mine = document.querySelector(`.decided-item[data-by="${CSS.escape(me)}"]`);
  for (const row of document.querySelectorAll(".decided-item")) row.toggleAttribute("data-last-mine", row === mine);
  const held = document.querySelector(`[data-member="${CSS.escape(me)}"]`)?.dataset.holds ?? "0";
  const count = document.querySelector("#count-mine");
  count.textContent = held;
  count.toggleAttribute("data-none", held === "0");
}

setInterval(() => {
  const row = item();
  const here = document.visibilityState === "visible" && performance.now() - active < AWAY_AFTER;
  if (!here || live?.state === "refused" || !row?.hasAttribute("data-mine")) return;
  const take = row.querySelector("[data-act='take']");
  post(take.formAction, new FormData(take.form, take)).catch(() => {});
}, EXTEND_EVERY);

for (const sign of ["keydown", "pointerdown", "input"]) document.addEventListener(sign, () => (active = performance.now()), true);
document.addEventListener("inbox:changed", mark);
setInterval(mark, 5_000);
