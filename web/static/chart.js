// Draws the numbers of the table below it. Along the time: lines; steps: upright bars; names: bars that lie, so that names are read.
"use strict";

(() => {
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const COLOURS = ["--accent", "--u1", "--u3"];
  const ROUND = [1, 2, 5].flatMap((one) => [1, 10, 100, 1e3, 1e4, 1e5, 1e6].map((ten) => one * ten)).sort((a, b) => a - b);
  const HEIGHT = 190, THICK = 52, FEW = 12, LETTER = 7;

  // Bars of several series stand beside each other; a few do not become as wide as the page.
  const bars = (room, labels, series, number) => {
    const group = Math.min(0.75, (THICK * series.length * labels.length) / room);
    const width = group / series.length;
    return uPlot.paths.bars({
      disp: {
        x0: { unit: 1, values: () => labels.map((_, at) => at - group / 2 + number * width) },
        size: { unit: 1, values: () => labels.map(() => width * 0.92) },
      },
    });
  };

  // What a lone series says, at the end of its bars and over its points.
  const numbers = ({ labels, series, kind }) => (chart) => {
    if (series.length > 1 || labels.length > FEW) return;
    const { ctx } = chart, ratio = devicePixelRatio, lies = kind === "names";
    ctx.save();
    ctx.fillStyle = colour("--ink");
    ctx.textAlign = lies ? "left" : "center";
    ctx.textBaseline = lies ? "middle" : "alphabetic";
    ctx.font = `600 ${12 * ratio}px system-ui, sans-serif`;
    series[0].values.forEach((value, at) => {
      if (!value) return;
      const along = chart.valToPos(at, "x", true), end = chart.valToPos(value, "y", true);
      if (lies) ctx.fillText(value, end + 6 * ratio, along); else ctx.fillText(value, along, end - 8 * ratio);
    });
    ctx.restore();
  };

  const cut = (label, most) => (label.length > most ? `${label.slice(0, Math.max(most, 3) - 1)}…` : label);

  const draw = (place) => {
    const given = JSON.parse(place.dataset.chart), { labels, series } = given;
    if (!labels.length || !place.clientWidth || typeof uPlot === "undefined") return;
    place.replaceChildren();
    const lies = given.kind === "names", lines = given.kind === "time" && labels.length > 2;
    const width = place.clientWidth, height = lies ? labels.length * Math.max(26, 18 * series.length) + 34 : HEIGHT;
    const names = Math.min(170, Math.round(width * 0.4), Math.max(...labels.map((one) => one.length)) * LETTER + 16);
    const every = lies ? 1 : Math.ceil((labels.length * 62) / width); // so many names that they do not touch
    const most = lies ? names / LETTER : FEW;
    const axis = { stroke: colour("--muted"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
    const room = lies ? height - 34 : width - 50;
    new uPlot({
      width, height, cursor: { show: false }, legend: { show: series.length > 1, live: false, markers: { fill: (_, at) => colour(COLOURS[(at - 1) % 3]) } },
      padding: [lies ? 0 : 14, lies ? 26 : 8, 0, 0],
      scales: {
        x: { time: false, range: [-0.6, labels.length - 0.4], ori: lies ? 1 : 0, dir: lies ? -1 : 1 },
        y: { range: (_, low, high) => [0, Math.max(high, 1) * 1.06], ori: lies ? 0 : 1 },
      },
      axes: [
        { ...axis, side: lies ? 3 : 2, size: lies ? names : 30, grid: { show: false }, splits: () => labels.map((_, at) => at).filter((at) => at % every === 0), values: (_, at) => at.map((one) => cut(labels[one], most)) },
        { ...axis, side: lies ? 2 : 3, size: lies ? 30 : 44, incrs: ROUND },
      ],
      hooks: { draw: [numbers(given)] },
      series: [{}, ...series.map((one, number) => {
        const tint = colour(COLOURS[number % 3]);
        return lines
          ? { label: one.name, stroke: tint, width: 2, spanGaps: true, points: { show: true, size: 7, fill: tint } }
          : { label: one.name, stroke: tint, width: 0, fill: tint, paths: bars(room, labels, series, number), points: { show: false } };
      })],
    }, [labels.map((_, at) => at), ...series.map((one) => one.values)], place);
  };

  const all = () => document.querySelectorAll("[data-chart]").forEach(draw);
  let later;
  document.addEventListener("DOMContentLoaded", all);
  document.addEventListener("htmx:afterSettle", all);
  window.addEventListener("resize", () => { clearTimeout(later); later = setTimeout(all, 150); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
})();
