// The page of one programme, while readers read: nothing moves under their eyes, and what came is told.
//
//   .entries[data-list-of="entries"]   the transcript; with data-descending the newest is on top, data-show="all|guests"
//   [data-news] > [data-show-news]     the button "3条新内容", its words in data-words
//   [data-count-of="LIST"]             how many the list has
//   [data-announcer]                   the polite live region
//   a[data-voices]                     the filter; without scripts the same links load the same page
//   [data-open-ask], [data-close-ask]  the question box of small screens

import "./countdown.js";
import "./live.js";

const ANNOUNCE_EVERY = 5_000; // ms: a screen reader is not to talk all the time
const find = (selector) => document.querySelector(selector);
const transcript = () => find("[data-list-of='entries']");
const isNewestFirst = () => transcript()?.hasAttribute("data-descending");

// ── New entries ─────────────────────────────────────────────────────────────────────────────────────────────────────

let unannounced = 0;
let announced = -ANNOUNCE_EVERY;
let announcing = null;
let unseen = new Set(); // articles below the fold of a list that grows at its end

// A question counts with its answer; what the filter hides counts for nothing.
function counts(article) {
  return article.dataset.kind !== "question" && (transcript().dataset.show !== "guests" || article.dataset.voice === "guest");
}

function isAway() {
  const { top, bottom } = transcript().getBoundingClientRect();
  return isNewestFirst() ? top < 0 : bottom > innerHeight;
}

function take(articles) {
  if (!articles.length) return;
  const away = isAway() || heldBack().length > 0;
  // On top of what is read there is no room without movement: held back until asked for.
  if (away && isNewestFirst()) for (const article of articles) article.dataset.held = "";
  if (away && !isNewestFirst()) for (const article of articles) unseen.add(article);
  announce(articles.filter(counts).length);
  showNews();
}

function heldBack() {
  return [...document.querySelectorAll("[data-list-of='entries'] > [data-held]")];
}

function showNews() {
  const news = find("[data-news]");
  if (!news) return;
  const button = news.querySelector("[data-show-news]");
  const waiting = [...heldBack(), ...[...unseen].filter((article) => article.isConnected)].filter(counts).length;
  news.hidden = waiting === 0;
  button.textContent = button.dataset.words.replace("{}", waiting) + (isNewestFirst() ? " ↑" : " ↓");
}

function reveal() {
  const fresh = isNewestFirst() ? heldBack() : [...unseen].filter((article) => article.isConnected);
  for (const article of fresh) delete article.dataset.held;
  unseen = new Set();
  showNews();
  const first = fresh[0];
  if (!first) return;
  first.scrollIntoView({ block: "start" });
  first.focus({ preventScroll: true });
}

function announce(number) {
  unannounced += number;
  if (announcing || !unannounced) return;
  announcing = setTimeout(() => {
    const place = find("[data-announcer]");
    place.textContent = place.dataset.words.replace("{}", unannounced);
    unannounced = 0;
    announced = performance.now();
    announcing = null;
  }, Math.max(0, announced + ANNOUNCE_EVERY - performance.now()));
}

// ── What follows from every change ──────────────────────────────────────────────────────────────────────────────────

function recount() {
  for (const list of document.querySelectorAll("[data-list-of]")) {
    for (const place of document.querySelectorAll(`[data-count-of="${list.dataset.listOf}"]`)) place.textContent = list.children.length;
  }
  const feed = find("[role='feed']");
  if (!feed) return;
  [...feed.children].forEach((article, index) => {
    article.setAttribute("aria-posinset", index + 1);
    article.setAttribute("aria-setsize", feed.children.length);
  });
}

document.addEventListener("live:applied", ({ detail }) => {
  take(detail.inserted.filter((element) => element.dataset.list === "entries"));
  recount();
});
document.addEventListener("live:reset", () => {
  unseen = new Set();
  showNews();
  recount();
});
addEventListener("scroll", () => {
  if (unseen.size && !isAway()) {
    unseen = new Set();
    showNews();
  }
}, { passive: true });

// ── Hands ───────────────────────────────────────────────────────────────────────────────────────────────────────────

function choose(link) {
  transcript().dataset.show = link.dataset.voices;
  for (const other of document.querySelectorAll("[data-voices]")) other.toggleAttribute("aria-current", false);
  link.setAttribute("aria-current", "true");
  const turn = new URL(find("[data-turn]").href);
  if (link.dataset.voices === "guests") turn.searchParams.set("voices", "guests");
  else turn.searchParams.delete("voices");
  find("[data-turn]").href = turn.href;
  history.replaceState(null, "", link.href);
  showNews();
}

function raise(open) {
  const box = find("#ask");
  box.classList.toggle("raised", open);
  find("[data-close-ask]").hidden = !open;
  find("[data-open-ask]").closest(".ask-open").hidden = open;
  (open ? box.querySelector("textarea") ?? box : find("[data-open-ask]")).focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a, button");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.matches("[data-show-news]")) return reveal();
  if (link.matches("[data-close-ask]")) return raise(false);
  const acts = link.matches("[data-voices]") ? choose : link.matches("[data-open-ask]") ? () => raise(true) : null;
  if (!acts) return;
  event.preventDefault();
  acts(link);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && find("#ask.raised")) return raise(false);
  // From article to article, as feeds are read with a keyboard.
  const step = { PageDown: "nextElementSibling", PageUp: "previousElementSibling" }[event.key];
  if (!step || !event.target.matches("[role='feed'] > *")) return;
  let next = event.target[step];
  while (next && next.getClientRects().length === 0) next = next[step];
  if (!next) return;
  event.preventDefault();
  next.focus();
});

recount();
