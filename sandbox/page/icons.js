const PATHS = {
  search: "M9 3a6 6 0 1 0 0 12A6 6 0 0 0 9 3zM13.5 13.5 17 17",
  send: "M3.5 10 17 3.5 13 17l-3-5.500zM10 11.5 17 3.5",
  attach: "M15.5 9 9.5 15a3.5 3.5 0 0 1-5-5l6.5-6.500a2.3 2.3 0 0 1 3.3 3.300L8 13",
  pin: "M7 3h6l-.6 5.5 2.6 2.500H5l2.6-2.500zM10 11v6",
  close: "M5 5l10 10M15 5 5 15",
  moon: "M16 12A7 7 0 0 1 8 4a6.5 6.5 0 1 0 8 8z",
  sun: "M10 6.500a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM10 2v1.500M10 16.500V18M2 10h1.500M16.5 10H18M4.3 4.300l1.1 1.100M14.6 14.600l1.1 1.100M4.3 15.700l1.1-1.100M14.6 5.400l1.1-1.1",
  panel: "M3 4h14v12H3zM12 4v12",
  reply: "M8 5 4 9l4 4M4 9h7a5 5 0 0 1 5 5v1",
  edit: "M4 16l.7-3.500L13 4l3 3-8.5 8.500z",
  place: "M10 17.500s5.5-5 5.5-9a5.5 5.5 0 0 0-11 0c0 4 5.5 9 5.5 9zM10 6.500a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
  photo: "M3 4.500h14v11H3zM3 13l4-4 4 4 2-2 4 3.500M13 7.500h.01",
  file: "M5 3h7l3.5 3.500V17H5zM12 3v4h3.5",
  voice: "M10 3a2 2 0 0 1 2 2v5a2 2 0 0 1-4 0V5a2 2 0 0 1 2-2zM5 9.500a5 5 0 0 0 10 0M10 14.500V17",
  list: "M7 5h10M7 10h10M7 15h10M3 5h.01M3 10h.01M3 15h.01",
  thread: "M4 4h12v9H9l-4 3v-3H4z",
  bolt: "M11 2.5 5 11h4l-1 6.5 6-8.500h-4z",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4l2.5 2",
  people: "M7 5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM2.5 16a4.5 4.5 0 0 1 9 0M13 5.500a2.3 2.3 0 0 1 0 4.500M14 12a4 4 0 0 1 3.5 4",
  chat: "M3 5h14v9H9l-4 3v-3H3z",
  pulse: "M2.5 10h3.500l2-5 4 10 2-5h3.5",
  down: "M10 4v11M5.5 10.5 10 15l4.5-4.5",
  back: "M12 4 6 10l6 6",
  eye: "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5zM10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
  stop: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM5.5 5.500l9 9",
  tick: "M4 10.5 8 14.5 16 6",
  ticks: "M2 10.5 6 14.5 13 6M9.5 13.500l1 1L18 6",
  hash: "M8 3 6.5 17M13.5 3 12 17M4 7.500h13M3.5 12.500h13",
  plus: "M10 4v12M4 10h12",
};

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
