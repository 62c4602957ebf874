// The moderators' inbox: one question is current, keys act on it, and nothing that comes takes the place away.
//
//   #inbox-list > li[data-question]     a waiting question; with data-holder and data-until somebody reads it
//   [data-act]                          what a button does; its form, address and question stand in its own attributes
//   #declining                          the dialog with the reasons
//   main[data-user]                     who we are
//
// What a key does is always a button on the page as well, and without scripts the same buttons load the page again.

import { apply, live } from "./live.js";
import { NotDone, inWords, post, say } from "./staff.js";

const EXTEND_EVERY = 60_000; // ms: well within the three minutes for which a question is held
const AWAY_AFTER = 180_000; // ms without a key or a click after which nothing is held any longer for whoever left
const FEW = 25; // below so many on the page the next ones are fetched
const DECIDED_KEPT = 60;
const ENGLISH = document.documentElement.lang === "en";

const me = document.querySelector("main").dataset.user;
const topic = document.querySelector("main").dataset.topic;
const title = document.title;
const dialog = document.querySelector("#declining");
const list = () => document.querySelector("#inbox-list");
const items = () => [...list().querySelectorAll("li[data-question]")];

let current = null; // the question's id
let place = ""; // its data-order, which outlives it
let active = performance.now();
let fetching = false;

// ── Which question is current ───────────────────────────────────────────────────────────────────────────────────────

function item() {
  return current && list().querySelector(`li[data-question="${CSS.escape(current)}"]`);
}

function choose(next, { focus = true } = {}) {
  item()?.removeAttribute("aria-current");
  current = next?.dataset.question ?? null;
  if (!next) return;
  place = next.dataset.order;
  next.setAttribute("aria-current", "true");
  if (!focus) return;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = items();
  const at = all.indexOf(item());
  choose(all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))]);
}

// After an update: the same question if it is still there, else the one behind it. The focus follows only if it had been lost with
// the question, never out of a field somebody types in.
function settle() {
  const present = item();
  const lost = document.activeElement === document.body || document.activeElement?.offsetParent === null;
  const focus = lost && !dialog.open;
  if (present) return choose(present, { focus });
  if (current === null && place === "") return choose(items()[0], { focus: false });
  const all = items();
  const next = all.find((other) => other.dataset.order > place) ?? all.at(-1);
  if (next) return choose(next, { focus });
  current = null;
  if (focus) document.querySelector("#inbox-title").focus();
}

// ── What is done with it ────────────────────────────────────────────────────────────────────────────────────────────

async function act(button) {
  const row = button.closest("li");
  if (!row || row.hasAttribute("aria-busy")) return;
  if (button.dataset.act === "decline") return ask(row);
  await send(row, button.formAction, new FormData(button.form, button));
}

async function send(row, address, body) {
  row.setAttribute("aria-busy", "true");
  try {
    const { detail } = await post(address, body);
    say(detail);
    // With the line cut no event will come: look for ourselves.
    if (live?.state !== "online" && live?.state !== "polling") await refresh();
  } catch (problem) {
    say(problem instanceof NotDone ? problem.message : inWords("没有送到，请检查网络后再试。", "Not sent: no connection."), { refused: true });
  } finally {
    row.removeAttribute("aria-busy");
  }
}

function ask(row) {
  const form = dialog.querySelector("form");
  form.reset();
  form.elements.question.value = row.dataset.question;
  dialog.querySelector("[data-label]").textContent = row.dataset.label;
  choose(row, { focus: false });
  dialog.showModal();
  dialog.querySelector("[data-key]").focus();
}

function press(what) {
  const button = item()?.querySelector(`[data-act="${what}"]`);
  // What is hidden is not to be done now: nobody takes what is held, or puts back what is not.
  if (button && button.offsetParent !== null) act(button);
}

function takeBackLast() {
  const last = document.querySelector(`.decided-item[data-by="${CSS.escape(me)}"]`);
  if (last) act(last.querySelector("[data-act]"));
  else say(inWords("本页没有您刚做的审核。", "No decision of yours on this page."), { refused: true });
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  a: () => press("approve"),
  d: () => press("decline"),
  u: () => press("release"),
  z: takeBackLast,
};

document.addEventListener("keydown", (event) => {
  active = performance.now();
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.target.closest("input, textarea, select")) return;
  if (dialog.open) {
    const reason = dialog.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!reason) return;
    event.preventDefault();
    if (!event.repeat) reason.click();
    return;
  }
  // Enter on a button or a link presses that.
  const onItem = event.target === document.body || event.target.matches?.("li[data-question], main");
  const key = event.key === "Enter" && onItem ? () => press("take") : keys[event.key];
  if (!key) return;
  event.preventDefault();
  if (!event.repeat || "jk".includes(event.key)) key();
});

document.addEventListener("click", (event) => {
  active = performance.now();
  const button = event.target.closest("[data-act]");
  if (button) {
    event.preventDefault();
    act(button);
  }
  const row = event.target.closest("#inbox-list > li[data-question]");
  if (row && !dialog.open) choose(row, { focus: false });
});

dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => item()?.focus({ preventScroll: true }));
dialog.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const row = item();
  const body = new FormData(form, event.submitter);
  dialog.close();
  if (row) send(row, form.action, body);
});

// ── Who holds what ──────────────────────────────────────────────────────────────────────────────────────────────────

function mark() {
  for (const row of items()) {
    if (row.dataset.holder && Date.parse(row.dataset.until) <= Date.now()) {
      row.removeAttribute("data-holder");
      row.querySelector(".inbox-holder")?.remove();
    }
    row.toggleAttribute("data-mine", row.dataset.holder === me);
  }
  const mine = document.querySelector(`.decided-item[data-by="${CSS.escape(me)}"]`);
  for (const row of document.querySelectorAll(".decided-item")) row.toggleAttribute("data-last-mine", row === mine);
}

setInterval(() => {
  const row = item();
  const here = document.visibilityState === "visible" && performance.now() - active < AWAY_AFTER;
  if (!here || !row?.hasAttribute("data-mine")) return;
  const take = row.querySelector("[data-act='take']");
  post(take.formAction, new FormData(take.form, take)).catch(() => {});
}, EXTEND_EVERY);

// ── What comes ──────────────────────────────────────────────────────────────────────────────────────────────────────

function age(moment) {
  const minutes = Math.max(0, Math.floor((Date.now() - moment) / 60_000));
  if (minutes < 60) return ENGLISH ? `${minutes} min` : `${minutes}分钟`;
  const hours = Math.floor(minutes / 60);
  return ENGLISH ? `${hours} h` : `${hours}小时`;
}

function tell() {
  for (const time of document.querySelectorAll("time[data-age]")) {
    time.title ||= time.textContent;
    time.textContent = age(Date.parse(time.dateTime));
  }
  const waiting = document.querySelector("#inbox-load")?.dataset.waiting ?? "0";
  document.title = waiting === "0" ? title : `(${waiting}) ${title}`;
}

// What lies behind the last question of a page that does not show all belongs to the rest, which is fetched when it is its turn.
function trim() {
  const until = list().dataset.until;
  if (list().hasAttribute("data-more") && until) for (const row of items()) if (row.dataset.order > until) row.remove();
  for (const row of [...document.querySelectorAll(".decided-item")].slice(DECIDED_KEPT)) row.remove();
}

async function fill() {
  if (fetching || !list().hasAttribute("data-more") || items().length >= FEW) return;
  fetching = true;
  try {
    const fresh = await read(`?after=${Number(list().dataset.until ?? items().at(-1)?.dataset.order ?? 0)}`);
    // Read before what the page already knows: something in it may be decided by now. The next event tries again.
    if (!fresh || Number(fresh.querySelector("main").dataset.number) < (live?.position(topic)?.number ?? 0)) return;
    const more = fresh.querySelector("#inbox-list");
    list().toggleAttribute("data-more", more.hasAttribute("data-more"));
    bound(more);
    apply([...more.children].map((row) => row.outerHTML).join(""));
    document.querySelector("#inbox-more")?.toggleAttribute("hidden", !more.hasAttribute("data-more"));
  } finally {
    fetching = false;
  }
  update();
}

function bound(from) {
  const last = [...from.querySelectorAll("li[data-question]")].at(-1);
  if (last) list().dataset.until = last.dataset.order;
}

async function read(address) {
  const response = await fetch(address, { credentials: "same-origin", cache: "no-store" }).catch(() => null);
  return response?.ok && !response.redirected ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
}

async function refresh() {
  const fresh = await read(location.href);
  for (const part of fresh ? ["#inbox-load", "#inbox-list", ".decided-list"] : []) {
    const like = fresh.querySelector(part);
    if (like) document.querySelector(part)?.replaceWith(document.importNode(like, true));
  }
  bound(list());
  update();
}

function update() {
  trim();
  mark();
  tell();
  settle();
  fill();
}

document.addEventListener("live:applied", update);
document.addEventListener("live:reset", () => {
  bound(list());
  update();
});
setInterval(() => {
  mark();
  tell();
}, 5_000);
setInterval(fill, 15_000);
bound(list());
update();
