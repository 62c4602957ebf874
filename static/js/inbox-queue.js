// The queue on the moderators' page: which question is current, which are on the page, and what becomes of them when something comes.
//
//   #inbox-list[data-show][data-find][data-group][data-query][data-sorted-by]   how this moderator looks at it; data-more: there are others behind
//   li[data-question][data-flags]                                   a waiting question, and the views it belongs to
//
// One question is current: it is open, keys act on it, and it stays where the eye is while others come and go.

import { replace } from "./fragments.js";
import { apply, live } from "./live.js";

const FEW = 25; // below so many on the page the next ones are fetched
const MANY = 100; // beyond so many the last ones go: they are fetched again when it is their turn
const DECIDED_KEPT = 60;
const TRIES = 8; // to read a page that is as new as what this one has heard already

const main = document.querySelector("main");
export const me = main.dataset.user;
export const editor = main.hasAttribute("data-editor");
const topic = main.dataset.topic;
export const list = () => document.querySelector("#inbox-list");
export const items = () => [...list().querySelectorAll("li[data-question]")];
export const row = (question) => list().querySelector(`li[data-question="${CSS.escape(question)}"]`);

// What is selected: the question's id, and what stood in its box.
export const chosen = new Map();
let current = null; // the question's id
let place = ""; // its key in this order, which outlives it
let fetching = false;

// ── Which question is current ───────────────────────────────────────────────────────────────────────────────────────

export function item() {
  return current && row(current);
}

// Make `next` current. `hold` is the element that stays where it is on the screen: the row that was pressed, or, with the keys, the
// place of the row before.
export function choose(next, { focus = true, hold = item(), scroll = true } = {}) {
  const top = hold?.isConnected ? hold.getBoundingClientRect().top : null;
  item()?.removeAttribute("aria-current");
  current = next?.dataset.question ?? null;
  if (!next) return;
  place = key(next);
  next.setAttribute("aria-current", "true");
  if (focus) next.focus({ preventScroll: true });
  if (!scroll) return;
  if (top !== null && top > 0 && top < innerHeight) scrollBy(0, next.getBoundingClientRect().top - top);
  next.scrollIntoView({ block: "nearest" });
}

export function step(by) {
  const all = items();
  const at = all.indexOf(item());
  const to = at < 0 ? 0 : at + by;
  if (to >= all.length && list().hasAttribute("data-more")) return go(document.querySelector("#inbox-more").href);
  choose(all[Math.max(0, Math.min(all.length - 1, to))]);
}

// After an update: the same question if it is still there, else the one behind it. The focus follows only if it had been lost with
// the question, never out of a field somebody types in.
function settle() {
  const present = item();
  const lost = document.activeElement === document.body || document.activeElement?.offsetParent === null;
  const focus = lost && !document.querySelector("dialog[open]");
  if (present) return choose(present, { focus, scroll: false });
  if (current === null && place === "") return choose(items()[0], { focus: false, scroll: false });
  const all = items();
  const next = all.find((other) => behind(key(other), place)) ?? all.at(-1);
  if (next) return choose(next, { focus, scroll: focus });
  current = null;
  if (focus) document.querySelector("#inbox-title").focus();
}

// ── What belongs on the page ────────────────────────────────────────────────────────────────────────────────────────

function key(element) {
  return element.getAttribute(`data-${list().dataset.sortedBy}`) ?? "";
}

function behind(one, other) {
  return list().hasAttribute("data-descending") ? one < other : one > other;
}

function belongs(element) {
  const { show, find, group } = list().dataset;
  if (group && element.dataset.group !== group) return false;
  if (find && !element.textContent.toLowerCase().includes(find.toLowerCase())) return false;
  if (show === "mine") return element.dataset.holder === me;
  return element.dataset.flags.split(" ").includes(show);
}

// What this view does not show leaves it. What lies behind the last question of a page that does not show all belongs to the rest,
// which is fetched when it is its turn; so does what a page would become too long with.
function trim() {
  const { until, after } = list().dataset;
  const more = list().hasAttribute("data-more");
  for (const each of items()) {
    const outside = (more && until && behind(key(each), until)) || (after && !behind(key(each), after));
    if (!belongs(each) || outside) each.remove();
  }
  const long = items().slice(MANY).filter((each) => each !== item() && !chosen.has(each.dataset.question));
  if (long.length) {
    for (const each of long) each.remove();
    list().toggleAttribute("data-more", true);
    bound(list());
  }
  for (const each of [...document.querySelectorAll(".decided-item")].slice(DECIDED_KEPT)) each.remove();
}

function bound(from) {
  const last = [...from.querySelectorAll("li[data-question]")].at(-1);
  if (last) list().dataset.until = key(last);
}

async function fill() {
  const { until, query } = list().dataset;
  if (fetching || live?.state === "refused" || !list().hasAttribute("data-more") || items().length >= FEW) return;
  fetching = true;
  try {
    const fresh = await read(`?${query}&after=${until ?? ""}`);
    // Another view was chosen meanwhile, or nothing came.
    if (!fresh || list().dataset.query !== query) return;
    const more = fresh.querySelector("#inbox-list");
    list().toggleAttribute("data-more", more.hasAttribute("data-more"));
    apply([...more.children].map((each) => each.outerHTML).join(""));
    bound(more);
    const [link, like] = ["#inbox-more", "#inbox-more"].map((name, at) => (at ? fresh : document).querySelector(name));
    if (link) link.hidden = !like;
    if (link && like) link.href = like.getAttribute("href");
  } finally {
    fetching = false;
  }
  update();
}

// The page at this address, at least as new as what this one has heard already: else something in it may be decided by now.
async function read(address) {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const response = await fetch(address, { credentials: "same-origin", cache: "no-store" }).catch(() => null);
    if (!response?.ok || response.redirected) return null;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    if (Number(fresh.querySelector("main").dataset.number) >= (live?.position(topic)?.number ?? 0)) return fresh;
  }
  return null;
}

// ── Other views ─────────────────────────────────────────────────────────────────────────────────────────────────────

// Show another part of the queue without leaving the page; where that fails, leave it.
export async function go(address, { push = true } = {}) {
  const fresh = await read(address);
  if (!fresh) return location.assign(address);
  if (push) history.pushState(null, "", address);
  take(fresh, ["#inbox-load", "#inbox-oldest", "#inbox-shows", "[data-live-region='inbox']"]);
  [current, place] = [null, ""];
  chosen.clear();
  bound(list());
  update();
  // Whoever walks through the orders stays there; everybody else goes on with the first question.
  if (document.activeElement?.localName === "select") return;
  if (item()) choose(item(), { hold: null });
  else document.querySelector("#inbox-title").focus();
}

// Look for ourselves: with the line cut no event will come.
export async function refresh() {
  const fresh = await read(location.href);
  if (!fresh) return;
  take(fresh, ["#inbox-load", "#inbox-oldest", "#inbox-shows", "#inbox-team", "#inbox-list", ".decided-list"]);
  bound(list());
  update();
}

function take(fresh, parts) {
  for (const part of parts) {
    const [present, like] = [document.querySelector(part), fresh.querySelector(part)];
    if (present && like) replace(present, document.importNode(like, true));
  }
}

export function update() {
  trim();
  document.dispatchEvent(new CustomEvent("inbox:changed"));
  settle();
  fill();
}

addEventListener("popstate", () => go(location.href, { push: false }));
document.addEventListener("live:applied", update);
document.addEventListener("live:reset", () => {
  bound(list());
  update();
});
setInterval(fill, 15_000);
bound(list());
