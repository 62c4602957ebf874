// What is done with a question: sent at once, told in a sentence, and for ten seconds undone with one key.
//
//   [data-act]     what a button or link of a question does; its form, address and question stand in its own attributes
//   #undo          the bar with the seconds that are left

import { choose, item, me, refresh, row } from "./inbox-queue.js";
import { live } from "./live.js";
import { NotDone, inWords, post, say } from "./staff.js";

const UNDO_SPAN = 10; // seconds
const UNDONE_BY = { approve: "take-back/", decline: "take-back/", hold: "resume/", ask_back: "resume/", escalate: "resume/" };

const bar = document.querySelector("#undo");
const busy = new Set(); // questions of which an answer is awaited
let undo = null; // {address, questions, seconds}
let clock = null;

// Send what was decided about a question. "" if it was done, else the sentence that says why not.
export async function send(question, act, address, body) {
  if (busy.has(question)) return inWords("正在提交，请稍等。", "Being sent, please wait.");
  busy.add(question);
  row(question)?.setAttribute("aria-busy", "true");
  try {
    const { detail } = await post(address, body);
    tell(detail, act, [question]);
    await looked();
    return "";
  } catch (problem) {
    return sentence(problem);
  } finally {
    busy.delete(question);
    row(question)?.removeAttribute("aria-busy");
  }
}

// With the line cut no event will come: look for ourselves.
async function looked() {
  if (live?.state !== "online" && live?.state !== "polling") await refresh();
}

// Say that it was done, and how long it can be undone.
export function tell(detail, act, questions) {
  if (!(act in UNDONE_BY)) return say(detail);
  document.querySelector("#said").hidden = true;
  undo = { address: UNDONE_BY[act], questions, seconds: UNDO_SPAN };
  bar.querySelector("[data-words]").textContent = detail;
  clearInterval(clock);
  clock = setInterval(tick, 1_000);
  show();
}

export function sentence(problem) {
  return problem instanceof NotDone ? problem.message : inWords("没有送到，请检查网络后再试。", "Not sent: no connection.");
}

function tick() {
  undo.seconds -= 1;
  if (undo.seconds <= 0) forget();
  show();
}

function forget() {
  clearInterval(clock);
  undo = null;
}

function show() {
  const focused = bar.contains(document.activeElement);
  bar.hidden = !undo;
  if (undo) bar.querySelector("[data-seconds]").textContent = undo.seconds;
  else if (focused) item()?.focus({ preventScroll: true });
}

// Undo what was just done; later, lead to the last decision of this person, whose button takes it back.
export async function takeBack() {
  if (!undo) {
    const last = document.querySelector(`.decided-item[data-by="${CSS.escape(me)}"] [data-act="take_back"]`);
    say(last ? inWords("十秒已过。按 Enter 收回您最后的审核。", "The ten seconds are over. Enter takes your last decision back.") : inWords("本页没有您刚做的审核。", "No decision of yours on this page."), { refused: !last });
    last?.focus();
    return;
  }
  const { address, questions } = undo;
  forget();
  show();
  const token = document.querySelector("#acts [name=csrfmiddlewaretoken]").value;
  try {
    for (const question of questions) {
      const body = new FormData();
      body.set("csrfmiddlewaretoken", token);
      body.set("question", question);
      say((await post(address, body)).detail);
    }
    await looked();
  } catch (problem) {
    say(sentence(problem), { refused: true });
  }
}

bar.querySelector("button").addEventListener("click", takeBack);

// What a button of a question does by itself; what needs words first is opened by inbox-writing.js.
export async function press(button) {
  const li = button.closest("li");
  if (li.matches("#inbox-list > li")) choose(li, { focus: false, hold: li });
  const refusal = await send(li.dataset.question, button.dataset.act, button.formAction, new FormData(button.form, button));
  if (refusal) say(refusal, { refused: true });
}
