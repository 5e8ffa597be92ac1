// Elements are built from text nodes and properties only: nothing anybody wrote is ever read as markup.

/** el("button.primary", {onclick, ariaLabel}, "Send", child, ...) */
export function el(spec, props, ...children) {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null) continue;
    if (name === "dataset") Object.assign(node.dataset, value);
    else if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  append(node, children);
  return node;
}

export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

/** Makes `parent` show `items` in order; a node whose version stayed the same is kept, so typing and scrolling survive. */
export function keyed(parent, items, keyOf, versionOf, build) {
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let next = parent.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    const version = String(versionOf(item));
    let node = old.get(key);
    if (!node || node.dataset.version !== version) {
      const fresh = build(item, Boolean(node));
      fresh.dataset.key = key;
      fresh.dataset.version = version;
      if (node === next && node) next = node.nextElementSibling;
      node?.remove();
      node = fresh;
    }
    old.delete(key);
    if (node === next) next = next.nextElementSibling;
    else parent.insertBefore(node, next);
  }
  for (const leftover of old.values()) leftover.remove();
}

export function avatar(person, extra = "") {
  const words = person.name.split(/\s+/).filter(Boolean);
  const initials = (words[0]?.[0] ?? "?") + (words.length > 1 ? words.at(-1)[0] : "");
  const node = el("span.avatar" + extra, { ariaHidden: "true" }, initials.toUpperCase());
  let hue = 7;
  for (const letter of person.key ?? person.name) hue = (hue * 31 + letter.codePointAt(0)) % 9973;
  node.style.setProperty("--hue", Math.round(hue * 137.508) % 360);
  return node;
}
