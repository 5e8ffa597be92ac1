import { append, el } from "./dom.js";
import { attachment, keyboard, location, photo, quoted, stamp } from "./parts.js";
import { fromHtml, paragraph, plainText } from "./richtext.js";

const isReply = (button) => /reply/.test(button.kind ?? "") || button.request_location;

export const telegram = {
  title: (chat) => [chat.name, chat.private ? "bot" : `group, ${chat.members?.length ?? "several"} members`],

  message(message, { mine, chat, press }) {
    const text = message.html ? fromHtml(message.html) : message.text && plainText(message.text);
    const bare = (message.photo || message.location) && !text;
    const bubble = append(el("div.bubble" + (bare ? ".bare" : "")), [
      !chat.private && !mine && el("b.author", {}, message.name),
      quoted(message), photo(message), location(message), attachment(message), text && paragraph(text), stamp(message),
    ]);
    return el("div.stack", {}, bubble, keyboard((message.buttons ?? []).filter((button) => !isReply(button)), press));
  },

  /** A reply keyboard belongs to the chat, not to a message: the newest one stays under the messages. */
  footer(chat, { press }) {
    const newest = chat.messages.findLast((message) => message.from === "bot" && (message.buttons ?? []).some(isReply));
    const gone = newest && chat.messages.some((m) => m.keyboard_removed && m.seq > newest.seq);
    if (!newest || gone) return null;
    return el("div.reply-keyboard", {}, keyboard(newest.buttons.filter(isReply).map((b) => ({ ...b, message: newest })), press));
  },

  gate(person, act) {
    if (person.blocked_telegram) return el("button.gate", { onclick: () => act("unblock") }, "UNBLOCK BOT");
    if (person.started === false) return el("button.gate", { onclick: () => act("start", {}) }, "START");
    return null;
  },

  empty: "No messages here yet. Write something, or send /start with a code.",
  placeholder: "Message",
};
