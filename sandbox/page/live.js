// Keeps the page up to date: server-sent events, and polling while they do not come.
import * as api from "./api.js";
import { emit, findPerson, on, state } from "./store.js";

const POLL_EVERY = 3000;
const RETRY_AFTER = 2000;
const FEW_NEWS = 8;
const FEW = 120; // people whose unread messages are counted when the page opens

const SEEN = "newest seen of each person";
const seen = JSON.parse(sessionStorage.getItem(SEEN) ?? "{}");
const words = new Map(); // what each message said last: a tick or a reaction gives it a new number but is no news
const running = new Set();

/** "new", "changed", or nothing when it says what it said before. */
function whatIsNew(key, message) {
  const id = [key, message.platform, message.chat, message.id].join();
  const before = words.get(id);
  words.set(id, [message.text, message.html, message.buttons?.map((button) => button.label)].join());
  if (before === undefined) return "new";
  return before === words.get(id) ? null : "changed";
}

/** After a restart the sandbox numbers from one again: what was "seen" then lies in its future and counts for nothing. */
async function readBacklog(key) {
  const all = await api.messages(key, 0);
  if (Math.max(0, ...all.map((message) => message.seq)) < (seen[key] ?? 0)) delete seen[key];
  const last = seen[key] ?? 0;
  for (const message of all) if (message.seq <= last) whatIsNew(key, message);
  take(key, all.filter((message) => message.seq > last), false);
  return all.filter((message) => message.from === "bot").map((message) => ({ person: key, message }));
}

function take(key, messages, aloud) {
  const unread = (state.unread[key] ??= {});
  for (const message of messages) {
    seen[key] = Math.max(seen[key] ?? 0, message.seq);
    const novelty = whatIsNew(key, message);
    if (message.from !== "bot" || !novelty) continue;
    if (novelty === "new") unread[message.platform] = (unread[message.platform] ?? 0) + 1;
    if (aloud) emit("news", { person: key, message, novelty });
  }
  sessionStorage.setItem(SEEN, JSON.stringify(seen));
  if (messages.length) emit("unread");
  emit("chats", key);
}

/** What this person was told since the page last looked: counted, and said in the ticker. */
async function readNews(key) {
  if (running.has(key)) return running.add(`${key} again`);
  running.add(key);
  try {
    take(key, await api.messages(key, seen[key] ?? 0), true);
  } finally {
    running.delete(key);
    if (running.delete(`${key} again`)) readNews(key).catch(() => {});
  }
}

async function readPeople() {
  state.people = await api.people();
  emit("people");
}

async function readConfig() {
  const config = await api.config();
  const changed = JSON.stringify(config) !== JSON.stringify(state.config);
  state.config = config;
  if (changed) emit("config");
}

async function readAll() {
  await Promise.all([readPeople(), readConfig()]);
  for (const topic of ["traffic", "faults", "clock", "chats-all"]) emit(topic);
}

const due = new Map();

/** Many events at once become one reading. */
function soon(name, wait, read) {
  if (due.has(name)) return;
  due.set(name, setTimeout(() => {
    due.delete(name);
    Promise.resolve(read()).catch(() => {});
  }, wait));
}

/** Reads everything anew: at the start, after a reset, and after the sandbox was away. */
async function begin() {
  emit("reset");
  await readAll();
  const told = [];
  for (const person of state.people.slice(0, FEW)) told.push(...(await readBacklog(person.key).catch(() => [])));
  told.sort((a, b) => a.message.seq - b.message.seq);
  for (const news of told.slice(-FEW_NEWS)) emit("news", news);
}

function forget() {
  for (const key of Object.keys(seen)) delete seen[key];
  words.clear();
  state.unread = {};
  emit("unread");
  soon("all", 50, begin);
}

const KINDS = {
  person: () => soon("people", 80, readPeople),
  clock: () => emit("clock"),
  reset: forget,
};

function hear(event) {
  KINDS[event.kind]?.();
  for (const key of event.people) {
    if (findPerson(key)) soon(`news ${key}`, 60, () => readNews(key));
    else soon("people", 80, readPeople);
  }
  soon("traffic", 150, () => emit("traffic"));
}

on("people-stale", () => soon("people", 50, readPeople));

/** `showConnection("live" | "polling" | "lost")`. */
export async function goLive(showConnection) {
  let live = false;
  let before = false;
  function listen() {
    const events = new EventSource("/control/events");
    events.onopen = () => {
      live = true;
      showConnection("live");
      if (before) begin().catch(() => {});
      before = true;
    };
    events.onmessage = (message) => hear(JSON.parse(message.data));
    events.onerror = () => {
      live = false;
      showConnection("lost");
      // A new stream instead of the browser's own retry: that one would ask a restarted sandbox for numbers it never gave.
      events.close();
      setTimeout(listen, RETRY_AFTER);
    };
  }
  listen();
  setInterval(async () => {
    try {
      await readConfig();
      for (const topic of ["traffic", "faults"]) emit(topic);
      if (live) return;
      showConnection("polling");
      await readPeople();
      for (const key of state.watched) readNews(key).catch(() => {});
    } catch {
      showConnection("lost");
    }
  }, POLL_EVERY);
  await begin();
}
