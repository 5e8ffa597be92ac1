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
  const address = message.document ?? message.voice;
  if (!address) return null;
  const name = message.voice ? "Voice note" : decodeURIComponent(address.split("/").at(-1));
  return el("a.attachment", { href: address, target: "_blank", rel: "noopener" }, icon(message.voice ? "voice" : "file"), name);
}

export function location(message) {
  const at = message.location;
  if (!at) return null;
  const [latitude, longitude] = [Number(at.latitude), Number(at.longitude)];
  return el("div.location", {},
    el("div.map", {}, icon("place")),
    el("div.where", {}, (at.name ?? at.title) && el("b", {}, at.name ?? at.title), at.address && el("span", {}, at.address),
      el("small", {}, `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`), at.live_period && el("small.live", {}, "live")));
}

/** `quoted` is the id of a message of the same chat. */
export function quoted(message, chat) {
  const original = message.quoted && chat.messages.find((other) => other.id === message.quoted);
  if (!original) return null;
  return el("div.quoted", {}, el("b", {}, original.name), el("span", {}, clip(original.text || "Photo", 120)));
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

export function reactions(message) {
  const given = Object.entries(message.reactions ?? {}).filter(([, people]) => people.length);
  return given.length > 0 && el("div.reactions", {}, given.map(([name, people]) => el("span", {}, `${name} ${people.length}`)));
}

/** Why the platform did not deliver it. */
export function failure(message) {
  if (!message.error) return null;
  const { code, title, message: words, error_data: data } = message.error;
  return el("small.failure", {}, `Not delivered: ${[code, data?.details ?? title ?? words].filter(Boolean).join(" ")}`);
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
  const address = button.url ?? (button.kind === "url" ? button.data : null);
  if (address) return el("a.press" + look, { href: address, target: "_blank", rel: "noopener noreferrer" }, button.label, " ↗");
  return el("button.press" + look, { onclick: (event) => press(button, event.currentTarget) }, button.label);
}
