import * as api from "./api.js";
import { el } from "./dom.js";
import { PLATFORMS, on } from "./store.js";
import { withSeconds } from "./time.js";

const MOST_KEPT = 400;
const QUIET = new Set(["getUpdates", "getMe", "auth.test"]);
const failed = (entry) => entry.status === null || entry.status === undefined || entry.status === 0 || entry.status >= 400 || entry.outcome === "error";

/** "out" is what the platform sent to the program, "in" what the program sent to the platform. */
const toProgram = (entry) => /^(out|sent|webhook)/.test(entry.direction);

function bodyText(body) {
  if (body === null || body === undefined || body === "") return "";
  if (typeof body !== "string") return JSON.stringify(body, null, 2);
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function preview(body) {
  const text = typeof body === "string" ? body : JSON.stringify(body ?? "");
  const found = /"(?:text|body|caption|data)"\s*:\s*"((?:[^"\\]|\\.){1,160})/.exec(text);
  return found ? found[1].replace(/\\n/g, " ").replace(/\\u([0-9a-f]{4})/gi, (_, code) => String.fromCharCode(parseInt(code, 16))).replace(/<\/?[a-z][^>]*>/gi, "").replace(/\\(.)/g, "$1") : "";
}

function row(entry) {
  const body = bodyText(entry.body);
  const answer = bodyText(entry.response ?? entry.answer);
  const words = toProgram(entry) ? "to the program" : "from the program";
  const details = el("details.entry" + (failed(entry) ? ".failed" : ""), { dataset: { seq: entry.seq } },
    el("summary", {},
      el("time", {}, withSeconds(entry.at)),
      el(`span.dot.${entry.platform}`, { title: PLATFORMS[entry.platform]?.name ?? entry.platform }),
      el("span.way" + (toProgram(entry) ? ".out" : ".in"), { title: words }, toProgram(entry) ? "→" : "←"),
      el("span.what", {}, el("b", {}, entry.method || entry.path), el("span", {}, preview(entry.body))),
      el("span.status", {}, entry.status ? String(entry.status) : "no answer")));
  details.addEventListener("toggle", () => {
    if (!details.open || details.childElementCount > 1) return;
    details.append(el("div.body", {},
      el("small", {}, `${PLATFORMS[entry.platform]?.name ?? entry.platform}, ${words}${entry.path ? ` · ${entry.path}` : ""}`),
      body && el("pre", {}, body), answer && el("small", {}, "answered"), answer && el("pre", {}, answer)));
  });
  return details;
}

export function mountTraffic(root) {
  let entries = [];
  let platform = "all";
  let last = 0;
  let reading = false;
  const list = el("div.entries");
  const quiet = el("input", { type: "checkbox", onchange: () => redraw() });
  const fits = (entry) => (platform === "all" || entry.platform === platform) && (quiet.checked || !QUIET.has(entry.method));
  const chips = ["all", ...Object.keys(PLATFORMS)].map((name) => el("button.chip", { onclick: () => ((platform = name), redraw()), dataset: { name } }, PLATFORMS[name]?.name ?? "All"));

  function redraw() {
    for (const chip of chips) chip.setAttribute("aria-pressed", String(chip.dataset.name === platform));
    list.replaceChildren(...entries.filter(fits).map(row).reverse());
  }
  async function read() {
    if (reading) return;
    reading = true;
    try {
      const news = await api.traffic(last);
      for (const entry of news) {
        last = Math.max(last, entry.seq);
        if (fits(entry)) list.prepend(row(entry));
      }
      entries = [...entries, ...news].slice(-MOST_KEPT);
      while (list.childElementCount > MOST_KEPT) list.lastElementChild.remove();
    } finally {
      reading = false;
    }
  }
  root.append(el("div.chips", {}, chips), list, el("label.quietly", {}, quiet, "show polling as well"));
  on("traffic", () => read().catch(() => {}));
  on("reset", () => ((entries = []), (last = 0), redraw()));
  redraw();
}
