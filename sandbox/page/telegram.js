import { append, el } from "./dom.js";
import { attachment, keyboard, location, photo, quoted, reactions, stamp } from "./parts.js";
import { fromHtml, paragraph, plainText } from "./richtext.js";

export const telegram = {
  title: (chat) => [chat.name, chat.private ? "bot" : `group, ${chat.members?.length ?? "several"} members`],

  message(message, { mine, chat, press }) {
    const text = message.html ? fromHtml(message.html) : message.text && plainText(message.text);
    const bare = (message.photo || message.location) && !text;
    const bubble = append(el("div.bubble" + (bare ? ".bare" : "")), [
      !chat.private && !mine && el("b.author", {}, message.name),
      quoted(message, chat), photo(message), location(message), attachment(message),
      text && paragraph(text), stamp(message), reactions(message),
    ]);
    return el("div.stack", {}, bubble, keyboard(message.buttons ?? [], press));
  },

  /** A reply keyboard belongs to the chat, not to a message. */
  footer(chat, { press }) {
    return chat.menu?.length ? el("div.reply-keyboard", {}, keyboard(chat.menu, press)) : null;
  },

  gate(person, act) {
    if (person.blocked_telegram) return el("button.gate", { onclick: () => act("unblock") }, "UNBLOCK BOT");
    if (person.started === false) return el("button.gate", { onclick: () => act("start", {}) }, "START");
    return null;
  },

  empty: "No messages here yet. Write something, or send /start with a code.",
  placeholder: "Message",
};
