import { append, el } from "./dom.js";
import { icon } from "./icons.js";
import { sandboxNow } from "./clock.js";
import { openMenu } from "./menu.js";
import { attachment, failure, location, photo, pressable, quoted, reactions, stamp, ticks } from "./parts.js";
import { fromWhatsApp, paragraph } from "./richtext.js";
import { instant, span } from "./time.js";

function listMenu(message, press) {
  if (!message.menu?.length) return null;
  const open = (event) => {
    let section = null;
    const rows = message.menu.flatMap((entry) => {
      const title = entry.section && entry.section !== section ? el("h5", {}, (section = entry.section)) : [];
      return [title, { label: entry.label ?? entry.title, note: entry.description, run: () => press(entry) }].flat();
    });
    openMenu(event.currentTarget, rows, message.menu_button ?? "Choose one");
  };
  return el("div.replies", {}, el("button.press", { onclick: open }, icon("list"), message.menu_button ?? "Choose"));
}

function replies(message, press) {
  if (!message.buttons?.length) return null;
  return el("div.replies", {}, message.buttons.map((button) => pressable(button, press)));
}

export const whatsapp = {
  title: (chat) => [chat.name, "business account"],

  notice(chat) {
    const left = chat.window_open_until ? instant(chat.window_open_until) - sandboxNow() : 0;
    return left > 0 ? { text: `24-hour window: ${span(left)} left` } : { text: "24-hour window closed: templates only", closed: true };
  },

  message(message, { mine, chat, press }) {
    const template = typeof message.template === "object" ? message.template : null;
    return append(el("div.bubble"), [
      message.template && el("span.tag", { title: `Template ${template?.name ?? message.template}` }, "template"),
      template?.header && el("b.author", {}, template.header),
      quoted(message, chat), photo(message), location(message), attachment(message),
      message.text && paragraph(fromWhatsApp(message.text)),
      template?.footer && el("small.foot", {}, template.footer),
      message.footer && el("small.foot", {}, message.footer),
      // The person sees no ticks on what they receive; here they tell how far the program's message came.
      stamp(message, ticks(message)),
      failure(message), reactions(message),
      mine ? null : [replies(message, press), listMenu(message, press)],
    ]);
  },

  footer: () => null,
  gate: (person) => (person.whatsapp_on === false ? el("div.gate", {}, "Not on WhatsApp at the moment") : null),
  empty: "No messages here yet. The person writes first, or the program sends a template.",
  placeholder: "Message",
};
