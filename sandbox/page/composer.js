import { el } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { placeItems } from "./places.js";

/** `here()` -> {chat, thread}; `act(action, body)` does it as the person. */
export function createComposer({ platform, person, placeholder, here, act }) {
  const box = el("textarea", { rows: 1, placeholder, "aria-label": `Message as ${person.name} on ${platform}` });
  const file = el("input", { type: "file", accept: "image/*", hidden: true });
  const about = el("div.about", { hidden: true });
  const send = el("button.send", { type: "submit", title: "Send (Enter)" }, icon("send"));
  const attach = el("button.quiet.square", { type: "button", title: "Photo, location and more" }, icon("attach"));
  const form = el("form.composer", {}, about, el("div.line", {}, attach, box, send), file);
  let subject = null; // {kind: "reply" | "edit", message}

  const room = () => {
    const { chat, thread } = here();
    return { ...(chat && !chat.private ? { room: chat.id } : {}), ...(thread ? { thread } : {}) };
  };
  const grow = () => {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 130)}px`;
  };
  const setSubject = (kind, message) => {
    subject = message ? { kind, message } : null;
    about.hidden = !message;
    about.replaceChildren(
      icon(kind === "edit" ? "edit" : "reply"), el("span", {}, message ? message.text || "Photo" : ""),
      el("button.quiet.square", { type: "button", title: "Cancel", onclick: () => setSubject() }, icon("close")));
    if (kind === "edit") fill(message.text);
    else box.focus();
  };
  function fill(text) {
    box.value = text;
    grow();
    box.focus();
  }
  const request = (text) => {
    if (subject?.kind === "edit") return ["edit", { message_id: subject.message.id, text, ...room() }];
    const start = platform === "telegram" && /^\/start(?:\s+(\S+))?$/.exec(text);
    if (start) return ["start", start[1] ? { payload: start[1] } : {}];
    const slash = platform === "slack" && !here().thread && /^(\/\S+)\s*([\s\S]*)$/.exec(text);
    if (slash) return ["command", { command: slash[1], text: slash[2], ...room() }];
    const mention = platform === "slack" && /^@callboard\b[\s,:]*/i.exec(text);
    const body = { text: mention ? text.slice(mention[0].length) : text, ...room() };
    if (mention) body.mention = true;
    if (subject) body.reply_to = subject.message.id;
    return ["say", body];
  };
  form.onsubmit = async (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (!text) return;
    const [action, body] = request(text);
    fill("");
    setSubject();
    if (!(await act(action, body))) fill(text);
  };
  box.oninput = grow;
  box.onkeydown = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Escape" && subject) setSubject();
  };
  file.onchange = async () => {
    const body = new FormData();
    body.append("file", file.files[0]);
    file.value = "";
    for (const [name, value] of Object.entries({ ...caption(), ...room() })) body.append(name, value);
    await act("photo", body);
  };
  const caption = () => {
    const text = box.value.trim();
    fill("");
    return text ? { caption: text } : {};
  };
  /** `answered` is the id of the message that asked for it. */
  const pickPlace = (anchor, answered) => {
    const more = answered ? { reply_to: answered } : {};
    const send = (place) => act("location", { ...place, ...more, ...room() });
    openMenu(anchor, placeItems(platform, here().chat, send), "Send a location");
  };

  const sendPhoto = (more) => act("photo", { ...more, ...caption(), ...room() });
  attach.onclick = () => openMenu(attach, [
    { icon: "photo", label: "Made-up photo", note: "what is typed becomes the caption", run: () => sendPhoto({}) },
    platform !== "slack" && { icon: "photo", label: "Three photos at once", run: () => sendPhoto({ album: 3 }) },
    { icon: "plus", label: "Upload a photo…", run: () => file.click() },
    platform !== "slack" && { icon: "place", label: "Location…", run: () => pickPlace(attach) },
    { icon: "file", label: "Document", run: () => act("document", room()) },
    platform !== "slack" && { icon: "voice", label: "Voice note", run: () => act("voice", room()) },
    platform === "telegram" && { icon: "bolt", label: "Start with a code", note: "from an invitation", run: () => fill("/start ") },
    platform === "telegram" && { icon: "stop", label: "Block the bot", run: () => act("block", {}) },
    platform === "whatsapp" && { icon: "ticks", label: "Mark everything as read", run: () => act("read", {}) },
    platform === "slack" && { icon: "bolt", label: "Slash command", run: () => fill("/callboard ") },
    platform === "slack" && { icon: "people", label: "Mention the app", run: () => fill("@callboard ") },
  ].filter(Boolean));

  const ask = (words) => (box.placeholder = words);
  const reply = (message) => setSubject("reply", message);
  const edit = (message) => setSubject("edit", message);
  return { node: form, fill, ask, reply, edit, pickPlace };
}
