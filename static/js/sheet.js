// The guest's sheet: what is typed is kept at once in the browser and soon on the server; a question that is taken back takes no words with it.

import { NotDone, inWords, post, say } from "./staff.js";

const SAVE_AFTER = 1_200; // ms of quiet
const form = document.querySelector("#sheet-form");
const timers = new Map();
const key = (field) => `draft ${location.pathname} ${field.name}`;

function mark(field, words, unsaved) {
  const place = document.getElementById(field.name.replace("text-", "saved-"));
  if (!place) return;
  place.textContent = words;
  place.classList.toggle("unsaved", unsaved);
}

function keep(field) {
  try {
    if (field.value) localStorage.setItem(key(field), field.value);
    else localStorage.removeItem(key(field));
  } catch {
    // A full or forbidden store: the server's copy remains.
  }
}

async function save(field) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("question", field.name.replace("text-", ""));
  body.set(field.name, field.value);
  try {
    mark(field, (await post(form.dataset.draftUrl, body)).detail, false);
  } catch (problem) {
    mark(field, problem instanceof NotDone ? problem.message : inWords("网络不通，已存在本机，恢复后自动保存", "No connection; kept on this computer and saved later"), true);
    timers.set(field.name, setTimeout(() => save(field), 5 * SAVE_AFTER));
  }
}

function changed(field) {
  keep(field);
  mark(field, inWords("正在保存…", "Saving…"), true);
  clearTimeout(timers.get(field.name));
  timers.set(field.name, setTimeout(() => save(field), SAVE_AFTER));
}

// What this browser kept and the server never got, as after a cut line and a closed lid.
function restore(root) {
  for (const field of root.querySelectorAll("[data-draft]")) {
    const kept = localStorage.getItem(key(field));
    if (kept && kept.length > field.value.length && document.activeElement !== field) {
      field.value = kept;
      changed(field);
    }
  }
}

document.addEventListener("input", ({ target }) => target.matches("[data-draft]") && changed(target));

document.addEventListener("quick:done", ({ detail }) => {
  const field = document.getElementById(`text-${detail.submitter?.value}`);
  if (!field) return;
  clearTimeout(timers.get(field.name));
  localStorage.removeItem(key(field));
});

document.addEventListener("live:applied", ({ detail }) => {
  for (const card of detail.removed) {
    const field = card.querySelector?.("[data-draft]");
    if (field) clearTimeout(timers.get(field.name));
    if (field && localStorage.getItem(key(field))) say(inWords("主持人收回了一个提问。您写的字还保存着，再交给您时会出现。", "The host took a question back. What you typed is kept, and is here when it is put to you again."));
  }
  for (const card of [...detail.inserted, ...detail.replaced]) if (card.matches?.("[data-question]")) restore(card);
});

restore(document);
