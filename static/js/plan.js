// The plan: says while it has changes that are not saved, and saves on Ctrl+S.
//
//   [data-unsaved]   told so, and empty again when everything is saved

import "./inline.js";
import { inWords } from "./staff.js";

const plan = document.querySelector("#plan-form");

function tellUnsaved(is) {
  plan.toggleAttribute("data-dirty", is);
  for (const place of document.querySelectorAll("[data-unsaved]")) {
    place.textContent = is ? inWords("有未保存的修改", "Not saved yet") : "";
    place.hidden = !is;
  }
}

plan.addEventListener("input", () => tellUnsaved(true));

document.addEventListener("inline:done", ({ detail }) => {
  if (detail.form === plan) tellUnsaved(false);
});

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  plan.requestSubmit();
});

addEventListener("beforeunload", (event) => {
  if (plan.hasAttribute("data-dirty")) event.preventDefault();
});
