// The log over HTTP, for a page whose socket does not open: asks for the tip every few seconds, and for what lies before it.
// docs/protocol.md, "The same log over HTTP".

import { belongs } from "./places.js";

const EVERY = 2_000; // ms from turn to turn, until a tip names another time
const SHORTEST = 500; // ms, whatever a tip says
const LONGEST = 300_000; // ms, whatever a tip or Retry-After says
const HIDDEN = 15_000; // ms at least while nobody sees the page
const JITTER = 0.1; // of the time, more or less
const PATIENCE = 15_000; // ms for one answer
const LONGEST_WAIT = 60_000; // ms added at most after failures
const FAILED_AFTER = 2; // turns in a row without an answer until a line that worked counts as cut
const NEEDED = "polling"; // kept for the tab: its next page polls at once, and need not find out by waiting for sockets
const DOUBT = 3_000; // ms an answer may contradict the page before it is believed: a cache on the way may be a little behind

// Nothing usable came; `after` ms at least are to pass before the next try.
class Unavailable extends Error {
  constructor(after = 0) {
    super("no answer");
    this.after = after;
  }
}

// Follows the topics of a Map (topic → {epoch, number}, which `onEvents` moves on) while it runs. Calls onEvents({topic, epoch, events})
// with events as they stand in the log, onReset(topic) if the page's place is not in this log, onRefused(topic, code) if the topic
// may not be read, onChange() when `works` may be another.
export class Polling {
  runs = false;
  works = null; // whether answers come; null while that is not known
  #turn = null; // the AbortController of what is under way, null while resting
  #timer = null;
  #every = EVERY;
  #failures = 0;

  constructor({ url, topics, onEvents, onReset, onRefused, onChange }) {
    this.url = new URL(url, location.href).href;
    this.topics = topics;
    this.on = { events: onEvents, reset: onReset, refused: onRefused, change: onChange };
  }

  // Whether the last page in this tab had no other way.
  get wasNeeded() {
    try { return sessionStorage.getItem(NEEDED) !== null; } catch { return false; }
  }

  start() {
    if (this.runs) return;
    this.runs = true;
    for (const place of this.topics.values()) delete place.doubted; // what was doubted before there was a socket is settled
    this.look();
  }

  stop() {
    if (!this.runs) return;
    this.rest();
    this.runs = false;
    this.works = null;
    this.#failures = 0;
    try { sessionStorage.removeItem(NEEDED); } catch { /* nothing was kept */ }
  }

  // Ask nothing until the next look.
  rest() {
    clearTimeout(this.#timer);
    this.#turn?.abort();
    this.#turn = null;
  }

  // Do not wait for the next turn. What is under way is asked again: its answer may be older than what is looked for. With `afresh` it is
  // not known any longer whether answers come.
  look({ afresh = false } = {}) {
    if (!this.runs) return;
    this.rest();
    if (afresh) this.works = null;
    this.#ask();
  }

  async #ask() {
    const turn = (this.#turn = new AbortController());
    let wait;
    try {
      const waits = await Promise.all([...this.topics.keys()].map((topic) => this.#follow(topic, turn)));
      if (turn !== this.#turn) return;
      if (!waits.length) return this.rest();
      this.#every = Math.max(...waits, document.visibilityState === "hidden" ? HIDDEN : 0);
      this.#failures = 0;
      this.works = true;
      try { sessionStorage.setItem(NEEDED, ""); } catch { /* private windows keep nothing */ }
      wait = this.#every * (1 - JITTER + 2 * JITTER * Math.random());
    } catch (error) {
      if (!(error instanceof Unavailable)) setTimeout(() => { throw error; }); // ours: the console is to see it
      if (turn !== this.#turn) return;
      this.#failures += 1;
      if (this.works === null || this.#failures >= FAILED_AFTER) this.works = false;
      wait = Math.max(this.#every, error.after ?? 0) + Math.random() * Math.min(LONGEST_WAIT, this.#every * 2 ** this.#failures);
    }
    this.#timer = setTimeout(() => this.#ask(), wait);
    this.on.change();
  }

  // Bring one topic up to its tip; returns after how many ms to ask again.
  async #follow(topic, turn) {
    const place = this.topics.get(topic);
    const isOver = () => turn !== this.#turn || place !== this.topics.get(topic);
    const tip = await this.#get(`${topic}/tip.json`, turn, "no-cache");
    if (isOver()) return this.#every;
    if (tip.code === "no_topic") {
      this.on.refused(topic, tip.code);
      return this.#every;
    }
    const { epoch, generation, head, segment, every, events } = tip;
    if (!events) throw new Unavailable();
    const fits = belongs(place, tip);
    for (let index = Math.floor(place.number / segment); fits && index < Math.floor(head / segment); index += 1) {
      const whole = await this.#get(`${topic}/${epoch}/${generation}/${index}.json`, turn, "default");
      if (isOver()) return this.#every;
      // Not there: something was withdrawn since the tip, which the next one knows, or the log was cut off at its beginning.
      if (!whole.events) break;
      this.on.events({ topic, epoch, events: whole.events });
    }
    if (fits) this.on.events({ topic, epoch, events });
    const wait = Math.min(LONGEST, Math.max(SHORTEST, every * 1000));
    if (fits && place.epoch === epoch && place.number >= head) {
      delete place.doubted;
      return wait;
    }
    place.doubted ??= performance.now();
    if (performance.now() - place.doubted >= DOUBT) this.on.reset(topic);
    return Math.min(wait, DOUBT);
  }

  async #get(path, turn, cache) {
    const limit = setTimeout(() => turn.abort(), PATIENCE);
    try {
      // The browser keeps the last answer with its ETag, and asks only whether it still holds.
      const response = await fetch(this.url + path, { cache, credentials: "same-origin", signal: turn.signal });
      if (response.ok) return await response.json();
      if (response.status === 404) return await response.json().catch(() => ({}));
      const seconds = Number(response.headers.get("Retry-After"));
      throw new Unavailable(Math.min(LONGEST, (seconds || 0) * 1000));
    } catch (error) {
      throw error instanceof Unavailable ? error : new Unavailable();
    } finally {
      clearTimeout(limit);
    }
  }
}
