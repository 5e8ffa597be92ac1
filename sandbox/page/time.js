export const instant = (at) => new Date(typeof at === "number" && at < 1e12 ? at * 1000 : at);

const pad = (n) => String(n).padStart(2, "0");
export const hourMinute = (at) => `${pad(instant(at).getHours())}:${pad(instant(at).getMinutes())}`;
export const withSeconds = (at) => `${hourMinute(at)}:${pad(instant(at).getSeconds())}`;
export const day = (at) =>
  instant(at).toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short" });

/** "23 h 59 min", "4 min", "now" */
export function span(milliseconds) {
  const minutes = Math.floor(Math.max(0, milliseconds) / 60000);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  if (days) return hours ? `${days} d ${hours} h` : `${days} d`;
  if (hours) return `${hours} h ${minutes % 60} min`;
  return minutes ? `${minutes} min` : "less than a minute";
}
