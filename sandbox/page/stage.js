// The middle: a strip of phones for the chosen person, and one for everybody who is watched beside them.
import * as api from "./api.js";
import { avatar, el } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { createPanel } from "./panel.js";
import { placeOf, roleName } from "./people.js";
import { PLATFORMS, findPerson, markRead, on, platformsOf, state, togglePin } from "./store.js";

function candidates() {
  const note = (person) => [roleName(person), placeOf(person)].filter(Boolean).join(" · ");
  return state.people
    .filter((person) => !state.watched.includes(person.key))
    .map((person) => ({ icon: "pin", label: person.name, note: note(person), run: () => togglePin(person.key) }));
}

const CHOOSE = "Choose somebody on the left to see their phone.";
const WAIT = "Waiting for the program to register its people…";

function createStrip(person) {
  const has = platformsOf(person);
  const panels = new Map(has.map((platform) => [platform, createPanel(platform, person)]));
  const missing = Object.keys(PLATFORMS).filter((platform) => !has.includes(platform));
  const close = el("button.quiet.square", { title: "Stop watching", onclick: () => togglePin(person.key) }, icon("close"));
  const openBeside = () => openMenu(beside, candidates(), "Watch beside");
  const beside = el("button.quiet.beside", { title: "See two people at once", onclick: openBeside },
    icon("pin"), el("span", {}, "Watch somebody beside"));
  const subtitle = [roleName(person), person.unit].filter(Boolean).join(" · ");
  const node = el("section.strip", { "aria-label": person.name, dataset: { person: person.key } },
    el("header", {}, avatar(person), el("div.who", {}, el("b", {}, person.name), el("small", {}, subtitle)), beside, close),
    el("div.phones", {}, [...panels.values()].map((panel) => panel.node),
      missing.map((platform) => el("div.absent", {}, el("span", {}, `Not on ${PLATFORMS[platform].name}`)))));
  node.style.setProperty("--phones", Math.max(1, has.length));
  return { node, panels, has: has.join() };
}

export function mountStage(root) {
  const strips = new Map();
  const waiting = new Map();

  async function refresh(key) {
    if (waiting.has(key)) return waiting.set(key, "again");
    waiting.set(key, "running");
    try {
      const chats = await api.chats(key);
      const [strip, person] = [strips.get(key), findPerson(key)];
      if (strip && person) for (const [platform, panel] of strip.panels) {
        const list = chats[platform] ?? [];
        panel.update(list, person, platform === "slack" ? chats.modal : null);
        if (document.hasFocus()) markRead(key, platform);
      }
    } catch {
      // The connection dot says it already, and the next event or poll comes here again.
    } finally {
      const again = waiting.get(key) === "again";
      waiting.delete(key);
      if (again) refresh(key);
    }
  }

  function arrange() {
    state.watched = state.watched.filter(findPerson);
    for (const [key, strip] of strips) {
      const person = findPerson(key);
      if (state.watched.includes(key) && person && platformsOf(person).join() === strip.has) continue;
      strip.node.remove();
      strips.delete(key);
    }
    for (const key of state.watched) {
      if (!strips.has(key)) strips.set(key, createStrip(findPerson(key)));
      const [node, place] = [strips.get(key).node, root.children[state.watched.indexOf(key)] ?? null];
      if (node !== place) root.insertBefore(node, place);
      refresh(key);
    }
    root.querySelector(":scope > .welcome")?.remove();
    if (!state.watched.length) root.append(el("div.welcome", {}, icon("chat"), el("p", {}, state.people.length ? CHOOSE : WAIT)));
    root.classList.toggle("several", state.watched.length > 1);
  }

  on("watched", arrange);
  on("people", arrange);
  on("chats", (key) => strips.has(key) && refresh(key));
  setInterval(() => strips.forEach((strip) => strip.panels.forEach((panel) => panel.tick())), 15000);
  return {
    /** Shows one platform of a person; `text` is put into the composer of their own chat with the program, where the answer stands. */
    show(key, platform, text) {
      const panel = strips.get(key)?.panels.get(platform);
      if (!panel) return;
      panel.flash();
      panel.showNewest(text !== undefined);
      if (text !== undefined) panel.fill(text);
    },
    refreshAll: () => state.watched.forEach(refresh),
  };
}
