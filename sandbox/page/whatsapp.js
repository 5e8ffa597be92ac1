import { append, el } from "./dom.js";
import { icon } from "./icons.js";
import { sandboxNow } from "./clock.js";
import { openMenu } from "./menu.js";
import { attachment, failure, location, photo, pressable, quoted, reactions, stamp, ticks } from "./parts.js";
import { fromWhatsApp, paragraph } from "./richtext.js";
import { instant, span } from "./time.js";

/** A list message shows one button that opens its rows. */
function listMenu(rows, press) {
  const items = rows.map((row) => ({ label: row.label, note: row.description, run: () => press(row) }));
  return el("button.press", { onclick: (event) => openMenu(event.currentTarget, items, "Choose one") }, icon("list"), "Choose");
}

function replies(message, press) {
  const rows = (message.buttons ?? []).filter((button) => button.kind === "list");
  const buttons = (message.buttons ?? []).filter((button) => button.kind !== "list");
  if (!rows.length && !buttons.length) return null;
  return el("div.replies", {}, buttons.map((button) => pressable(button, press)),
    rows.length > 0 && listMenu(rows, press));
}

export const whatsapp = {
  title: (chat) => [chat.name, "business account"],

  notice(chat) {
    const left = chat.window_open_until ? instant(chat.window_open_until) - sandboxNow() : 0;
    if (left > 0) return { text: `24-hour window: ${span(left)} left` };
    return { text: "24-hour window closed: templates only", closed: true };
  },

  message(message, { mine, chat, press }) {
    return append(el("div.bubble"), [
      message.template && el("span.tag", { title: `Template ${message.template}` }, "template"),
      quoted(message, chat), photo(message), location(message), attachment(message),
      message.text && paragraph(fromWhatsApp(message.text)),
      // The person sees no ticks on what they receive; here they tell how far the program's message came.
      stamp(message, ticks(message)), failure(message), reactions(message),
      !mine && replies(message, press),
    ]);
  },

  footer: () => null,
  gate: (person) => (person.whatsapp_on === false ? el("div.gate", {}, "Not on WhatsApp at the moment") : null),
  empty: "No messages here yet. The person writes first, or the program sends a template.",
  placeholder: "Message",
};
