// Pieces of a message that look alike on every platform.
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { hourMinute } from "./time.js";

const clip = (text, length) => (text.length > length ? text.slice(0, length - 1) + "…" : text);

export function photo(message) {
  if (!message.photo) return null;
  return el("a.photo", { href: message.photo, target: "_blank", rel: "noopener" },
    el("img", { src: message.photo, alt: "Photo", loading: "lazy" }));
}

export function attachment(message) {
  const file = message.document ?? message.voice ?? message.file;
  if (!file) return null;
  const kind = message.voice ? "voice" : "file";
  const name = file.name ?? file.filename ?? file.file_name ?? (kind === "voice" ? "Voice note" : "Document");
  return el(file.url ? "a.attachment" : "span.attachment", { href: file.url, target: "_blank", rel: "noopener" }, icon(kind), name);
}

export function location(message) {
  const at = message.location;
  if (!at) return null;
  const [latitude, longitude] = [Number(at.latitude), Number(at.longitude)];
  return el("div.location", {},
    el("div.map", {}, icon("place")),
    el("div.where", {}, at.name && el("b", {}, at.name), at.address && el("span", {}, at.address),
      el("small", {}, `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`), (at.live ?? at.live_period) && el("small.live", {}, "live")));
}

export function quoted(message) {
  if (!message.quoted) return null;
  const { name, text } = message.quoted;
  return el("div.quoted", {}, el("b", {}, name ?? ""), el("span", {}, clip(text || "Photo", 120)));
}

const TICKS = {
  sent: ["tick", "Sent"], delivered: ["ticks", "Delivered"], read: ["ticks", "Read"], failed: ["close", "Not delivered"],
};

export function ticks(message) {
  const [name, title] = TICKS[message.status] ?? [];
  return name && el(`span.ticks.${message.status}`, { title }, icon(name));
}

export function stamp(message, ...more) {
  return el("span.stamp", {}, message.edited && "edited ", hourMinute(message.at), ...more);
}

/** Buttons in their rows; `press(button)` is called with the button as the control API gave it. */
export function keyboard(buttons, press) {
  if (!buttons.length) return null;
  const rows = groupRows(buttons);
  return el("div.keyboard", {}, [...rows.values()].map((row) => el("div.row", {}, row.map((button) => pressable(button, press)))));
}

function groupRows(buttons) {
  const rows = new Map();
  for (const button of buttons) rows.set(button.row ?? 0, [...(rows.get(button.row ?? 0) ?? []), button]);
  return rows;
}

export function pressable(button, press, look = "") {
  if (button.url) return el("a.press" + look, { href: button.url, target: "_blank", rel: "noopener noreferrer" }, button.label, " ↗");
  return el("button.press" + look, { onclick: (event) => press(button, event.currentTarget) }, button.label);
}
