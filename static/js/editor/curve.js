// The curves of how customers feel: one smooth line per persona. Its points are drawn and moved by
// emotion.js, what was measured and other maps' curves by emotion_lines.js.
import { say } from "touchline/editor/words";
import { shortName } from "touchline/editor/map";
import { cardsAt } from "touchline/editor/layout";

const SVG = "http://www.w3.org/2000/svg";
export const HEIGHT = 176; // as in map-card.css
export const LEVELS = [-2, -1, 0, 1, 2];
const EDGE = 20;
const APART = 24; // so that personas who feel the same stand beside each other
const LABEL = 13;
const DASHES = ["", "7 3", "2 3", "9 3 2 3", "5 5", "1 4"];
const MOST_CURVES = 5;

export const yOf = (emotion) => HEIGHT / 2 - (emotion / 2) * (HEIGHT / 2 - EDGE);
export const emotionAt = (y) => Math.max(-2, Math.min(2, Math.round(((HEIGHT / 2 - y) / (HEIGHT / 2 - EDGE)) * 2)));

// Where columns stand: their edges and middles, from the left edge of the first.
export function columnsOf(layout, page) {
  const { collapsed } = page.widths;
  const column = columnWidth(page);
  const edges = layout.columns.reduce((so_far, c) => [...so_far, so_far.at(-1) + (c.isCollapsed ? collapsed : column)], [0]);
  return { width: edges.at(-1), column, middle: (i) => (edges[i] + edges[i + 1]) / 2 };
}

// It is wider on a phone; the style sheet says so. Asked once, and before anything is drawn, since
// asking makes the browser find out about all that is new.
let known = 0;
addEventListener("resize", () => { known = 0; });

export function columnWidth(page) {
  const sheet = document.querySelector("[data-sheet]");
  known ||= parseFloat(sheet && getComputedStyle(sheet).getPropertyValue("--column")) || page.widths.column;
  return known;
}

// One line for all customers and one for each persona that can feel something here, in their order:
// {persona, points: [{column, mean, cards: [{id, emotion}]}], shift in pixels}. `bent` is what is
// being dragged: {lane, step, persona, id, emotion}.
export function curvesOf(lane, layout, width, bent = null) {
  const points = new Map([["", []], ...layout.personas.map((persona) => [persona.id, []])]);
  layout.columns.forEach(({ step }, column) => {
    if (!step) return;
    const felt = cardsAt(layout, lane.id, step.id).map((card) => (
      bent?.id === card.id ? { ...card, emotion: bent.emotion } : card));
    if (bent && !bent.id && bent.lane === lane.id && bent.step === step.id) felt.push({ ...bent });
    for (const card of felt) {
      const line = card.emotion === undefined ? null : points.get(card.persona ?? "");
      if (!line) continue;
      if (line.at(-1)?.column !== column) line.push({ column, cards: [] });
      line.at(-1).cards.push({ id: card.id, emotion: card.emotion });
    }
  });
  const ids = [...points.keys()].filter((id) => (id ? true : points.get(id).length || !layout.personas.length));
  const first = [...ids].sort((a, b) => Boolean(points.get(b).length) - Boolean(points.get(a).length))
    .slice(0, MOST_CURVES + 1);
  const shown = ids.filter((id) => first.includes(id));
  const apart = Math.min(APART, (width - 2 * APART) / Math.max(1, shown.length - 1));
  return shown.map((persona, i) => ({
    persona,
    shift: (i - (shown.length - 1) / 2) * apart,
    dash: DASHES[i % DASHES.length],
    points: points.get(persona).map((point) => ({
      ...point, mean: point.cards.reduce((sum, card) => sum + card.emotion, 0) / point.cards.length,
    })),
  }));
}

export function drawCurves(row, lane, layout, personas, page, bent = null) {
  const { width, column, middle } = columnsOf(layout, page);
  const lines = curvesOf(lane, layout, column, bent);
  const told = JSON.stringify([lines, column, layout.columns.map((c) => c.isCollapsed), [...personas.values()].map((p) => [p.name, page.colourOf(p)])]);
  let svg = row.querySelector(".ed-curves");
  if (svg?.told === told) return;
  svg ??= row.appendChild(make("svg", { class: "ed-curves", "aria-hidden": "true", height: HEIGHT }));
  svg.told = told;
  svg.setAttribute("width", width);
  const levels = LEVELS.map((level) => make("line", {
    class: level ? "ed-level" : "ed-zero", x1: 0, x2: width, y1: yOf(level), y2: yOf(level),
  }));
  const ends = [[2, 14], [-2, -6]].map(([level, by]) => {
    const words = make("text", { class: "em-word", x: 6, y: yOf(level) + by - (level > 0 ? EDGE : -EDGE) });
    words.textContent = page.feelings[level];
    return words;
  });
  const drawn = lines.filter((line) => line.points.length).map((line) => drawLine(line, middle, personas, page));
  svg.replaceChildren(...levels, ...ends, ...drawn.map(({ path }) => path).filter(Boolean), ...namesOf(drawn.map(({ name }) => name)));
}

// Whose lines these are, for the lane's head: {name, colour, dash}.
export function legendOf(lane, layout, personas, page) {
  return curvesOf(lane, layout, columnWidth(page)).filter((line) => line.points.length).map(({ persona, dash }) => {
    const whose = personas.get(persona);
    return { name: whose ? shortName(whose) : say("all_customers"), colour: whose ? page.colourOf(whose) : "var(--text)", dash };
  });
}

function drawLine(line, middle, personas, page) {
  const persona = personas.get(line.persona);
  const colour = persona ? page.colourOf(persona) : "var(--text)";
  const points = line.points.map((point) => ({ x: middle(point.column) + line.shift, y: yOf(point.mean) }));
  const last = points.at(-1);
  return {
    path: points.length > 1 && make("path", {
      class: "ed-curve", d: smooth(points), style: `--persona: ${colour}`, "stroke-dasharray": line.dash,
    }),
    name: { x: last.x + 11, y: last.y + 4, colour, text: persona ? shortName(persona) : say("all_customers") },
  };
}

// Names at the ends of the curves, none over another.
export function namesOf(names) {
  const placed = [];
  for (const name of [...names].sort((a, b) => a.y - b.y)) {
    const near = placed.filter((other) => Math.abs(other.x - name.x) < 120);
    const y = Math.max(name.y, ...near.map((other) => other.y + LABEL));
    placed.push({ ...name, y });
  }
  return placed.map(({ x, y, colour, text }) => {
    const node = make("text", { class: "ed-curve-name", x, y, style: `--persona: ${colour}` });
    node.textContent = text;
    return node;
  });
}

// Monotone cubic through the points: never higher or lower than they are (Fritsch & Carlson 1980).
export function smooth(points) {
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

export function make(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) node.setAttribute(attribute, value);
  return node;
}
