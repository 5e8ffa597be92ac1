import { append, el } from "./dom.js";
import { icon } from "./icons.js";
import { sandboxNow } from "./clock.js";
import { openMenu } from "./menu.js";
import { attachment, failure, location, photo, pressable, quoted, reactions, stamp, ticks } from "./parts.js";
import { fromWhatsApp, paragraph } from "./richtext.js";
import { instant, span } from "./time.js";

/** A list message shows one button that opens its rows. */
function listMenu(message, rows, press) {
  const action = message.vendor?.interactive?.action ?? {};
  const sectionOf = (row) => action.sections?.find((section) => section.rows.some((other) => other.id === row.data))?.title;
  const title = action.button ?? "Choose";
  const open = (event) => {
    let section = null;
    const items = rows.flatMap((row) => {
      const heading = sectionOf(row);
      const begins = heading && heading !== section;
      section = heading;
      return [...(begins ? [el("h5", {}, heading)] : []), { label: row.label, note: row.description, run: () => press(row) }];
    });
    openMenu(event.currentTarget, items, title);
  };
  return el("button.press", { onclick: open }, icon("list"), title);
}

function replies(message, press) {
  const rows = (message.buttons ?? []).filter((button) => button.kind === "list");
  const buttons = (message.buttons ?? []).filter((button) => button.kind !== "list");
  if (!rows.length && !buttons.length) return null;
  return el("div.replies", {}, buttons.map((button) => pressable(button, press)), rows.length > 0 && listMenu(message, rows, press));
}

export const whatsapp = {
  title: (chat) => [chat.name, "business account"],

  notice(chat) {
    const left = chat.window_open_until ? instant(chat.window_open_until) - sandboxNow() : 0;
    return left > 0 ? { text: `24-hour window: ${span(left)} left` } : { text: "24-hour window closed: templates only", closed: true };
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
