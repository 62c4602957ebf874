// What goes out on one socket: every frame in its order, fewer at once and slower than the server takes them. docs/protocol.md, "What a
// client sends".

// Half of what the server allows: a network may hold frames up and deliver them in a heap.
export const AT_ONCE = 10; // frames
export const RATE = 5; // frames a second

export class Pace {
  #socket;
  #waiting = [];
  #left = AT_ONCE;
  #since = performance.now();
  #timer = null;

  // `socket` is open. Once it is not, what waits is dropped: who opens the next one says it again.
  constructor(socket) {
    this.#socket = socket;
  }

  say(frame) {
    this.#waiting.push(frame);
    if (this.#timer === null) this.#send();
  }

  #send() {
    this.#timer = null;
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    const now = performance.now();
    this.#left = Math.min(AT_ONCE, this.#left + ((now - this.#since) / 1000) * RATE);
    this.#since = now;
    for (; this.#left >= 1 && this.#waiting.length; this.#left -= 1) this.#socket.send(JSON.stringify(this.#waiting.shift()));
    // One timer for all of them: timers of a hidden page come late, and many would come together.
    if (this.#waiting.length) this.#timer = setTimeout(() => this.#send(), 1000 / RATE);
  }
}
