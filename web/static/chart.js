// Draws the numbers of the table below it: bars, one group for each row. The table itself is what everybody can read.
"use strict";

(() => {
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const COLOURS = ["--accent", "--u1", "--u3"];

  const draw = (place) => {
    const { labels, series } = JSON.parse(place.dataset.chart);
    if (!series.length || typeof uPlot === "undefined") return;
    place.replaceChildren();
    const short = labels.map((label) => (String(label).length > 14 ? `${String(label).slice(0, 13)}…` : String(label)));
    const axis = { stroke: colour("--muted"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
    const bars = (number) => uPlot.paths.bars({ size: [0.8 / series.length, 60], align: series.length === 1 ? 0 : number === 0 ? -1 : 1 });
    new uPlot({
      width: place.clientWidth, height: 240, cursor: { show: false }, legend: { show: series.length > 1, live: false },
      scales: { x: { time: false, range: [-0.6, labels.length - 0.4] }, y: { range: (_, low, high) => [0, Math.max(high, 1) * 1.08] } },
      axes: [{ ...axis, grid: { show: false }, splits: () => labels.map((_, at) => at), values: (_, at) => at.map((one) => short[one]) }, { ...axis, incrs: [1, 2, 5].flatMap((one) => [1, 10, 100, 1e3, 1e4, 1e5].map((ten) => one * ten)).sort((a, b) => a - b) }],
      series: [{}, ...series.map((one, number) => ({
        label: one.name, stroke: colour(COLOURS[number % 3]), fill: colour(COLOURS[number % 3]), width: 0,
        ...(labels.length > 12 || series.length > 2 ? { width: 2, fill: undefined, points: { show: true } } : { paths: bars(number), points: { show: false } }),
      }))],
    }, [labels.map((_, at) => at), ...series.map((one) => one.values)], place);
  };

  const all = () => document.querySelectorAll("[data-chart]").forEach(draw);
  document.addEventListener("DOMContentLoaded", all);
  document.addEventListener("htmx:afterSettle", all);
})();
