// One socket that stays: joins topics where the page stands, notices gaps, comes back after every cut. docs/protocol.md.

const SILENCE = 35_000; // ms without a frame (two beats and a bit) after which the line counts as cut
const FIRST_WAIT = 500; // ms, doubled with every failure
const LONGEST_WAIT = 15_000; // ms
const OFFLINE_AFTER = 3; // failures in a row until the reader is told that there is no connection

// What the server did not do; `code` for programs, `message` for people, `fields` names what to correct where.
export class Refused extends Error {
  constructor({ code, detail, fields }) {
    super(detail);
    Object.assign(this, { name: "Refused", code, fields: fields ?? {} });
  }
}

// Connect to `url` and follow `topics` ([{topic, epoch, number}], where the page was rendered). Calls onEvents(topic, events) with
// [{number, kind, data, html}] in their order, each once; onState("connecting" | "online" | "offline"); onPulse(topic, facts);
// onReset(topic) when the page must be loaded anew: then join(topic, epoch, number) again; onRefused(topic, code) if a topic may not be read.
export function connect(options) {
  return new Connection(options);
}

class Connection {
  #topics = new Map(); // topic → {epoch, number, ref, behind}
  #commands = new Map(); // ref → {frame, resolve, reject}
  #ref = 0;
  #socket = null;
  #failures = 0;
  #heard = 0;
  #retry = null;
  #closed = false;

  constructor({ url, topics = [], onEvents, onState, onPulse, onReset, onRefused }) {
    this.state = null;
    this.url = new URL(url, location.href.replace(/^http/, "ws")).href;
    this.on = { events: onEvents, state: onState, pulse: onPulse, reset: onReset, refused: onRefused };
    for (const { topic, epoch, number } of topics) this.#topics.set(topic, { epoch, number });
    // A sleeping page hears nothing and its timers stand still: look when it wakes.
    addEventListener("online", () => this.#wake());
    addEventListener("offline", () => this.#drop());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#wake());
    // A page with an open socket is not kept for "back"; one without may be, and then comes back as it was.
    addEventListener("pagehide", () => this.#hangUp());
    addEventListener("pageshow", (event) => event.persisted && this.#wake());
    setInterval(() => this.#socket && Date.now() - this.#heard > SILENCE && this.#drop(), SILENCE / 7);
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
  }

  leave(topic) {
    if (this.#topics.delete(topic)) this.#say({ op: "leave", ref: ++this.#ref, topic });
  }

  // Where a topic stands here: {epoch, number}.
  position(topic) {
    return this.#topics.get(topic);
  }

  close() {
    this.#closed = true;
    this.#hangUp();
  }

  #open() {
    clearTimeout(this.#retry);
    this.#retry = null;
    this.#tell(this.#failures >= OFFLINE_AFTER || !navigator.onLine ? "offline" : "connecting");
    const socket = (this.#socket = new WebSocket(this.url, ["fangtan.html.v1"]));
    this.#heard = Date.now();
    socket.onopen = () => {
      this.#heard = Date.now();
      this.#tell("online");
      for (const topic of this.#topics.keys()) this.#join(topic);
      for (const { frame } of this.#commands.values()) this.#say(frame);
    };
    socket.onmessage = ({ data }) => {
      if (socket !== this.#socket) return;
      this.#heard = Date.now();
      this.#failures = 0;
      this.#take(JSON.parse(data));
    };
    socket.onclose = () => socket === this.#socket && this.#drop();
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
      reset: () => this.#topics.delete(frame.topic) && this.on.reset?.(frame.topic),
      bye: () => this.#drop(frame.after * 1000),
    };
    handlers[frame.op]?.();
  }

  #append({ topic, epoch, events }) {
    const place = this.#topics.get(topic);
    if (!place) return;
    if (place.epoch !== "" && place.epoch !== epoch) return this.#join(topic);
    const fresh = events.filter(([number]) => number > place.number);
    if (!fresh.length) return;
    if (fresh[0][0] !== place.number + 1) return this.#join(topic);
    place.epoch = epoch;
    place.number = fresh.at(-1)[0];
    this.on.events?.(topic, fresh.map(([number, kind, data, html]) => ({ number, kind, data, html })));
  }

  #answer(frame) {
    const command = this.#commands.get(frame.ref);
    this.#commands.delete(frame.ref);
    if (command) return frame.op === "ok" ? command.resolve(frame) : command.reject(new Refused(frame));
    if (frame.op === "ok") return;
    const [topic] = [...this.#topics].find(([, place]) => place.ref === frame.ref) ?? [];
    if (!topic) return;
    if (frame.code === "failed") return this.#drop();
    this.#topics.delete(topic);
    this.on.refused?.(topic, frame.code);
  }

  #beat({ beat, heads }) {
    this.#say({ op: "still", beat });
    for (const [topic, place] of this.#topics) {
      const [epoch, number] = heads[topic] ?? [place.epoch, place.number];
      // Behind at one beat may be on its way; behind twice at the same place is a gap, as is a number from another log.
      const behind = epoch !== place.epoch || number > place.number ? `${epoch} ${place.number}` : null;
      if (behind && behind === place.behind) this.#join(topic);
      place.behind = behind;
    }
  }

  // The line is gone, or as good as gone: come back after `wait` ms, by default by chance within a span that grows.
  #drop(wait = Math.random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#failures)) {
    this.#hangUp();
    if (this.#closed) return;
    this.#failures += 1;
    this.#tell(this.#failures >= OFFLINE_AFTER || !navigator.onLine ? "offline" : "connecting");
    this.#retry = setTimeout(() => this.#open(), wait);
  }

  #hangUp() {
    clearTimeout(this.#retry);
    this.#retry = null;
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #wake() {
    if (this.#closed) return;
    if (!this.#socket) this.#open();
    else if (Date.now() - this.#heard > SILENCE) this.#drop(0);
  }

  #tell(state) {
    if (state === this.state) return;
    this.state = state;
    this.on.state?.(state);
  }
}
