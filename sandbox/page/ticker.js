// The bottom line: what the bot just told whom, also to people nobody is looking at.
import { avatar, el } from "./dom.js";
import { PLATFORMS, findPerson, on } from "./store.js";
import { hourMinute } from "./time.js";

const MOST_KEPT = 12;

export function mountTicker(root, jump) {
  const row = el("div.news-row");
  root.append(row);
  const quiet = el("span.quiet-note", {}, "What the bot tells anybody shows up here.");
  row.append(quiet);
  on("news", ({ person: key, platform, message }) => {
    const person = findPerson(key);
    if (!person) return;
    quiet.remove();
    const name = PLATFORMS[platform].name;
    row.prepend(el(`button.news.${platform}`, { onclick: () => jump(key, platform), title: message.text },
      avatar(person, ".small"), el("span", {}, el("b", {}, person.name), message.edited ? ` saw a ${name} message change` : ` got a ${name} message`),
      el("small", {}, message.text?.split("\n")[0].slice(0, 60) ?? ""), el("time", {}, hourMinute(message.at))));
    while (row.childElementCount > MOST_KEPT) row.lastElementChild.remove();
  });
  on("reset", () => row.replaceChildren(quiet));
}
