import { append, avatar, el } from "./dom.js";
import { icon } from "./icons.js";
import { drawBlocks } from "./blocks.js";
import { attachment, keyboard, location, photo, reactions } from "./parts.js";
import { fromSlack } from "./richtext.js";
import { state } from "./store.js";
import { hourMinute } from "./time.js";

export function nameOf(id) {
  if (id === (state.config.slack?.bot_user_id ?? "U0BOT")) return "Callboard";
  return state.people.find((person) => person.slack_id === id)?.name;
}

export const say = (text) => fromSlack(text, nameOf);

export const slack = {
  title: (chat) => [chat.private ? chat.name : `# ${chat.name}`, chat.private ? "direct message" : "channel"],

  message(message, { press, openThread, thread }) {
    const words = message.blocks?.length
      ? drawBlocks(message.blocks, { say, press })
      : message.text && append(el("div.text", { dir: "auto" }), say(message.text));
    const count = message.reply_count ?? 0;
    return append(el("div.post" + (message.ephemeral ? ".ephemeral" : "")), [
      avatar({ name: message.name, key: message.from }, ".square" + (message.from === "bot" ? ".bot" : "")),
      append(el("div.post-body"), [
        message.ephemeral && el("span.only-you", {}, icon("eye"), "Only visible to you"),
        el("div.byline", {}, el("b", {}, message.name), message.from === "bot" && el("span.tag", {}, "app"),
          el("span.stamp", {}, hourMinute(message.at), message.edited && " (edited)")),
        words, photo(message), location(message), attachment(message),
        !message.blocks?.length && keyboard(message.buttons ?? [], press),
        reactions(message),
        count > 0 && !thread && el("button.replies-link", { onclick: () => openThread(message) },
          icon("thread"), count === 1 ? "1 reply" : `${count} replies`),
      ]),
    ]);
  },

  footer: () => null,
  gate: () => null,
  empty: "Nothing here yet. Write to the app, or type /callboard help.",
  placeholder: "Message, or /callboard …",
};
