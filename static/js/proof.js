// Proofreading: corrections open where the words stand, and what is typed and not published is counted.
//
//   .proof-row form, .owed form   their textareas; [data-unsaved] tells how many differ from what the page came with

import "./inline.js";
import { inWords } from "./staff.js";

const typed = () => [...document.querySelectorAll(".proof textarea")].filter((text) => text.value !== text.defaultValue);

function count() {
  const number = typed().length;
  for (const place of document.querySelectorAll("[data-unsaved]")) {
    place.textContent = number ? inWords(`${number}处没有发布`, `${number} not published`) : "";
    place.hidden = number === 0;
  }
}

// As high as its words: who proofreads sees all of them.
function fit(text) {
  text.rows = 2;
  while (text.scrollHeight > text.clientHeight && text.rows < 40) text.rows += 1;
}

document.addEventListener("toggle", ({ target }) => {
  const text = target.open && target.matches(".proof details") ? target.querySelector("textarea, input:not([type=hidden])") : null;
  if (!text) return;
  if (text.localName === "textarea") fit(text);
  text.focus();
}, true);

document.addEventListener("input", ({ target }) => {
  if (target.matches(".proof textarea")) fit(target);
  count();
});

// The answer's fragments are put in right after this event.
document.addEventListener("inline:done", () => setTimeout(count));

addEventListener("beforeunload", (event) => {
  if (typed().length) event.preventDefault();
});
