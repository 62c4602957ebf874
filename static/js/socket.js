// One socket that stays: joins topics where the page stands, notices gaps, comes back after every cut; and polling for as long as no
// socket can be had. docs/protocol.md.

import { Pace } from "./pace.js";
import { advance, missed } from "./places.js";
import { Polling } from "./polling.js";
import { watch } from "./waking.js";

const SILENCE = 35_000; // ms from frame to frame (two beats and a bit) until the socket counts as cut
const OPENING = 15_000; // ms until the first frame of a new socket
const ANSWER = 5_000; // ms for the answer of one that may not have outlived a sleep
const LOOK_EVERY = 1_000; // ms
const FIRST_WAIT = 500; // ms, doubled with every failure
const LONGEST_WAIT = 10_000; // ms
const TRIES = 3; // sockets in a row that brought nothing until the page polls
const AGAIN = 30_000; // ms, up to twice as long, until the next try while polling brings everything
const PUT_OFF = 2_000; // ms at least until a topic is asked for again that the server could not join now
const LATER = new Set(["too_fast", "busy", "failed"]); // what it then says; any other error is a no

// What the server did not do; `code` for programs, `message` for people, `fields` names what to correct where.
export class Refused extends Error {
  constructor({ code, detail, fields }) {
    super(detail);
    Object.assign(this, { name: "Refused", code, fields: fields ?? {} });
  }
}

// By chance between 0 and a limit that grows with every failure: who failed together does not come again together.
function chance(failures) {
  return Math.random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures);
}

// Follow `topics` ([{topic, epoch, number}], where the page was rendered) over the socket at `url`, else over the log at `log`. Calls
// onEvents(topic, events) with [{number, kind, data, html}] in their order, each once; onPulse(topic, facts); onReset(topic) when the page
// must be loaded anew: then join(topic, epoch, number) again; onRefused(topic, code) if a topic may not be read, which is not asked for
// again; onState(state) with "connecting", "online" (the socket brings every topic), "polling" (all comes, a little later; commands wait
// for the socket), "offline", or "refused": no topic is left, and neither sockets nor answers are asked for.
export function connect(options) {
  return new Connection(options);
}

class Connection {
  #topics = new Map(); // topic → {epoch, number}, ref of the join that waits for its answer or 0, line it is joined on, putOff, behind, doubted
  #commands = new Map(); // ref → {frame, resolve, reject}
  #ref = 0;
  #socket = null;
  #line = null; // the Pace of a socket that is open
  #tries = 0; // sockets since one brought everything
  #deadline = 0; // by performance.now(): unless a frame comes before, the socket counts as cut
  #polling;
  #retry = null;
  #refused = false;

  constructor({ url, log, topics = [], onEvents, onState, onPulse, onReset, onRefused }) {
    this.state = null;
    this.url = new URL(url, location.href.replace(/^http/, "ws")).href;
    this.on = { events: onEvents, state: onState, pulse: onPulse, reset: onReset, refused: onRefused };
    for (const { topic, epoch, number } of topics) this.#topics.set(topic, { epoch, number });
    this.#polling = new Polling({
      url: log,
      topics: this.#topics,
      onEvents: (run) => this.#append(run),
      onReset: (topic) => this.#reset(topic),
      onRefused: (topic, code) => this.#refuse(topic, code),
      onChange: () => this.#tell(),
    });
    watch({ wake: () => this.#wake(), cut: () => this.#cut(), rest: () => this.#rest() });
    setInterval(() => this.#socket && performance.now() > this.#deadline && this.#drop(), LOOK_EVERY);
    if (this.#polling.wasNeeded) this.#polling.start();
    this.#open();
  }

  // Run a command; resolves to its answer, rejects with Refused. If the line is cut before the answer came, the same frame, with
  // the same token in it, is sent again on the next one.
  send(op, fields = {}) {
    return new Promise((resolve, reject) => {
      const frame = { op, ref: ++this.#ref, ...fields };
      this.#commands.set(frame.ref, { frame, resolve, reject });
      this.#say(frame);
    });
  }

  // Follow a topic from a place on; also after a reset.
  join(topic, epoch = "", number = 0) {
    this.#topics.set(topic, { epoch, number });
    if (this.#socket) this.#join(topic);
    else this.#open();
    this.#polling.look();
  }

  // Where a topic stands here: {epoch, number}.
  position(topic) {
    return this.#topics.get(topic);
  }

  // Something was done here: what comes of it need not wait for the next turn of polling. A socket brings it by itself.
  look() {
    this.#polling.look();
  }

  #open() {
    clearTimeout(this.#retry);
    if (!this.#topics.size) return;
    this.#tries += 1;
    this.#deadline = performance.now() + OPENING;
    const socket = (this.#socket = new WebSocket(this.url, ["fangtan.html.v1"]));
    this.#tell();
    socket.onopen = () => {
      if (socket !== this.#socket) return;
      this.#line = new Pace(socket);
      for (const topic of this.#topics.keys()) this.#join(topic);
      for (const { frame } of this.#commands.values()) this.#say(frame);
    };
    socket.onmessage = ({ data }) => socket === this.#socket && this.#hear(JSON.parse(data));
    socket.onclose = () => socket === this.#socket && this.#drop();
  }

  #hear(frame) {
    this.#deadline = performance.now() + SILENCE;
    this.#take(frame);
    // One that only says no, or later, or goodbye, is none.
    if (this.#brings) {
      this.#tries = 0;
      this.#polling.stop();
    }
    this.#tell();
  }

  // Whether the socket brings everything that is followed here.
  get #brings() {
    return this.#line !== null && [...this.#topics.values()].every(({ line }) => line === this.#line);
  }

  #say(frame) {
    this.#line?.say(frame);
  }

  #join(topic) {
    const place = this.#topics.get(topic);
    place.ref = ++this.#ref;
    this.#say({ op: "join", ref: place.ref, topic, since: [place.epoch, place.number] });
  }

  #take(frame) {
    const handlers = {
      events: () => this.#append(frame),
      ok: () => this.#answer(frame),
      error: () => this.#answer(frame),
      pulse: () => this.on.pulse?.(frame.topic, frame.facts),
      beat: () => this.#beat(frame),
      reset: () => this.#reset(frame.topic),
      bye: () => this.#drop(frame.after * 1000),
    };
    handlers[frame.op]?.();
  }

  #append({ topic, epoch, events }) {
    const place = this.#topics.get(topic);
    if (!place) return;
    const fresh = advance(place, { epoch, events });
    if (!fresh) this.#fill(topic, place);
    else if (fresh.length) this.on.events?.(topic, fresh);
  }

  // Something is missing: the answer to a join brings it, also to one that is under way.
  #fill(topic, place) {
    if (!place.ref) this.#join(topic);
  }

  #answer(frame) {
    const command = this.#commands.get(frame.ref);
    this.#commands.delete(frame.ref);
    if (command) return frame.op === "ok" ? command.resolve(frame) : command.reject(new Refused(frame));
    const [topic, place] = [...this.#topics].find(([, { ref }]) => ref === frame.ref) ?? [];
    if (!topic) return;
    if (frame.op === "ok") Object.assign(place, { line: this.#line, ref: 0, putOff: 0 });
    else if (LATER.has(frame.code)) this.#putOff(topic, place);
    else this.#refuse(topic, frame.code);
  }

  // Not now: ask for the topic again, unless that happens before. Until it is joined the socket does not bring everything.
  #putOff(topic, place) {
    const { ref } = place;
    place.line = null;
    place.putOff = (place.putOff ?? 0) + 1;
    setTimeout(() => place.ref === ref && place === this.#topics.get(topic) && this.#join(topic), PUT_OFF + chance(place.putOff));
    if (place.putOff >= TRIES) this.#polling.start();
  }

  #reset(topic) {
    if (this.#topics.delete(topic)) this.on.reset?.(topic);
  }

  #refuse(topic, code) {
    if (!this.#topics.delete(topic)) return;
    this.#refused = true;
    if (!this.#topics.size) this.#rest();
    this.on.refused?.(topic, code);
    this.#tell();
  }

  #beat({ beat, heads }) {
    this.#say({ op: "still", beat });
    for (const [topic, place] of this.#topics) if (heads[topic] && missed(place, heads[topic])) this.#fill(topic, place);
  }

  // The line is gone, or as good as gone: come back after `wait` ms, by default by chance within a span that grows.
  #drop(wait = this.#polling.works ? AGAIN * (1 + Math.random()) : chance(this.#tries)) {
    this.#hangUp();
    this.#retry = setTimeout(() => this.#open(), wait);
    if (this.#tries >= TRIES) this.#polling.start();
    this.#tell();
  }

  #hangUp() {
    clearTimeout(this.#retry);
    const socket = this.#socket;
    this.#socket = this.#line = null;
    socket?.close();
  }

  // The page may have been away: look at once, and see whether the line is still one.
  #wake() {
    this.#polling.look();
    if (!this.#socket) return this.#open();
    const [topic] = this.#topics.keys();
    if (!topic || !this.#line) return;
    this.#join(topic);
    this.#deadline = Math.min(this.#deadline, performance.now() + ANSWER);
  }

  #cut() {
    this.#polling.look({ afresh: true });
    this.#drop();
  }

  #rest() {
    this.#hangUp();
    this.#polling.rest();
  }

  #tell() {
    const { works } = this.#polling;
    const cut = works === false || !navigator.onLine;
    const ended = this.#refused && !this.#topics.size;
    const state = ended ? "refused" : this.#brings ? "online" : works ? "polling" : cut ? "offline" : "connecting";
    if (state === this.state) return;
    this.state = state;
    this.on.state?.(state);
  }
}
