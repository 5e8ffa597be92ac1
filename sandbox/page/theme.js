import { el } from "./dom.js";
import { icon } from "./icons.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const current = () => document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light");

export function themeButton() {
  const saved = localStorage.getItem("theme");
  if (saved) document.documentElement.dataset.theme = saved;
  const button = el("button.quiet.square", { title: "Light or dark" });
  const draw = () => button.replaceChildren(icon(current() === "dark" ? "sun" : "moon"));
  button.onclick = () => {
    const wanted = current() === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = wanted;
    localStorage.setItem("theme", wanted);
    draw();
  };
  dark.addEventListener("change", draw);
  draw();
  return button;
}
