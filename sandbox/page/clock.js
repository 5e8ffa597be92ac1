import * as api from "./api.js";
import { el } from "./dom.js";
import { toast } from "./menu.js";
import { emit, on } from "./store.js";
import { day, instant, span, withSeconds } from "./time.js";

let ahead = 0; // milliseconds the sandbox's clock is ahead of this computer's

export const sandboxNow = () => new Date(Date.now() + ahead);

const STEPS = [["+1 min", 60], ["+15 min", 900], ["+1 h", 3600], ["+1 day", 86400]];

export function mountClock(root) {
  const face = el("b.face");
  const date = el("span.date");
  const draw = () => {
    const now = sandboxNow();
    face.textContent = withSeconds(now);
    date.textContent = day(now) + (ahead > 30000 ? ` · ${span(ahead + 1000)} ahead` : "");
  };
  const read = async () => {
    ahead = instant((await api.clock()).now) - Date.now();
    draw();
  };
  const buttons = STEPS.map(([label, seconds]) => el("button.step", { onclick: () => advance(label, seconds) }, label));
  async function advance(label, seconds) {
    buttons.forEach((button) => (button.disabled = true));
    try {
      const answer = await api.advance(seconds);
      ahead = instant(answer.now) - Date.now();
      const { program } = answer;
      const refused = program && !(program.status < 400);
      const trouble = refused && (program.detail ?? program.error ?? `it answered ${program.status}`);
      if (trouble) toast(`The sandbox's clock moved ${label}, but not the program's: ${trouble}`, "bad");
      else toast(`The clock moved ${label}.${program ? " What became due is happening now." : " No program is connected to it."}`);
      emit("chats-all");
    } catch (refusal) {
      toast(`The clock did not move: ${refusal.message}`, "bad");
    } finally {
      buttons.forEach((button) => (button.disabled = false));
      draw();
    }
  }
  root.append(el("div.clock", {}, el("div.now", {}, face, date), el("div.steps", {}, buttons)));
  on("clock", () => read().catch(() => {}));
  setInterval(draw, 1000);
  draw();
}
