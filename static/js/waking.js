// Tells when a page may have missed something: the machine slept, the tab was frozen or kept for "back", the network went and came.

const TICK = 5_000; // ms
const LATE = 3_000; // ms

// Calls `wake()` when the page should look at once, `cut()` when the browser says that there is no network, and `rest()` when the page
// is put away: with a line open it would not be kept for "back".
export function watch({ wake, cut, rest }) {
  addEventListener("online", wake);
  addEventListener("offline", cut);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && wake());
  addEventListener("pagehide", rest);
  addEventListener("pageshow", (event) => event.persisted && wake());
  let last = times();
  setInterval(() => {
    const [now, then] = [times(), last];
    last = now;
    const passed = now.steady - then.steady;
    // A timer that comes late stood still. Two clocks that part: the steady one stood still as well, or somebody set the other. To
    // look once too often costs nothing. Hidden pages have late timers all day, and look when they are shown.
    const away = passed > TICK + LATE || Math.abs(now.wall - then.wall - passed) > LATE;
    if (away && document.visibilityState === "visible") wake();
  }, TICK);
}

function times() {
  return { steady: performance.now(), wall: Date.now() };
}
