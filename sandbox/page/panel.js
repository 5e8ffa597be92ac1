// One phone: the chats of one person on one platform.
import * as api from "./api.js";
import { append, el, keyed } from "./dom.js";
import { icon } from "./icons.js";
import { createComposer } from "./composer.js";
import { toast } from "./menu.js";
import { drawModal } from "./modal.js";
import { slack } from "./slack.js";
import { PLATFORMS, emit, markRead } from "./store.js";
import { telegram } from "./telegram.js";
import { day } from "./time.js";
import { whatsapp } from "./whatsapp.js";

const LOOKS = { telegram, slack, whatsapp };
const CHANGING_PERSON = new Set(["start", "block", "unblock"]);
const MOST_SHOWN = 200;
const newestSeq = (chat) => chat.messages.reduce((most, message) => Math.max(most, message.seq ?? 0), 0);

/** What names this button among all of its message: its payload, else its action, else what it says. */
function handle(button, message) {
  const all = [...(message.buttons ?? []), ...(message.menu ?? [])];
  const alone = (field) => button[field] && all.filter((other) => other[field] === button[field]).length === 1;
  if (alone("data")) return { data: button.data };
  if (alone("action_id")) return { data: button.action_id };
  return { label: button.label };
}

export function createPanel(platform, person) {
  const look = LOOKS[platform];
  let chats = [];
  let chosen = null;
  let thread = null; // id of the message whose thread is open
  const seen = new Map();
  let toasted = null;

  const act = async (action, body) => {
    stuck = true;
    try {
      const answer = await api.act(person.key, platform, action, body);
      if (CHANGING_PERSON.has(action)) emit("people-stale");
      return answer ?? {};
    } catch (refusal) {
      if (refusal.body?.errors) return refusal.body;
      toast(`${PLATFORMS[platform].name}: ${refusal.message}`, "bad");
      return null;
    }
  };
  const here = () => ({ chat: current(), thread: thread ?? undefined });
  const current = () => chats.find((chat) => chat.id === chosen);
  let ownFirst = false; // the person's own chat with the program, whatever is new elsewhere
  const newestChat = () => {
    const sorted = [...chats].sort((a, b) => newestSeq(b) - newestSeq(a));
    return (ownFirst && sorted.find((chat) => chat.private)) || sorted[0];
  };

  const title = el("div.title");
  const tabs = el("div.tabs", { role: "tablist" });
  const list = el("div.messages", { role: "log", tabIndex: 0, "aria-label": `${person.name} on ${PLATFORMS[platform].name}` });
  const below = el("button.below", { hidden: true, title: "To the newest" }, icon("down"));
  const notice = el("div.notice");
  const footer = el("div.footer");
  const gate = el("div.gate-box");
  const modal = el("div.modal-box", { hidden: true });
  const composer = createComposer({ platform, person, placeholder: look.placeholder, here, act });
  const node = el(`section.phone.${platform}`, { dataset: { platform }, "aria-label": PLATFORMS[platform].name },
    el("header", {}, el("span.mark", {}, PLATFORMS[platform].name), title), notice,
    el("div.inside", {}, tabs, el("div.talk", {}, el("div.scroll", {}, list, below), footer, gate, composer.node)), modal);

  let stuck = true; // the newest message stays in sight while pictures arrive and the phone changes its size
  const atBottom = () => list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  const toBottom = () => (list.scrollTop = list.scrollHeight);
  below.onclick = toBottom;
  list.onscroll = () => (below.hidden = stuck = atBottom());
  const stay = () => stuck && toBottom();
  list.addEventListener("load", stay, true);
  new ResizeObserver(stay).observe(list);
  node.addEventListener("pointerdown", () => markRead(person.key, platform));
  node.addEventListener("focusin", () => markRead(person.key, platform));

  async function press(message, button, anchor) {
    if (button.kind === "location") return composer.pickPlace(anchor, message?.id);
    const room = current().private ? {} : { room: current().id };
    anchor?.classList.add("pressed");
    if (button.kind === "text") await act("say", { text: button.label, ...room });
    else await act("press", { ...handle(button, message), message_id: message.id, ...room });
    anchor?.classList.remove("pressed");
  }

  function openThread(message) {
    thread = message.thread ?? message.id;
    draw();
    toBottom();
    composer.fill("");
  }

  function tools(message, mine) {
    const tool = (name, title, onclick) => el("button", { title, onclick }, icon(name));
    if (platform === "slack") {
      const open = !thread && !message.ephemeral;
      return el("div.message-tools", {}, open && tool("thread", "Reply in thread", () => openThread(message)));
    }
    return el("div.message-tools", {}, tool("reply", "Reply", () => composer.reply(message)),
      mine && message.text && tool("edit", "Edit", () => composer.edit(message)));
  }

  function drawMessage(message, changed) {
    if (message.dayMark) return el("div.day", {}, message.dayMark);
    const mine = message.from === person.key;
    const bound = { mine, chat: current(), thread, openThread, press: (button, anchor) => press(message, button, anchor) };
    const direction = mine ? ".mine" : ".theirs";
    return el("article.message" + direction + (changed && message.edited ? ".changed" : ""), { dataset: { message: message.id } },
      look.message(message, bound), tools(message, mine));
  }

  function shown(chat) {
    const wanted = chat.messages.filter((message) =>
      thread ? message.thread === thread || message.id === thread : !message.thread || message.thread === message.id);
    const marked = [];
    let previous = null;
    for (const message of wanted.slice(-MOST_SHOWN)) {
      if (day(message.at) !== previous) marked.push({ id: `day ${day(message.at)}`, dayMark: (previous = day(message.at)) });
      marked.push(message);
    }
    return marked;
  }

  function draw() {
    const chat = current();
    drawTabs();
    title.replaceChildren(...(chat ? titleOf(chat) : [el("b", {}, "No chat yet")]));
    gate.replaceChildren(...[look.gate(person, act)].filter(Boolean));
    composer.node.hidden = gate.childElementCount > 0;
    drawNotice();
    composer.ask(thread ? "Reply in the thread" : look.placeholder);
    if (!chat) return keyed(list, [], String, String, el);
    seen.set(chat.id, newestSeq(chat));
    const scope = `${chat.id}/${thread ?? ""}`;
    const fresh = list.dataset.scope !== scope;
    if (fresh) list.replaceChildren();
    list.dataset.scope = scope;
    list.classList.toggle("empty", !chat.messages.length);
    list.dataset.empty = look.empty;
    keyed(list, shown(chat), (message) => message.id, (message) => message.seq, drawMessage);
    const keys = look.footer(chat, { press: (button, anchor) => press(null, button, anchor) });
    footer.replaceChildren(...[keys].filter(Boolean));
    if (stuck || fresh) toBottom();
    below.hidden = atBottom();
  }

  function drawNotice() {
    const { text, closed } = (current() && look.notice?.(current())) ?? {};
    notice.textContent = text ?? "";
    notice.classList.toggle("closed", Boolean(closed));
  }

  function titleOf(chat) {
    const [name, note] = look.title(chat);
    if (thread) return [el("button.back", { onclick: () => ((thread = null), draw()) }, icon("back"), "Thread"), el("small", {}, name)];
    return [el("b", {}, name), el("small", {}, note)];
  }

  function drawTabs() {
    tabs.hidden = chats.length < 2;
    tabs.replaceChildren(...chats.map((chat) => {
      const news = chat.id !== chosen && newestSeq(chat) > (seen.get(chat.id) ?? 0);
      return el("button" + (news ? ".news" : ""), {
        role: "tab", ariaSelected: String(chat.id === chosen), onclick: () => ((chosen = chat.id), (thread = null), draw()),
      }, platform === "slack" && !chat.private ? icon("hash") : null, el("span", {}, chat.name));
    }));
  }

  /** Telegram's answers to a pressed button; those given before the page looked are old news. */
  function showToasts() {
    const all = chats.flatMap((chat) => chat.toasts ?? []).filter((one) => one.person === person.key);
    if (toasted !== null) for (const one of all) if (one.seq > toasted && one.text) toast(one.text);
    toasted = Math.max(toasted ?? 0, ...all.map((one) => one.seq));
  }

  function drawView(view) {
    const version = view ? view.id + JSON.stringify(view.blocks) : "";
    if (modal.dataset.version === version) return;
    modal.dataset.version = version;
    modal.hidden = !view;
    modal.replaceChildren(...(view ? [drawModal(view, act)] : []));
    modal.querySelector("input, textarea, select")?.focus();
  }

  return {
    node,
    update(now, whose, view) {
      chats = now;
      person = whose;
      if (!current()) chosen = newestChat()?.id ?? null;
      draw();
      drawView(view);
      showToasts();
    },
    tick: drawNotice,
    fill: composer.fill,
    flash() {
      node.scrollIntoView({ block: "nearest", inline: "center", behavior: "smooth" });
      node.classList.remove("flash");
      requestAnimationFrame(() => node.classList.add("flash"));
    },
    showNewest(own = false) {
      ownFirst = own;
      const newest = newestChat();
      if (newest && newest.id !== chosen) ((chosen = newest.id), (thread = null), draw());
      toBottom();
    },
  };
}
