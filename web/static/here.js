// Sends where the browser is when the button is pressed, and again as it moves, as long as the page stays open.
const button = document.getElementById("share");
const said = document.getElementById("said");
const SECONDS = 20;
let last = 0;
let watching = null;

function say(text) {
  said.textContent = text;
}

function stop(text) {
  if (watching !== null) navigator.geolocation.clearWatch(watching);
  watching = null;
  button.disabled = false;
  say(text);
}

async function send({ coords }) {
  if (Date.now() - last < SECONDS * 1000) return;
  last = Date.now();
  try {
    const answer = await fetch(button.dataset.to, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ latitude: coords.latitude, longitude: coords.longitude }),
    });
    if (answer.ok) return say("✅ Shared. It goes on while this page stays open.");
    stop(answer.status === 409 ? "The job is done: nothing is shared any more." : "That did not work. Ask for a new link in the chat.");
  } catch {
    last = 0; // no network at the moment: the next place is sent
    say("No connection at the moment; I keep trying.");
  }
}

button?.addEventListener("click", () => {
  if (!navigator.geolocation) return say("This browser cannot tell where it is. Paste the link of a map instead.");
  button.disabled = true;
  say("One moment…");
  watching = navigator.geolocation.watchPosition(
    send,
    () => stop("The browser did not say where it is. Allow it, or paste the link of a map instead."),
    { enableHighAccuracy: true, maximumAge: 10000 },
  );
});
