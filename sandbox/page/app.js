import { mountClock } from "./clock.js";
import { el } from "./dom.js";
import { mountFaults } from "./faults.js";
import { mountHints } from "./hints.js";
import { icon } from "./icons.js";
import { goLive } from "./live.js";
import { mountPeople } from "./people.js";
import { mountStage } from "./stage.js";
import { choose, on, state } from "./store.js";
import { themeButton } from "./theme.js";
import { mountTicker } from "./ticker.js";
import { mountTraffic } from "./traffic.js";

const $ = (selector) => document.querySelector(selector);

const VIEWS = [["people", "People", "people"], ["chats", "Chats", "chat"], ["happened", "What happened", "pulse"]];

/** On a narrow screen one of the three columns is shown at a time. */
function show(view) {
  document.body.dataset.view = view;
  for (const button of $("#views").children) button.setAttribute("aria-current", String(button.dataset.view === view));
}

function mountHappened(root) {
  const clock = el("section");
  const traffic = el("section.traffic");
  const faults = el("section.faults");
  root.append(
    el("div.block", {}, el("h2", {}, icon("clock"), "Clock"), clock),
    el("details.block.misbehave", {}, el("summary", {}, icon("bolt"), "Misbehave", el("span.warn", {}, "on")), faults),
    el("div.block.grow", {}, el("h2", {}, icon("pulse"), "What happened"), traffic));
  mountClock(clock);
  mountFaults(faults);
  mountTraffic(traffic);
}

function toggleHappened() {
  const hidden = document.body.classList.toggle("no-happened");
  localStorage.setItem("happened", hidden ? "hidden" : "shown");
}

const DOT = { live: "Live", polling: "Asking every few seconds", lost: "The sandbox does not answer" };
const dot = el("span.connection", { title: "Connecting" });
const connection = (name) => ((dot.dataset.state = name), (dot.title = DOT[name]), (dot.textContent = DOT[name]));

$("#tools").append(dot, themeButton(),
  el("button.quiet.square.happened-button", { title: "Show or hide what happened", onclick: toggleHappened }, icon("panel")));
$("#views").append(...VIEWS.map(([view, label, name]) =>
  el("button", { dataset: { view }, onclick: () => show(view) }, icon(name), label)));
const narrow = matchMedia("(max-width: 1360px)").matches;
document.body.classList.toggle("no-happened", (localStorage.getItem("happened") ?? (narrow ? "hidden" : "shown")) === "hidden");
show("people");

const people = mountPeople($("#people"));
const stage = mountStage($("#stage"));
mountHappened($("#happened"));

function jump(key, platform, text) {
  if (!state.watched.includes(key)) choose(key);
  show("chats");
  stage.show(key, platform, text);
}
mountHints($("#hint"), ({ person, platform, text }) => {
  if (state.watched[0] !== person) choose(person);
  jump(person, platform, text);
});
mountTicker($("#ticker"), jump);

on("watched", (key) => key === state.watched[0] && show("chats"));
on("chats-all", () => stage.refreshAll());
addEventListener("focus", () => stage.refreshAll());
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    show("people");
    people.focusSearch();
  }
});

/** Somebody's phone is always on the stage, also when the program registers its people after the page was opened. */
function chooseSomebody() {
  if (state.watched.length || !state.people.length) return;
  const known = (key) => state.people.some((person) => person.key === key);
  choose(state.config.hints?.find((hint) => known(hint.person))?.person ?? state.people[0].key);
  show("people");
}
on("people", chooseSomebody);
await goLive(connection);
