// The bottom line: what the bot just told whom, also to people nobody is looking at.
import { avatar, el } from "./dom.js";
import { PLATFORMS, findPerson, on } from "./store.js";
import { hourMinute } from "./time.js";

const MOST_KEPT = 12;

const firstLine = (message) => message.text?.split("\n")[0].replaceAll("*", "").slice(0, 60) ?? "";

export function mountTicker(root, jump) {
  const row = el("div.news-row");
  const quiet = el("span.quiet-note", {}, "What the bot tells anybody shows up here.");
  const told = new Map(); // a message in a channel reaches many: one line for all of them
  root.append(row);
  row.append(quiet);

  on("news", ({ person: key, message, novelty }) => {
    const { platform } = message;
    const person = findPerson(key);
    if (!person) return;
    quiet.remove();
    const id = [platform, message.chat, message.id, message.seq].join();
    const others = told.get(id);
    if (others) {
      others.count.textContent = ` and ${++others.more} more`;
      return;
    }
    const count = el("span");
    told.set(id, { count, more: 0 });
    const verb = novelty === "changed" ? "saw a change on" : "got a message on";
    row.prepend(el("button.news", { onclick: () => jump(key, platform), title: message.text },
      avatar(person, ".small"), el("span", {}, el("b", {}, person.name), count, ` ${verb} ${PLATFORMS[platform].name}`),
      el("small", {}, firstLine(message)), el("time", {}, hourMinute(message.at))));
    while (row.childElementCount > MOST_KEPT) row.lastElementChild.remove();
    if (told.size > 500) told.clear();
  });
  on("reset", () => (told.clear(), row.replaceChildren(quiet)));
}
