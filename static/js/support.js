// 同问 on the spot: over the socket where there is one, else by the page the link leads to.
//
//   a[data-support="question"]       becomes a button; data-supported once this browser pressed it
//   [data-supports="question"]       how many; its [data-count] follows the pulse, hidden while it is 0
//
// What this browser pressed is kept in it: the page and the pushed fragment are the same for everybody. The server knows better,
// and says so at the next press.

import { live } from "./live.js";

const PATIENCE = 8_000; // ms
const KEY = "supports";
const KEPT = 500; // questions

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
}

function keep(question, supported) {
  const others = read().filter((other) => other !== question);
  try {
    localStorage.setItem(KEY, JSON.stringify((supported ? [...others, question] : others).slice(-KEPT)));
  } catch {
    // A browser that keeps nothing forgets at the next page, no more.
  }
}

// Make buttons of the links that are there now.
export function dress() {
  const mine = new Set(read());
  for (const link of document.querySelectorAll("a[data-support]")) {
    link.setAttribute("role", "button");
    link.setAttribute("aria-pressed", mine.has(link.dataset.support));
  }
}

function count(question, number) {
  for (const place of document.querySelectorAll(`[data-supports="${CSS.escape(question)}"]`)) {
    place.querySelector("[data-count]").textContent = number.toLocaleString("en");
    place.hidden = number === 0;
  }
}

async function press(link) {
  if (link.dataset.busy) return;
  link.dataset.busy = "yes";
  const question = link.dataset.support;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  try {
    const answer = await Promise.race([live.send("support", { question, wanted: link.getAttribute("aria-pressed") !== "true" }), late]);
    if (!answer) return location.assign(link.href);
    keep(question, answer.supported);
    if (answer.supports !== null) count(answer.question, answer.supports);
    dress();
  } catch {
    // The page says what is wrong, and sets the cookie that the socket misses.
    location.assign(link.href);
  } finally {
    delete link.dataset.busy;
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-support]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || live?.state !== "online") return;
  event.preventDefault();
  press(link);
});

document.addEventListener("keydown", (event) => {
  // A link is pressed by Enter already, a button by the space bar too.
  if (event.key !== " " || !event.target.matches("a[data-support]")) return;
  event.preventDefault();
  event.target.click();
});

document.addEventListener("live:pulse", ({ detail }) => {
  for (const [fact, value] of Object.entries(detail.facts)) {
    if (fact.startsWith("supports/") && value !== null) count(fact.slice("supports/".length), value);
  }
});
document.addEventListener("live:applied", dress);
document.addEventListener("live:reset", dress);
dress();
