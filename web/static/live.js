// Keeps the board current: asks for the same page every few seconds and takes over the part that changes.
const seconds = Number(document.getElementById("live").dataset.live);

async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("live");
    if (!fresh) return location.reload(); // the session is over
    const shown = document.getElementById("live");
    if (fresh.innerHTML !== shown.innerHTML) shown.innerHTML = fresh.innerHTML;
    shown.classList.remove("stale");
  } catch {
    document.getElementById("live").classList.add("stale");
  }
}

setInterval(refresh, seconds * 1000);
document.addEventListener("visibilitychange", refresh);
