// Keeps a page current. Whatever is inside #live is fetched anew when the program says that something happened (/live), and
// now and then anyway; nothing is taken away from somebody who is typing there. Countdowns run on by themselves.
(() => {
  document.documentElement.classList.add("scripts");
  const live = () => document.getElementById("live");
  let waiting = null, last = Date.now(), broken = false;

  const typing = () => {
    const at = document.activeElement;
    const inside = live() && live().contains(at) && at.matches("input, textarea, select");
    return inside || (live() && live().querySelector("[data-keep][open], form.dirty") !== null);
  };

  const refresh = async () => {
    waiting = null;
    if (!live() || document.hidden || typing()) return;
    last = Date.now();
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", headers: { "X-Live": "1" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("live");
      if (!fresh) return location.reload(); // the session is over
      if (typing()) return;
      if (fresh.innerHTML !== live().innerHTML) {
        const held = document.activeElement && live().contains(document.activeElement) && document.activeElement.id;
        live().innerHTML = fresh.innerHTML;
        htmx.process(live());
        if (held) document.getElementById(held)?.focus({ preventScroll: true });
      }
      live().classList.remove("stale");
      ahead = aheadOf(page);
      tick();
    } catch {
      live().classList.add("stale");
    }
  };

  const soon = () => { waiting ??= setTimeout(refresh, Math.max(60, 500 - (Date.now() - last))); };

  // A countdown shows the minutes between its moment and the program's clock, which a rehearsal may have moved.
  const aheadOf = (page) => Date.parse(page.querySelector("meta[name=now]")?.content ?? new Date().toISOString()) - Date.now();
  let ahead = aheadOf(document);
  const words = (minutes) => {
    const size = Math.abs(minutes), word = minutes >= 0 ? "left" : "late";
    if (size < 120) return `${size} min ${word}`;
    return size < 2880 ? `${Math.floor(size / 60)} h ${word}` : `${Math.floor(size / 1440)} d ${word}`;
  };
  const tick = () => {
    for (const one of document.querySelectorAll("time[data-due]")) {
      const minutes = Math.floor((Date.parse(one.dateTime) - Date.now() - ahead) / 60000);
      one.textContent = words(minutes);
      const due = one.closest(".due");
      if (minutes < 0 && due && !due.classList.contains("late")) due.classList.replace("soon", "late") || due.classList.replace("calm", "late");
    }
  };

  document.addEventListener("input", (event) => event.target.closest("form")?.classList.add("dirty"));
  document.addEventListener("visibilitychange", () => document.hidden || soon());
  setInterval(tick, 10000);
  if (!live()) return;
  const source = new EventSource(`/live?since=${document.querySelector("meta[name=seen]").content}`);
  source.addEventListener("changed", soon);
  source.addEventListener("open", () => { if (broken) soon(); broken = false; });
  source.addEventListener("error", () => { broken = true; });
  setInterval(() => { if (broken || Date.now() - last > 30000) soon(); }, 5000);
})();
