// Keeps the page live: follows the topics named in it, applies what comes, shows the state of the connection.
//
//   <body data-live-url="/ws/" data-log-url="/log/">                  where the socket is, and the log (these are the defaults)
//   <main data-topic="stage:…" data-epoch="…" data-number="17">       what to follow, from where it was rendered
//   <section data-live-region="transcript">                           swapped whole after a reset, the rest of the page stays
//   <p data-connection data-online="…" data-polling="…" data-connecting="…" data-offline="…" data-refused="…" data-again="…" hidden>
//                                                                     gets data-state and the word; after a refusal a link, too
//   <p data-pulse="readers" data-words="{}人在看" hidden>              gets the fact, hidden while there is none or none comes
//
// Tells the document: live:applied {topic, events, inserted, replaced, removed}, live:pulse {topic, facts}, live:reset {} after the
// regions were swapped.

import { apply, replace } from "./fragments.js";
import { connect } from "./socket.js";

export { apply } from "./fragments.js";

const RESET_SPREAD = 3_000; // ms: a restored server resets every page at once, and they need not all load in the same second
let reloading = null;
let refused = false; // whether something of this page may not be read any more

function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(`live:${name}`, { detail }));
}

function places(root) {
  const named = [...root.querySelectorAll("[data-topic]")].map(({ dataset }) => [dataset.topic, dataset]);
  return [...new Map(named).values()].map(({ topic, epoch = "", number = "0" }) => ({ topic, epoch, number: Number(number) }));
}

function onEvents(topic, events) {
  const sum = { inserted: [], replaced: [], removed: [] };
  for (const { html } of events) {
    const done = apply(html);
    for (const what of Object.keys(sum)) sum[what].push(...done[what]);
  }
  tell("applied", { topic, events, ...sum });
}

function onState(state) {
  // That stays true, whatever becomes of the line, until the page is loaded again.
  show(refused ? "refused" : state);
  // What passes comes over the socket alone: without one nobody would say when it has passed.
  if (state === "polling" || state === "offline") for (const element of document.querySelectorAll("[data-pulse]")) element.hidden = true;
}

function show(state) {
  for (const element of document.querySelectorAll("[data-connection]")) {
    if (element.dataset.state === state) continue;
    element.dataset.state = state;
    element.textContent = element.dataset[state] ?? "";
    // An empty address is that of the page.
    if (state === "refused") element.append(" ", Object.assign(document.createElement("a"), { href: "", textContent: element.dataset.again }));
    element.hidden = false;
  }
}

function onPulse(topic, facts) {
  for (const [fact, value] of Object.entries(facts)) {
    for (const element of document.querySelectorAll(`[data-pulse="${CSS.escape(fact)}"]`)) {
      const own = element.closest("[data-topic]")?.dataset.topic;
      if (own && own !== topic) continue;
      element.hidden = value === null;
      element.textContent = value === null ? "" : (element.dataset.words ?? "{}").replace("{}", () => (typeof value === "number" ? value.toLocaleString("en") : value));
    }
  }
  tell("pulse", { topic, facts });
}

// The past cannot be joined to what the page shows: load the page as a newcomer would, and take over what is live in it.
function onReset() {
  reloading ??= reload().finally(() => (reloading = null));
}

async function reload() {
  let response;
  do {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * RESET_SPREAD));
    response = await fetch(location.href, { cache: "no-store", credentials: "same-origin" }).catch(() => null);
    // Whoever restored it may still be at it.
  } while (!response || response.status >= 500);
  const regions = [...document.querySelectorAll("[data-live-region]")];
  if (!response.ok || response.redirected || !regions.length) return location.reload();
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const region of regions) {
    const like = fresh.querySelector(`[data-live-region="${CSS.escape(region.dataset.liveRegion)}"]`);
    if (like) replace(region, document.importNode(like, true));
  }
  for (const { topic, epoch, number } of places(fresh)) if (!live.position(topic)) live.join(topic, epoch, number);
  tell("reset", {});
}

function onRefused() {
  refused = true;
  show("refused");
}

const { dataset } = document.body;
const topics = places(document);
// The one connection of this page, null if it names no topic.
export const live = topics.length
  ? connect({ url: dataset.liveUrl ?? "/ws/", log: dataset.logUrl ?? "/log/", topics, onEvents, onState, onPulse, onReset, onRefused })
  : null;
