// The curve of how customers feel: one smooth line per persona, its points dragged up and down.
import { say } from "touchline/editor/words";
import { cardsAt } from "touchline/editor/layout";

const SVG = "http://www.w3.org/2000/svg";
export const HEIGHT = 128;
const EDGE = 16;
const DASHES = ["", "7 3", "2 3", "9 3 2 3", "5 5"];
const MOST_CURVES = 5;

export const yOf = (emotion) => HEIGHT / 2 - (emotion / 2) * (HEIGHT / 2 - EDGE);
export const emotionAt = (y) => Math.max(-2, Math.min(2, Math.round(((HEIGHT / 2 - y) / (HEIGHT / 2 - EDGE)) * 2)));

export function drawCurves(row, lane, layout, personas, page) {
  const lines = linesOf(lane, layout, [...personas.keys()]);
  const told = JSON.stringify([lines, layout.columns.map((c) => c.isCollapsed), [...personas.values()].map((p) => [p.name, page.colourOf(p)])]);
  let svg = row.querySelector(".ed-curves");
  if (svg?.told === told) return;
  svg ??= row.appendChild(make("svg", { class: "ed-curves", "aria-hidden": "true", height: HEIGHT }));
  svg.told = told;
  const { column, collapsed } = page.widths;
  const edges = layout.columns.reduce((so_far, c) => [...so_far, so_far.at(-1) + (c.isCollapsed ? collapsed : column)], [0]);
  const middle = (i) => (edges[i] + edges[i + 1]) / 2;
  svg.setAttribute("width", edges.at(-1));
  const nodes = [];
  for (const level of [-2, -1, 0, 1, 2]) {
    nodes.push(make("line", { class: level ? "ed-level" : "ed-zero", x1: 0, x2: edges.at(-1), y1: yOf(level), y2: yOf(level) }));
  }
  lines.forEach((line, i) => nodes.push(...drawLine(line, i, middle, personas, page)));
  svg.replaceChildren(...nodes);
}

function drawLine(line, i, middle, personas, page) {
  const persona = personas.get(line.persona);
  const colour = persona ? page.colourOf(persona) : "var(--text)";
  const points = line.points.map((point) => ({ ...point, x: middle(point.column), y: yOf(point.mean) }));
  const nodes = [];
  if (points.length > 1) {
    nodes.push(make("path", { class: "ed-curve", d: smooth(points), style: `--persona: ${colour}`, "stroke-dasharray": DASHES[i % DASHES.length] }));
  }
  for (const point of points) {
    for (const card of point.cards) {
      nodes.push(make("circle", {
        class: "ed-point", cx: point.x, cy: yOf(card.emotion), r: 6, "data-point": card.id, style: `--persona: ${colour}`,
      }));
    }
  }
  const last = points.at(-1);
  const name = make("text", { class: "ed-curve-name", x: last.x + 11, y: last.y + 4, style: `--persona: ${colour}` });
  name.textContent = persona ? persona.name ?? persona.id : say("all_customers");
  return [...nodes, name];
}

// One line for all customers and one for each persona that feels something here.
function linesOf(lane, layout, order) {
  const lines = new Map();
  layout.columns.forEach(({ step }, column) => {
    if (!step) return;
    for (const card of cardsAt(layout, lane.id, step.id)) {
      if (card.emotion === undefined) continue;
      const key = card.persona ?? "";
      if (!lines.has(key)) lines.set(key, []);
      const points = lines.get(key);
      if (points.at(-1)?.column !== column) points.push({ column, cards: [] });
      points.at(-1).cards.push({ id: card.id, emotion: card.emotion });
    }
  });
  const names = ["", ...order].filter((persona) => lines.has(persona)).slice(0, MOST_CURVES + 1);
  return names.map((persona) => ({
    persona,
    points: lines.get(persona).map((point) => ({
      ...point, mean: point.cards.reduce((sum, card) => sum + card.emotion, 0) / point.cards.length,
    })),
  }));
}

// Monotone cubic through the points: never higher or lower than they are (Fritsch & Carlson 1980).
function smooth(points) {
  const slopes = points.slice(1).map((p, i) => (p.y - points[i].y) / (p.x - points[i].x));
  const tangents = points.map((_, i) => {
    const [before, after] = [slopes[i - 1], slopes[i]];
    if (before === undefined || after === undefined || before * after <= 0) return 0;
    return (2 * before * after) / (before + after);
  });
  return points.map((p, i) => {
    if (!i) return `M${p.x} ${p.y}`;
    const before = points[i - 1];
    const third = (p.x - before.x) / 3;
    return `C${before.x + third} ${before.y + tangents[i - 1] * third} ${p.x - third} ${p.y - tangents[i] * third} ${p.x} ${p.y}`;
  }).join("");
}

function make(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) node.setAttribute(attribute, value);
  return node;
}
