import * as api from "./api.js";
import { el, keyed } from "./dom.js";
import { PLATFORMS, on } from "./store.js";
import { instant, withSeconds } from "./time.js";

const MOST_KEPT = 400;
const QUIET = new Set(["getUpdates", "getMe", "auth.test"]);
const PATIENCE = 70_000; // milliseconds; an entry without an outcome is looked at again for so long
const pending = (entry) => !entry.outcome && Date.now() - instant(entry.at) < PATIENCE;
const failed = (entry) => Boolean(entry.outcome) && (!entry.status || entry.status >= 400 || entry.outcome !== "ok");

/** "out" is what a platform sent to the program, "in" what the program asked of a platform. */
const toProgram = (entry) => entry.direction === "out";

function statusOf(entry) {
  if (!entry.outcome) return "…";
  if (!entry.status) return "no answer";
  return entry.status < 400 && entry.outcome !== "ok" ? entry.outcome : String(entry.status);
}

function bodyText(body) {
  if (body === null || body === undefined || body === "") return "";
  if (typeof body !== "string") return JSON.stringify(body, null, 2);
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

const decoded = (_, code) => String.fromCharCode(parseInt(code, 16));

/** The words of a message somewhere in the body, to tell the lines of the list apart. */
function preview(body) {
  const text = typeof body === "string" ? body : JSON.stringify(body ?? "");
  const found = /"(?:text|body|caption|data)"\s*:\s*"((?:[^"\\]|\\.){1,160})/.exec(text);
  return found
    ? found[1].replace(/\\u([0-9a-f]{4})/gi, decoded).replace(/\\n/g, " ").replace(/\\(.)/g, "$1").replace(/<\/?[a-z][^>]*>/gi, "")
    : "";
}

function row(entry) {
  const body = bodyText(entry.body);
  const answer = bodyText(entry.answer);
  const words = toProgram(entry) ? "to the program" : "from the program";
  const details = el("details.entry" + (failed(entry) ? ".failed" : ""), { dataset: { seq: entry.seq } },
    el("summary", {},
      el("time", {}, withSeconds(entry.at)),
      el(`span.dot.${entry.platform}`, { title: PLATFORMS[entry.platform]?.name ?? entry.platform }),
      el("span.way" + (toProgram(entry) ? ".out" : ".in"), { title: words }, toProgram(entry) ? "→" : "←"),
      el("span.what", {}, el("b", {}, entry.method || entry.path), el("span", {}, preview(entry.body))),
      el("span.status", {}, statusOf(entry))));
  details.addEventListener("toggle", () => {
    if (!details.open || details.childElementCount > 1) return;
    details.append(el("div.body", {},
      el("small", {}, [PLATFORMS[entry.platform]?.name, words, entry.path, entry.took_ms && `${Math.round(entry.took_ms)} ms`,
        entry.attempt > 1 && `attempt ${entry.attempt}`, entry.fault && `misbehaving: ${entry.fault}`].filter(Boolean).join(" · ")),
      body && el("pre", {}, body), answer && el("small", {}, "answered"), answer && el("pre", {}, answer)));
  });
  return details;
}

export function mountTraffic(root) {
  let entries = new Map(); // by seq, oldest first
  let platform = "all";
  let reading = false;
  const list = el("div.entries");
  const quiet = el("input", { type: "checkbox", onchange: () => draw() });
  const fits = (entry) =>
    (platform === "all" || entry.platform === platform) && (quiet.checked || !QUIET.has(entry.method));
  const chips = ["all", ...Object.keys(PLATFORMS)].map((name) =>
    el("button.chip", { onclick: () => ((platform = name), draw()), dataset: { name } }, PLATFORMS[name]?.name ?? "All"));

  function draw() {
    for (const chip of chips) chip.setAttribute("aria-pressed", String(chip.dataset.name === platform));
    keyed(list, [...entries.values()].filter(fits).reverse(), (entry) => entry.seq, (entry) => entry.outcome, row);
  }

  async function read() {
    if (reading) return;
    reading = true;
    try {
      const known = [...entries.values()];
      const from = (known.find(pending)?.seq ?? (known.at(-1)?.seq ?? 0) + 1) - 1;
      for (const entry of await api.traffic(from)) entries.set(entry.seq, entry);
      entries = new Map([...entries].slice(-MOST_KEPT));
      draw();
    } finally {
      reading = false;
    }
  }
  root.append(el("div.chips", {}, chips), list, el("label.quietly", {}, quiet, "show polling as well"));
  on("traffic", () => read().catch(() => {}));
  on("reset", () => (entries.clear(), draw()));
  draw();
}
