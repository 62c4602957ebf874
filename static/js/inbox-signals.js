// What tells of the queue without being looked at: the number in the title, a soft tone, and how long things wait.

import { apply, live } from "./live.js";

const TONE_EVERY = 3_000; // ms: a burst is one tone
const LOOK_EVERY = 60_000; // ms: leases run out and the pace of a colleague falls without any event
const ENGLISH = document.documentElement.lang === "en";
const title = document.title;
const button = document.querySelector("#sound");

let audio = null;
let sounded = -Infinity;
let unseen = 0;

function age(moment) {
  const minutes = Math.max(0, Math.floor((Date.now() - moment) / 60_000));
  if (minutes < 60) return ENGLISH ? `${minutes} min` : `${minutes}分钟`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return ENGLISH ? `${hours} h` : `${hours}小时`;
  return ENGLISH ? `${Math.floor(hours / 24)} d` : `${Math.floor(hours / 24)}天`;
}

function tell() {
  for (const time of document.querySelectorAll("time[data-age]")) {
    time.title ||= time.textContent;
    time.textContent = age(Date.parse(time.dateTime));
  }
  const open = document.querySelector("#inbox-load")?.dataset.open ?? "0";
  const fresh = unseen ? (ENGLISH ? `${unseen} new · ` : `新${unseen} · `) : "";
  document.title = open === "0" && !fresh ? title : `${fresh}(${open}) ${title}`;
}

// ── The tone ────────────────────────────────────────────────────────────────────────────────────────────────────────

const on = () => button.getAttribute("aria-pressed") === "true";

function remembered() {
  try {
    return localStorage.getItem("inbox sound") === "on";
  } catch {
    return false;
  }
}

function turn(to) {
  button.setAttribute("aria-pressed", String(to));
  try {
    localStorage.setItem("inbox sound", to ? "on" : "off");
  } catch {
    // Private windows keep nothing: it is off again next time.
  }
}

// A browser lets a page sound only after a key or a click in it.
function wake() {
  if (!on()) return;
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume().catch(() => {});
}

function sound() {
  if (!on() || audio?.state !== "running" || performance.now() - sounded < TONE_EVERY) return;
  sounded = performance.now();
  const [tone, loudness] = [audio.createOscillator(), audio.createGain()];
  tone.frequency.value = 587; // Hz
  loudness.gain.setValueAtTime(0.0001, audio.currentTime);
  loudness.gain.exponentialRampToValueAtTime(0.06, audio.currentTime + 0.03);
  loudness.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + 0.5);
  tone.connect(loudness).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.55);
}

button.hidden = false;
turn(remembered());
button.addEventListener("click", () => {
  turn(!on());
  wake();
  sound();
});
for (const sign of ["keydown", "pointerdown"]) document.addEventListener(sign, wake);

// ── What comes ──────────────────────────────────────────────────────────────────────────────────────────────────────

document.addEventListener("live:applied", ({ detail }) => {
  const came = detail.events.filter(({ kind }) => kind === "question.arrived").length;
  if (!came) return;
  sound();
  if (document.visibilityState === "hidden") unseen += came;
  tell();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") unseen = 0;
  tell();
});
document.addEventListener("inbox:changed", tell);
setInterval(tell, 5_000);
setInterval(async () => {
  if (document.visibilityState === "hidden" || live?.state === "refused") return;
  const response = await fetch("numbers/", { credentials: "same-origin", cache: "no-store" }).catch(() => null);
  if (response?.ok && !response.redirected) apply(await response.text());
  document.dispatchEvent(new CustomEvent("inbox:changed"));
}, LOOK_EVERY);
