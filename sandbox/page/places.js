// Where a person can say they are.
import { el } from "./dom.js";
import { state } from "./store.js";

const SOMEWHERE = { name: "the sample branch", latitude: 52.52192, longitude: 13.41321 };
const TWO_KILOMETRES = 2 / 111.32; // degrees of latitude

/** The branch the program last showed in this chat, else the places it told the sandbox, else a made-up one. */
function branch(chat) {
  const shown = chat?.messages.findLast((message) => message.from === "bot" && message.location)?.location;
  return shown ?? state.config.places?.[0] ?? SOMEWHERE;
}

/** Menu items; `send({latitude, longitude, live?})`. */
export function placeItems(platform, chat, send) {
  const at = branch(chat);
  const here = { latitude: Number(at.latitude), longitude: Number(at.longitude) };
  const away = { latitude: here.latitude + TWO_KILOMETRES, longitude: here.longitude };
  const others = (state.config.places ?? []).filter((place) => place.name !== at.name).slice(0, 4);
  return [
    { icon: "place", label: "At the branch", note: at.name, run: () => send(here) },
    { icon: "place", label: "2 km away", note: "north of it", run: () => send(away) },
    ...others.map((place) => ({ icon: "place", label: place.name, run: () => send({ latitude: place.latitude, longitude: place.longitude }) })),
    platform === "telegram" && { icon: "pulse", label: "Live for 15 minutes", note: "at the branch", run: () => send({ ...here, live: 900 }) },
    numbers(here, send),
  ].filter(Boolean);
}

function numbers(here, send) {
  const latitude = el("input", { type: "number", step: "any", min: -90, max: 90, required: true, value: here.latitude.toFixed(5), ariaLabel: "Latitude" });
  const longitude = el("input", { type: "number", step: "any", min: -180, max: 180, required: true, value: here.longitude.toFixed(5), ariaLabel: "Longitude" });
  const form = el("form.numbers", {}, latitude, longitude, el("button.press", { type: "submit" }, "Send"));
  form.onsubmit = (event) => {
    event.preventDefault();
    form.closest("[popover]").hidePopover();
    send({ latitude: latitude.valueAsNumber, longitude: longitude.valueAsNumber });
  };
  return form;
}
