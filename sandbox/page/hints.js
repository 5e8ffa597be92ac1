// "Try this": what the program suggests a newcomer could do, one line at a time.
import { el } from "./dom.js";
import { openMenu } from "./menu.js";
import { PLATFORMS, findPerson, on, state } from "./store.js";

const EVERY = 9000;

export function mountHints(root, perform) {
  let at = 0;
  const hints = () => (state.config.hints ?? []).filter((hint) => findPerson(hint.person));
  const note = (hint) => `as ${findPerson(hint.person).name} on ${PLATFORMS[hint.platform]?.name ?? hint.platform}`;
  const text = el("span.hint-text");
  const items = () => hints().map((hint) => ({ icon: "bolt", label: hint.title, note: note(hint), run: () => perform(hint) }));
  const more = el("button.quiet", { title: "All suggestions", onclick: () => openMenu(more, items(), "Try") }, "all");
  const line = el("button.hint", {
    onclick: () => {
      perform(hints()[at % hints().length]);
      at++;
      draw();
    },
  }, el("b", {}, "Try"), text);

  function draw() {
    const list = hints();
    root.replaceChildren(...(list.length ? [line, list.length > 1 ? more : ""] : []));
    if (!list.length) return;
    const hint = list[at % list.length];
    text.replaceChildren(`${hint.title} `, el("small", {}, `${note(hint)}: `), el("code", {}, hint.text));
    line.title = `${hint.title}, ${note(hint)}: ${hint.text}`;
  }
  on("config", draw);
  on("people", draw);
  setInterval(() => {
    if (root.matches(":hover, :focus-within") || hints().length < 2) return;
    at++;
    draw();
  }, EVERY);
  draw();
}
