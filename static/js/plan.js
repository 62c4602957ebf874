// The plan: every form is sent without leaving the page, so that neither what is typed nor a chosen picture is lost.
//
//   form[data-inline]     sent by script; the answer's `html` is applied by the law of fragments
//   [data-field="name"]   gets what is wrong with that field
//   [data-said]           the form's own sentence;  #toast the page's, when the form was replaced by the answer
//   [data-unsaved]        says so while the plan has changes that are not sent

import { apply } from "./fragments.js";
import { NotDone, post } from "./staff.js";

const SHOWN = 6_000; // ms a sentence of success stays
const plan = document.querySelector("#plan-form");
const english = document.documentElement.lang === "en";
let told = null;

function tell(form, sentence, bad = false) {
  const own = form.isConnected ? form.querySelector("[data-said]") : null;
  if (own) {
    own.textContent = sentence;
    own.classList.toggle("bad", bad);
  }
  if (own && bad) return;
  const toast = document.querySelector("#toast");
  toast.textContent = sentence;
  toast.classList.toggle("bad", bad);
  toast.hidden = false;
  clearTimeout(told);
  told = setTimeout(() => {
    toast.hidden = true;
    if (own) own.textContent = "";
  }, SHOWN);
}

function complain(form, fields) {
  for (const place of form.querySelectorAll("[data-field]")) {
    place.querySelector(".errorlist")?.remove();
    const control = place.querySelector("input, select, textarea");
    const complaints = fields[place.dataset.field];
    control.toggleAttribute("aria-invalid", false);
    if (!complaints) continue;
    const list = document.createElement("ul");
    list.className = "errorlist";
    list.id = `${control.id}_error`;
    for (const complaint of complaints) list.append(Object.assign(document.createElement("li"), { textContent: complaint }));
    control.before(list);
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-describedby", place.querySelector(".hint") ? `${control.id}_helptext ${list.id}` : list.id);
  }
  form.querySelector("[aria-invalid]")?.focus();
}

async function send(form, submitter) {
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  try {
    const answer = await post(form.action, new FormData(form, submitter));
    if (form === plan) settle();
    if (answer.address) return location.assign(answer.address);
    complain(form, {});
    apply(answer.html ?? "");
    // Sent and kept: the same picture would be sent again with the next change.
    for (const chosen of form.querySelectorAll("input[type=file]")) chosen.value = "";
    tell(form, answer.detail);
  } catch (problem) {
    const refused = problem instanceof NotDone;
    if (refused) complain(form, problem.fields);
    tell(form, refused ? problem.message : english ? "Not sent: no connection. What you typed is still here." : "没有送到，请检查网络后再试。您填的都还在。", true);
  } finally {
    delete form.dataset.busy;
  }
}

function settle() {
  delete plan.dataset.dirty;
  for (const place of document.querySelectorAll("[data-unsaved]")) place.hidden = true;
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-inline]")) return;
  event.preventDefault();
  send(event.target, event.submitter);
});

plan?.addEventListener("input", () => {
  plan.dataset.dirty = "yes";
  for (const place of document.querySelectorAll("[data-unsaved]")) {
    place.textContent = english ? "Not saved yet" : "有未保存的修改";
    place.hidden = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  plan?.requestSubmit();
});

addEventListener("beforeunload", (event) => {
  if (plan?.dataset.dirty) event.preventDefault();
});
