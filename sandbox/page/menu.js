import { append, el } from "./dom.js";
import { icon } from "./icons.js";

/** A small menu next to `anchor`; items are {icon, label, note, run} or a node to put in as it is. */
export function openMenu(anchor, items, heading) {
  const close = () => menu.hidePopover();
  const rows = items.map((item) =>
    item instanceof Node
      ? item
      : el("button.menu-item", { onclick: () => (close(), item.run()) },
          item.icon && icon(item.icon), el("span", {}, item.label, item.note && el("small", {}, item.note))));
  const menu = append(el("div.menu", { popover: "auto" }), [heading && el("h4", {}, heading), rows]);
  menu.addEventListener("toggle", (event) => event.newState === "closed" && menu.remove());
  (anchor.closest("dialog") ?? document.body).append(menu);
  menu.showPopover();
  place(menu, anchor.getBoundingClientRect());
  menu.querySelector("button, input, select")?.focus();
  return close;
}

function place(menu, anchor) {
  const { width, height } = menu.getBoundingClientRect();
  const above = anchor.top - height - 6;
  menu.style.left = `${Math.max(8, Math.min(anchor.left, innerWidth - width - 8))}px`;
  menu.style.top = `${above > 8 ? above : Math.min(anchor.bottom + 6, innerHeight - height - 8)}px`;
}

export function toast(text, tone = "") {
  const node = el("div.toast" + (tone && `.${tone}`), {}, text);
  document.querySelector("#toasts").append(node);
  setTimeout(() => node.remove(), tone === "bad" ? 9000 : 4500);
}
