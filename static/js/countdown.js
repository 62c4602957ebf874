// Clocks that run: what the server wrote as words stays for whoever has no scripts.
//   <b data-countdown="2026-11-27T09:00:00+08:00">还有3天</b>      time left
//   <time data-elapsed datetime="…">15:00开始</time>               time since

const SECOND = 1000;
const english = document.documentElement.lang === "en";

function figures(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(Math.floor(seconds % 60))}`;
  return hours ? `${two(hours)}:${rest}` : rest;
}

function left(seconds) {
  const days = Math.floor(seconds / 86400);
  const clock = figures(seconds % 86400);
  if (english) return days ? `${days} d ${clock} left` : `${clock} left`;
  return days ? `还有${days}天 ${clock}` : `还有 ${clock}`;
}

function tick() {
  for (const place of document.querySelectorAll("[data-countdown]")) {
    const seconds = (Date.parse(place.dataset.countdown) - Date.now()) / SECOND;
    // Once the time has come the host opens, not the clock: the words of the server stand again after a reload.
    if (seconds > 0) place.textContent = left(seconds);
    else if (place.dataset.over === undefined) {
      place.dataset.over = "";
      place.textContent = english ? "Waiting for the host to open" : "已到计划时间，等主持人开场";
    }
  }
  for (const place of document.querySelectorAll("time[data-elapsed]")) {
    place.title ||= place.textContent;
    place.textContent = figures(Math.max(0, (Date.now() - Date.parse(place.dateTime)) / SECOND));
  }
}

tick();
setInterval(tick, SECOND);
