// The host's desk: one question is current; a number puts it to a guest, u takes it back.

import "./staff.js";

const asks = () => [...document.querySelectorAll("[data-list-of='desk'] > li")].filter((ask) => ask.offsetParent !== null);
const only = document.querySelector("#only-open");
let current = null;

function mark(ask) {
  for (const other of document.querySelectorAll(".ask[aria-current]")) other.removeAttribute("aria-current");
  current = ask.id;
  ask.setAttribute("aria-current", "true");
}

function choose(ask) {
  if (!ask) return;
  mark(ask);
  ask.focus({ preventScroll: true });
  ask.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = asks();
  const at = all.findIndex((ask) => ask.id === current);
  choose(all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))]);
}

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const ask = current && document.getElementById(current);
  if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
  else if (!ask) return;
  else if (event.key === "u") ask.querySelector("[form='put-back-form']")?.click();
  else if (/^[1-9]$/.test(event.key)) [...ask.querySelectorAll("[form='put-form']")].filter((button) => button.offsetParent !== null).find((button) => button.querySelector("kbd").textContent === event.key)?.click();
  else return;
  event.preventDefault();
});

// Whoever put a question with the mouse takes it back with a key.
document.addEventListener("focusin", ({ target }) => {
  const ask = target.closest(".ask");
  if (ask && ask.id !== current) mark(ask);
});

// An event redraws the question; it stays the current one.
document.addEventListener("live:applied", () => {
  const ask = current && document.getElementById(current);
  if (ask) ask.setAttribute("aria-current", "true");
});

only?.addEventListener("change", () => document.querySelector("[data-list-of='desk']").toggleAttribute("data-only-open", only.checked));

function tick() {
  const left = document.querySelector("[data-left]");
  if (!left) return;
  const minutes = Math.floor((new Date(left.getAttribute("datetime")) - Date.now()) / 60_000);
  left.textContent = minutes;
  left.closest(".left").classList.toggle("over", minutes < 0);
}

// What closing would leave over, as it stands when somebody is about to close.
document.addEventListener("toggle", ({ target }) => {
  const place = target.open && target.querySelector("[data-unanswered]");
  if (place) place.textContent = document.querySelectorAll("[data-list-of='desk'] > [data-state='approved']").length;
}, true);
setInterval(tick, 5_000);
