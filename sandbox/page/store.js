// What the page knows, and who wants to hear of changes.

export const PLATFORMS = {
  telegram: { name: "Telegram" },
  slack: { name: "Slack" },
  whatsapp: { name: "WhatsApp" },
};

export const state = {
  people: [],
  config: {},
  watched: [], // person keys on the stage: the chosen one first, pinned ones after it
  unread: {}, // {person: {platform: count}}
};

const listeners = new Map();

export function on(topic, listener) {
  if (!listeners.has(topic)) listeners.set(topic, []);
  listeners.get(topic).push(listener);
}

export function emit(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

export const findPerson = (key) => state.people.find((person) => person.key === key);
/** Addresses that nobody gave are made up by the sandbox, all from the one number in `bsuid`; they do not count. */
export function platformsOf(person) {
  if (person.platforms) return person.platforms;
  const number = Number(person.bsuid?.slice(3));
  const madeUp = {
    telegram: person.telegram_id === 100_000_000 + number,
    slack: person.slack_id === `U${String(number).padStart(9, "0")}`,
    whatsapp: person.whatsapp_id === `99${String(number).padStart(9, "0")}`,
  };
  const given = Object.keys(PLATFORMS).filter((platform) => !madeUp[platform]);
  return given.length ? given : Object.keys(PLATFORMS);
}

const MOST_WATCHED = 4;

export function choose(key) {
  state.watched = [key, ...state.watched.slice(1).filter((other) => other !== key)];
  emit("watched", key);
}

export function togglePin(key) {
  if (state.watched.includes(key)) state.watched = state.watched.filter((other) => other !== key);
  else state.watched = [...state.watched, key].slice(0, MOST_WATCHED);
  emit("watched", key);
}

export function markRead(key, platform) {
  if (!state.unread[key]?.[platform]) return;
  state.unread[key][platform] = 0;
  emit("unread");
}
