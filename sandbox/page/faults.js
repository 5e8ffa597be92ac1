import * as api from "./api.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { toast } from "./menu.js";
import { PLATFORMS, on } from "./store.js";

const SENDING = { telegram: "sendMessage", slack: "chat.postMessage", whatsapp: "messages" };
const KINDS = {
  rate_limit: { say: "refuses: too many messages", extra: { retry_after: 5 } },
  error: { say: "answers an error" },
  html_502: { say: "answers a broken page (502)" },
  hang: { say: "does not answer for 40 s", extra: { seconds: 40 } },
  slow: { say: "answers 5 s late", extra: { seconds: 5 } },
  drop_before: { say: "hangs up before sending" },
  drop_after: { say: "sends, then hangs up" },
  garbage: { say: "answers nonsense" },
  duplicate: { say: "delivers twice", method: "webhook" },
  reorder: { say: "delivers in the wrong order", method: "webhook" },
  late: { say: "delivers 10 s late", method: "webhook", extra: { seconds: 10 } },
};
const TIMES = [["once", 1], ["3 times", 3], ["10 times", 10], ["until removed", null]];

const select = (label, options) =>
  el("select", { "aria-label": label }, options.map(([text, value]) => el("option", { value: String(value) }, text)));

function sentence({ platform, kind, method, times }) {
  const usual = !method || method === "webhook" || Object.values(SENDING).includes(method);
  const left = times === null ? "until removed" : times === 1 ? "once more" : `${times} more times`;
  return [el("b", {}, PLATFORMS[platform].name), ` ${KINDS[kind]?.say ?? kind}${usual ? "" : ` (${method})`}, ${left}`];
}

export function mountFaults(root) {
  const platform = select("Platform", Object.entries(PLATFORMS).map(([key, { name }]) => [name, key]));
  const kind = select("What goes wrong", Object.entries(KINDS).map(([key, { say }]) => [say, key]));
  const times = select("How often", TIMES);
  const active = el("ul.active");
  const form = el("form.fault-form", {}, platform, kind, times, el("button.press", { type: "submit" }, "Misbehave"));
  const read = async () => {
    const faults = (await api.faults()).filter((fault) => fault.times !== 0);
    const version = JSON.stringify(faults);
    if (active.dataset.version === version) return;
    active.dataset.version = version;
    active.replaceChildren(...faults.map((fault) => el("li", {}, el("span", {}, sentence(fault)),
      el("button.quiet.square", { title: "Remove", onclick: () => api.removeFault(fault.id).then(read) }, icon("close")))));
    root.classList.toggle("misbehaving", faults.length > 0);
  };
  form.onsubmit = async (event) => {
    event.preventDefault();
    const { method, extra } = KINDS[kind.value];
    const often = times.value === "null" ? null : Number(times.value);
    try {
      const where = { platform: platform.value, method: method ?? SENDING[platform.value] };
      await api.addFault({ ...where, kind: kind.value, times: often, ...extra });
      await read();
    } catch (refusal) {
      toast(`Not possible: ${refusal.message}`, "bad");
    }
  };
  root.append(form, active);
  on("faults", () => read().catch(() => {}));
}
