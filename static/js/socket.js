// One socket that stays: joins topics where the page stands, notices gaps, comes back after every cut; and polling for as long as no
// socket can be had. docs/protocol.md.

import { advance, missed } from "./places.js";
import { Polling } from "./polling.js";
import { watch } from "./waking.js";

const SILENCE = 35_000; // ms without a frame (two beats and a bit) after which the line counts as cut
const OPENING = 15_000; // ms until the first frame of a new socket
const ANSWER = 5_000; // ms for the answer of a line that may not have outlived a sleep
const FIRST_WAIT = 500; // ms, doubled with every failure
const LONGEST_WAIT = 10_000; // ms
const TRIES = 3; // sockets in a row that brought nothing until the page polls
const AGAIN = 30_000; // ms, up to twice as long, until the next try while polling brings everything

// What the server did not do; `code` for programs, `message` for people, `fields` names what to correct where.
export class Refused extends Error {
  constructor({ code, detail, fields }) {
    super(detail);
    Object.assign(this, { name: "Refused", code, fields: fields ?? {} });
  }
}

// Follow `topics` ([{topic, epoch, number}], where the page was rendered) over the socket at `url`, else over the log at `log`. Calls
// onEvents(topic, events) with [{number, kind, data, html}] in their order, each once; onPulse(topic, facts); onReset(topic) when the page
// must be loaded anew: then join(topic, epoch, number) again; onRefused(topic, code) if a topic may not be read; onState(state) with
// "connecting", "online" (the socket), "polling" (all comes, a little later; commands wait for the socket) or "offline".
export function connect(options) {
  return new Connection(options);
}

class Connection {
  #topics = new Map(); // topic → {epoch, number, ref, behind, doubted}
  #commands = new Map(); // ref → {frame, resolve, reject}
  #ref = 0;
  #socket = null;
  #tries = 0; // sockets since one brought something
  #frames = 0;
  #heard = 0;
  #polling;
  #retry = null;
  #closed = false;

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
    setInterval(() => this.#socket && performance.now() - this.#heard > SILENCE && this.#drop(), SILENCE / 7);
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
    this.#join(topic);
    this.#polling.look();
  }

  leave(topic) {
    if (this.#topics.delete(topic)) this.#say({ op: "leave", ref: ++this.#ref, topic });
  }

  // Where a topic stands here: {epoch, number}.
  position(topic) {
    return this.#topics.get(topic);
  }

  // Something was done here: what comes of it need not wait for the next turn of polling. A socket brings it by itself.
  look() {
    this.#polling.look();
  }

  close() {
    this.#closed = true;
    this.#hangUp();
    this.#polling.stop();
  }

  #open() {
    clearTimeout(this.#retry);
    this.#retry = null;
    this.#tries += 1;
    this.#heard = performance.now();
    const socket = (this.#socket = new WebSocket(this.url, ["fangtan.html.v1"]));
    this.#expect(OPENING);
    this.#tell();
    socket.onopen = () => {
      this.#tell();
      for (const topic of this.#topics.keys()) this.#join(topic);
      for (const { frame } of this.#commands.values()) this.#say(frame);
    };
    socket.onmessage = ({ data }) => socket === this.#socket && this.#hear(JSON.parse(data));
    socket.onclose = () => socket === this.#socket && this.#drop();
  }

  #hear(frame) {
    this.#frames += 1;
    this.#heard = performance.now();
    // A socket that only says no, or goodbye, is none.
    if (frame.op !== "error" && frame.op !== "bye") {
      this.#tries = 0;
      this.#polling.stop();
      this.#tell();
    }
    this.#take(frame);
  }

  // The line counts as cut unless a frame comes within so many ms.
  #expect(within) {
    const [socket, frames] = [this.#socket, this.#frames];
    setTimeout(() => socket === this.#socket && frames === this.#frames && this.#drop(), within);
  }

  #say(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
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
    if (!fresh) this.#join(topic);
    else if (fresh.length) this.on.events?.(topic, fresh);
  }

  #answer(frame) {
    const command = this.#commands.get(frame.ref);
    this.#commands.delete(frame.ref);
    if (command) return frame.op === "ok" ? command.resolve(frame) : command.reject(new Refused(frame));
    if (frame.op === "ok") return;
    const [topic] = [...this.#topics].find(([, place]) => place.ref === frame.ref) ?? [];
    if (!topic) return;
    if (frame.code === "failed") return this.#drop();
    this.#refuse(topic, frame.code);
  }

  #reset(topic) {
    if (this.#topics.delete(topic)) this.on.reset?.(topic);
  }

  #refuse(topic, code) {
    if (this.#topics.delete(topic)) this.on.refused?.(topic, code);
  }

  #beat({ beat, heads }) {
    this.#say({ op: "still", beat });
    for (const [topic, place] of this.#topics) if (heads[topic] && missed(place, heads[topic])) this.#join(topic);
  }

  // The line is gone, or as good as gone: come back after `wait` ms, by default by chance within a span that grows.
  #drop(wait = this.#polling.works ? AGAIN * (1 + Math.random()) : Math.random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#tries)) {
    this.#hangUp();
    if (this.#closed) return;
    this.#retry = setTimeout(() => this.#open(), wait);
    if (this.#tries >= TRIES) this.#polling.start();
    this.#tell();
  }

  #hangUp() {
    clearTimeout(this.#retry);
    this.#retry = null;
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  // The page may have been away: look at once, and see whether the line is still one.
  #wake() {
    if (this.#closed) return;
    this.#polling.look();
    if (!this.#socket) return this.#open();
    const [topic] = this.#topics.keys();
    if (!topic || this.#socket.readyState !== WebSocket.OPEN) return;
    this.#join(topic);
    this.#expect(ANSWER);
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
    const { runs, works } = this.#polling;
    const open = this.#socket?.readyState === WebSocket.OPEN;
    const state = open && !runs ? "online" : works ? "polling" : works === false || !navigator.onLine ? "offline" : "connecting";
    if (state === this.state) return;
    this.state = state;
    this.on.state?.(state);
  }
}
