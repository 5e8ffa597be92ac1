import { avatar, el } from "./dom.js";
import { icon } from "./icons.js";
import { PLATFORMS, choose, on, platformsOf, state, togglePin } from "./store.js";

const MOST_SHOWN = 300;
const NOBODY = "Nobody is here yet. People appear as soon as the program registers them.";
const ROLE_ORDER = ["dispatcher", "technician", "store_manager", "cluster_manager", "hr_manager", "agent", "team_lead",
  "owner", "admin"];
const ROLE_TITLES = {
  dispatcher: "Dispatchers", technician: "Technicians", store_manager: "Store managers",
  cluster_manager: "Cluster managers", hr_manager: "HR", agent: "Support agents", team_lead: "Team leads",
  owner: "Owners", admin: "Administrators", customer: "Customers",
};

export const roleName = (person) =>
  person.kind === "customer" ? "customer" : (person.role ?? "staff").replaceAll("_", " ");

/** A unit written "Client / Cluster / Branch" tells whose it is. */
const clientOf = (person) => (person.unit?.includes(" / ") ? person.unit.split(" / ")[0] : null);
export const placeOf = (person) => person.unit?.split(" / ").slice(1).join(" / ") || person.unit || "";

function groupKey(person) {
  if (person.kind === "customer") return "customer";
  return person.role ?? "staff";
}

function rank(role) {
  if (role === "customer") return 99;
  const index = ROLE_ORDER.indexOf(role);
  return index < 0 ? 50 : index;
}

/** [[title, people], ...]: the first client's people by role, their customers, then each other client in a group of its own. */
function grouped(people) {
  const home = people.map(clientOf).find(Boolean);
  const groups = new Map();
  for (const person of people) {
    const client = clientOf(person);
    const away = client && client !== home;
    const key = away ? client : groupKey(person);
    const title = away ? client : (ROLE_TITLES[key] ?? key.replaceAll("_", " "));
    if (!groups.has(key)) groups.set(key, { title, mixed: away, order: away ? 100 : rank(key), people: [] });
    groups.get(key).people.push(person);
  }
  return [...groups.values()].sort((a, b) => a.order - b.order);
}

function row(person, group) {
  const unread = state.unread[person.key] ?? {};
  const chosen = state.watched[0] === person.key;
  const pinned = state.watched.indexOf(person.key) > 0;
  const dots = platformsOf(person).map((platform) =>
    el(`span.dot.${platform}${unread[platform] ? ".count" : ""}`, {
      title: `${PLATFORMS[platform].name}${unread[platform] ? `: ${unread[platform]} unread` : ""}`,
    }, unread[platform] ? Math.min(unread[platform], 99) : ""));
  const subtitle = [group.mixed && roleName(person), placeOf(person)].filter(Boolean).join(" · ") || roleName(person);
  return el("li", {},
    el("button.person" + (chosen ? ".chosen" : "") + (pinned ? ".pinned" : ""), {
      dataset: { person: person.key }, "aria-current": chosen ? "true" : undefined, onclick: () => choose(person.key),
    },
      avatar(person),
      el("span.who", {}, el("b", {}, person.name), el("small", {}, subtitle)),
      el("span.dots", {}, dots)),
    !chosen && el("button.quiet.square.pin", {
      title: pinned ? "Stop watching" : "Watch beside the chosen person", onclick: () => togglePin(person.key),
    }, icon(pinned ? "close" : "pin")));
}

export function mountPeople(root) {
  const search = el("input", { type: "search", placeholder: "Search people", "aria-label": "Search people", id: "search" });
  const shortcut = el("kbd", {}, /Mac|iPhone/.test(navigator.platform) ? "⌘ K" : "Ctrl K");
  const list = el("div.groups");
  root.append(el("label.search", {}, icon("search"), search, shortcut), list);

  const draw = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (person) => {
      const text = [person.name, person.key, roleName(person), person.unit].join(" ").toLowerCase();
      return words.every((word) => text.includes(word));
    };
    const focused = document.activeElement?.dataset?.person;
    const shown = state.people.filter(fits);
    list.replaceChildren(...grouped(shown.slice(0, MOST_SHOWN)).map((group) =>
      el("section", {}, el("h2", {}, group.title), el("ul", {}, group.people.map((person) => row(person, group))))));
    if (shown.length > MOST_SHOWN) list.append(el("p.nothing", {}, `${shown.length - MOST_SHOWN} more: search for them.`));
    if (!shown.length) list.append(el("p.nothing", {}, words.length ? "Nobody fits." : NOBODY));
    if (focused) list.querySelector(`[data-person="${CSS.escape(focused)}"]`)?.focus();
  };
  search.oninput = draw;
  root.addEventListener("keydown", (event) => {
    const rows = [...list.querySelectorAll(".person")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && rows.length) {
      event.preventDefault();
      const at = rows.indexOf(document.activeElement);
      (at + step < 0 ? search : rows[Math.min(at + step, rows.length - 1)]).focus();
    } else if (event.key === "Enter" && document.activeElement === search && rows.length) {
      choose(rows[0].dataset.person);
    } else if (event.key === "Escape" && search.value) {
      search.value = "";
      draw();
    }
  });
  for (const topic of ["people", "watched", "unread"]) on(topic, draw);
  draw();
  return { focusSearch: () => (search.focus(), search.select()) };
}
