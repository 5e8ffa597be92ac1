// Keeps a page current. Whatever is inside #live is fetched anew when the program says that something happened (/live), and
// now and then anyway; what somebody is typing there stays. Countdowns run on by themselves.
(() => {
  document.documentElement.classList.add("scripts");
  const live = () => document.getElementById("live");
  let waiting = null, asking = false, again = false, last = Date.now(), broken = false, shown = live()?.innerHTML;

  const fields = (form) => [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.type !== "file");
  const twin = (form) => [...live().querySelectorAll("form")].find((one) => one.getAttribute("action") === form.getAttribute("action"));

  // Takes over the new part; what was typed or opened there, and where the cursor stands, stays.
  const replace = (fresh) => {
    const old = live(), at = document.activeElement;
    const opened = [...old.querySelectorAll("details[open]")].map((one) => one.querySelector("summary").textContent);
    const typed = [...old.querySelectorAll("form.dirty")];
    const within = old.contains(at) ? at : null;
    const selection = within && "selectionStart" in within ? [within.selectionStart, within.selectionEnd] : null;
    document.adoptNode(fresh);
    old.replaceWith(fresh);
    if (typed.some((form) => !twin(form))) return fresh.replaceWith(old); // somebody else has ended it: what was typed is not lost
    for (const one of fresh.querySelectorAll("details")) if (opened.includes(one.querySelector("summary").textContent)) one.open = true;
    for (const form of typed) {
      for (const one of fields(form)) { const now = twin(form).elements[one.name]; if (now) now.value = one.value; }
      twin(form).classList.add("dirty");
    }
    htmx.process(fresh);
    if (!within) return;
    const back = within.id ? document.getElementById(within.id) : within.form && within.name && twin(within.form)?.elements[within.name];
    back?.focus?.({ preventScroll: true });
    if (back && selection && selection[0] !== null) back.setSelectionRange(...selection);
  };

  // One question at a time, however much happens: a server that is busy is not asked more.
  const refresh = async () => {
    waiting = null;
    if (!live() || document.hidden) return;
    if (asking) { again = true; return; }
    asking = true;
    again = false;
    last = Date.now();
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", headers: { "X-Live": "1" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("live");
      if (!fresh) return location.reload(); // the session is over
      const asGiven = fresh.innerHTML;
      if (fresh.innerHTML !== shown) { replace(fresh); shown = live() === fresh ? asGiven : shown; }
      live().classList.remove("stale");
      ahead = aheadOf(page);
      tick();
    } catch {
      live().classList.add("stale");
    } finally {
      asking = false;
      if (again) soon();
    }
  };

  const soon = () => { waiting ??= setTimeout(refresh, Math.max(60, 500 - (Date.now() - last))); };

  // A countdown (as core/elapsed.py says it) shows the minutes between its moment and the program's clock, which a rehearsal may have moved.
  const aheadOf = (page) => Date.parse(page.querySelector("meta[name=now]")?.content ?? new Date().toISOString()) - Date.now();
  let ahead = aheadOf(document);
  const words = (minutes) => {
    const size = Math.abs(minutes), word = minutes >= 0 ? "left" : "late";
    if (size < 120) return `${size} min ${word}`;
    const hours = Math.round(size / 60);
    return hours < 48 ? `${hours} h ${word}` : `${Math.round(size / 1440)} d ${word}`;
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
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill]");
    const field = button?.form?.elements[button.dataset.fill];
    if (field) { field.value = button.dataset.words; field.focus(); button.form.classList.add("dirty"); }
  });
  const map = document.querySelector(".map .wide"), marked = map?.querySelector("a:not(.calm)")?.getBoundingClientRect();
  if (marked) map.scrollLeft = marked.left - map.getBoundingClientRect().left - map.clientWidth / 2;
  document.querySelector("nav.tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  document.addEventListener("visibilitychange", () => document.hidden || soon());
  setInterval(tick, 10000);
  if (!live()) return;
  const source = new EventSource(`/live?since=${document.querySelector("meta[name=seen]").content}`);
  source.addEventListener("changed", soon);
  source.addEventListener("open", () => { if (broken) soon(); broken = false; });
  source.addEventListener("error", () => { broken = true; });
  setInterval(() => { if (broken || Date.now() - last > 30000) soon(); }, 5000);
})();
