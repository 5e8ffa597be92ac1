// Where a person can say they are.
import { el } from "./dom.js";
import { state } from "./store.js";

const SOMEWHERE = { name: "the sample branch", latitude: 52.52192, longitude: 13.41321 };
const TWO_KILOMETRES = 2 / 111.32; // degrees of latitude

const WRITTEN = /(-?\d{1,2}\.\d{4,}), ?(-?\d{1,3}\.\d{4,})/;

function placeIn({ from, location, text }) {
  if (from !== "bot") return null;
  const [, latitude, longitude] = WRITTEN.exec(text ?? "") ?? [];
  return location ?? (latitude && { name: "as the program wrote", latitude, longitude });
}

/** The branch the program last showed in this chat, as a place or in numbers, else the places it told the sandbox, else a made-up one. */
function branch(chat) {
  const shown = (chat?.messages ?? []).map(placeIn).findLast(Boolean);
  return shown ?? state.config.places?.[0] ?? SOMEWHERE;
}

/** Menu items; `send({latitude, longitude, live?})`. */
export function placeItems(platform, chat, send) {
  const at = branch(chat);
  const here = { latitude: Number(at.latitude), longitude: Number(at.longitude) };
  const away = { latitude: here.latitude + TWO_KILOMETRES, longitude: here.longitude };
  const others = (state.config.places ?? []).filter((place) => place.name !== at.name).slice(0, 4);
  const item = (label, note, place) => ({ icon: "place", label, note, run: () => send(place) });
  return [
    item("At the branch", at.name ?? at.title, here),
    item("2 km away", "north of it", away),
    ...others.map(({ name, latitude, longitude }) => item(name, "", { latitude, longitude })),
    platform === "telegram" && item("Live for 15 minutes", "at the branch", { ...here, live: 900 }),
    numbers(here, send),
  ].filter(Boolean);
}

function numbers(here, send) {
  const field = (label, value, most) =>
    el("input", { type: "number", step: "any", min: -most, max: most, required: true, value: value.toFixed(5), ariaLabel: label });
  const latitude = field("Latitude", here.latitude, 90);
  const longitude = field("Longitude", here.longitude, 180);
  const form = el("form.numbers", {}, latitude, longitude, el("button.press", { type: "submit" }, "Send"));
  form.onsubmit = (event) => {
    event.preventDefault();
    form.closest("[popover]").hidePopover();
    send({ latitude: latitude.valueAsNumber, longitude: longitude.valueAsNumber });
  };
  return form;
}
