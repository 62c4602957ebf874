// What is done with a question: sent at once, told in a sentence, and for ten seconds undone with one key.
//
//   [data-act]     what a button or link of a question does; its form, address and question stand in its own attributes
//   #undo          the bar with the seconds that are left
//   #not-done      what was not done of a step on several, a sentence for each

import { choose, item, me, refresh, row } from "./inbox-queue.js";
import { live } from "./live.js";
import { NotDone, inWords, post, say } from "./staff.js";

const UNDO_SPAN = 10; // seconds
const UNDONE_BY = { approve: "take_back", decline: "take_back", hold: "resume", ask_back: "resume", escalate: "resume", merge: "split", split: "merge" };

const bar = document.querySelector("#undo");
const notDone = document.querySelector("#not-done");
const token = () => document.querySelector("#acts [name=csrfmiddlewaretoken]").value;
const busy = new Set(); // questions of which an answer is awaited
let undo = null; // {act, questions, into, seconds}
let clock = null;

// Send what was decided about a question. "" if it was done, else the sentence that says why not.
export async function send(question, act, address, body) {
  if (busy.has(question)) return inWords("正在提交，请稍等。", "Being sent, please wait.");
  busy.add(question);
  row(question)?.setAttribute("aria-busy", "true");
  try {
    const { detail } = await post(address, body);
    tell(detail, act, [question], body.get("into"));
    await looked();
    return "";
  } catch (problem) {
    return sentence(problem);
  } finally {
    busy.delete(question);
    row(question)?.removeAttribute("aria-busy");
  }
}

// Send one step on several questions, and tell what was not done; the ids of those for which it was.
export async function sendAll(act, questions, body) {
  body.set("csrfmiddlewaretoken", token());
  body.set("act", act);
  body.delete("question");
  for (const question of questions) body.append("question", question);
  const { detail, done, refused } = await post("bulk/", body);
  tell(detail, act, done.map(({ id }) => id));
  notDone.hidden = refused.length === 0;
  notDone.querySelector("ul").replaceChildren(...refused.map((each) => Object.assign(document.createElement("li"), { textContent: each.detail })));
  await looked();
}

notDone.querySelector("button").addEventListener("click", () => (notDone.hidden = true));

// With the line cut no event will come: look for ourselves.
async function looked() {
  if (live?.state !== "online" && live?.state !== "polling") await refresh();
}

// Say that it was done, and how long it can be undone; `into` is the one that a merged question stood under.
export function tell(detail, act, questions, into = null) {
  notDone.hidden = true;
  if (!(act in UNDONE_BY) || !questions.length) return say(detail, { refused: !questions.length });
  document.querySelector("#said").hidden = true;
  undo = { act: UNDONE_BY[act], questions, into, seconds: UNDO_SPAN };
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
  const { act, questions, into } = undo;
  forget();
  show();
  try {
    if (questions.length > 1) return await sendAll(act, questions, new FormData());
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token());
    body.set("question", questions[0]);
    if (into) body.set("into", into);
    say((await post(`${act.replace("_", "-")}/`, body)).detail);
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
  const body = new FormData(button.form, button);
  // What is split off waits by itself again; merged once more it stands where it stood.
  if (button.dataset.act === "split") body.set("into", li.dataset.question);
  const refusal = await send(button.value, button.dataset.act, button.formAction, body);
  if (refusal) say(refusal, { refused: true });
}
