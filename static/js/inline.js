// Forms that are sent without leaving the page, so that neither what is typed nor a chosen picture is lost.
//
//   form[data-inline]     sent by script; the answer's `html` is applied by the law of fragments
//   [data-field="name"]   gets what is wrong with that field
//   [data-said]           the form's own sentence;  #toast the page's, when the answer replaced the form
//
// Tells the document: inline:done {form, answer}. Without scripts the same forms load the page again.

import { apply } from "./fragments.js";
import { inWords, NotDone, post } from "./staff.js";

const SHOWN = 6_000; // ms a sentence of success stays
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

function isTyped(form) {
  // A choice alone is quickly made again; words and files are not.
  return [...form.querySelectorAll("input, textarea")].some((control) => (control.type === "checkbox" ? control.checked !== control.defaultChecked : control.value !== control.defaultValue));
}

function keep(form) {
  if (form.isConnected) return;
  const fresh = document.querySelector(`form[data-inline][action="${CSS.escape(form.getAttribute("action"))}"]`);
  for (const control of form.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    const like = fresh?.elements[control.name];
    if (!like) continue;
    if (control.type === "file") like.replaceWith(control);
    else if (control.type === "checkbox") like.checked = control.checked;
    else like.value = control.value;
  }
  for (let holder = fresh?.closest("details"); holder; holder = holder.parentElement.closest("details")) holder.open = true;
}

// Put the answer in the place of the form. A control that has the focus would be kept as it is (fragments.js), with what is sent
// already still in it: so the focus goes, and comes back to where the form was.
function settle(form, html) {
  const had = form.contains(document.activeElement);
  const place = form.closest("li[id], section[id]")?.id;
  if (had && html) document.activeElement.blur();
  // What stands half typed in the other forms of a replaced part is put back into it, chosen files and all.
  const others = [...document.querySelectorAll("form[data-inline]")].filter((other) => other !== form && isTyped(other));
  apply(html);
  for (const other of others) keep(other);
  if (!had || !html || !place || form.isConnected) return;
  document.getElementById(place)?.querySelector("summary, button, a[href]")?.focus({ preventScroll: true });
}

async function send(form, submitter) {
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  try {
    const answer = await post(form.action, new FormData(form, submitter));
    document.dispatchEvent(new CustomEvent("inline:done", { detail: { form, answer } }));
    if (answer.address) return location.assign(answer.address);
    complain(form, {});
    settle(form, answer.html ?? "");
    // Sent and kept: the same picture would be sent again with the next change.
    for (const chosen of form.querySelectorAll("input[type=file]")) chosen.value = "";
    tell(form, answer.detail);
  } catch (problem) {
    const refused = problem instanceof NotDone;
    if (refused) complain(form, problem.fields);
    tell(form, refused ? problem.message : inWords("没有送到，请检查网络后再试。您填的都还在。", "Not sent: no connection. What you typed is still here."), true);
  } finally {
    delete form.dataset.busy;
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-inline]")) return;
  event.preventDefault();
  send(event.target, event.submitter);
});
