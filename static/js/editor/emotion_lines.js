// Beside the curves as drawn: what was measured, with its interval, and the curve of another map
// (as-is beside to-be). Nothing is drawn between steps where nobody was asked.
import { element } from "touchline/editor/reconcile";
import { shortName } from "touchline/editor/map";
import { say } from "touchline/editor/words";
import { columnsOf, HEIGHT, legendOf, LEVELS, make, namesOf, smooth, yOf } from "touchline/editor/curve";

const TOKENS = { "-2": "minus-2", "-1": "minus-1", 0: "0", 1: "plus-1", 2: "plus-2" };

export function drawBesideCurves({ grid, measures, page }) {
  const { sheet } = grid;

  function draw() {
    for (const lane of grid.layout.lanes) {
      if (lane.kind === "emotion") drawLane(grid.rows.get(`lane ${lane.id}`));
    }
  }

  function drawLane(row) {
    const columns = columnsOf(grid.layout, page);
    const pieces = measuredPieces(grid.layout, measures.told?.steps ?? {}, columns);
    const others = otherLines(grid, measures.beside, columns, page);
    drawHead(row, pieces.length);
    const told = JSON.stringify([pieces, others, columns.width]);
    let svg = row.querySelector(".em-lines");
    if (svg?.told === told) return;
    svg ??= row.appendChild(make("svg", { class: "ed-curves em-lines", "aria-hidden": "true", height: HEIGHT }));
    svg.told = told;
    svg.setAttribute("width", columns.width);
    svg.replaceChildren(...others.map(drawOther), ...pieces.flatMap(drawPiece), ...namesOf([
      ...pieces.slice(0, 1).map(([first]) => ({ x: first.x + 9, y: first.y - 9, colour: "var(--measured)", text: say("measured") })),
      ...others.map((line) => ({ x: line.points.at(-1).x + 11, y: line.points.at(-1).y + 4, colour: line.colour, text: line.name })),
    ]));
  }

  // The scale, and whose curve is which: both stay in sight however far one scrolls.
  function drawHead(row, isMeasured) {
    const { head } = row;
    const lines = legendOf(head.lane, grid.layout, grid.personas, page);
    const told = JSON.stringify([lines, isMeasured]);
    if (head.told === told && head.legend?.isConnected) return;
    head.told = told;
    head.legend?.remove();
    head.scale ??= scale();
    head.legend = element("span", "em-legend", { "aria-hidden": "true" });
    const measured = isMeasured ? [{ name: say("measured"), colour: "var(--measured)", dash: "" }] : [];
    head.legend.append(...[...lines, ...measured].map(legend));
    head.append(head.scale, head.legend);
  }

  sheet.addEventListener("drawn", draw);
  measures.addEventListener("change", draw);
}

function scale() {
  const made = element("span", "em-scale", { "aria-hidden": "true" });
  for (const level of LEVELS) {
    const line = element("span", "");
    line.style.top = `${yOf(level)}px`;
    line.textContent = level > 0 ? `+${level}` : String(level).replace("-", "−");
    made.append(line);
  }
  return made;
}

function legend({ name, colour, dash }) {
  const made = element("span", "");
  const line = make("svg", { width: 18, height: 8 });
  line.append(make("path", { d: "M0 4H18", "stroke-dasharray": dash }));
  const words = element("span", "em-name");
  words.textContent = name;
  made.style.setProperty("--persona", colour);
  made.append(line, words);
  return made;
}

// Neighbouring steps that were measured, piece by piece.
function measuredPieces(layout, steps, { middle }) {
  const pieces = [[]];
  layout.columns.forEach(({ step }, column) => {
    const found = step && steps[step.id];
    if (found) pieces.at(-1).push({ ...found, x: middle(column), y: yOf(found.value) });
    else if (pieces.at(-1).length) pieces.push([]);
  });
  return pieces.filter((piece) => piece.length);
}

function drawPiece(piece) {
  const nodes = [];
  const sure = piece.filter((point) => point.low !== null);
  if (sure.length === piece.length && piece.length > 1) {
    const upper = smooth(sure.map(({ x, high }) => ({ x, y: yOf(high) })));
    const lower = smooth(sure.map(({ x, low }) => ({ x, y: yOf(low) })).reverse()).replace("M", "L");
    nodes.push(make("path", { class: "em-band", d: `${upper}${lower}Z` }));
  }
  if (piece.length > 1) nodes.push(make("path", { class: "em-measured", d: smooth(piece) }));
  return [...nodes, ...piece.flatMap(drawMeasured)];
}

function drawMeasured(point) {
  const nodes = [];
  if (point.low !== null) {
    nodes.push(make("path", { class: "em-interval", d: `M${point.x} ${yOf(point.high)}V${yOf(point.low)}` }));
  }
  const dot = make("circle", {
    class: point.too_little ? "em-dot em-few" : "em-dot", cx: point.x, cy: point.y, r: 4.5,
    style: `--emotion: var(--emotion-${TOKENS[Math.round(point.value)]})`,
  });
  const title = make("title", {});
  title.textContent = `${say("measured")}: ${point.said}${point.too_little ? ` · ${say("too_little")}` : ""}`;
  dot.append(title);
  return [...nodes, dot];
}

// The other map's curves over this map's steps: those of the same id, else of the same name.
function otherLines({ layout, personas }, other, { middle }, page) {
  if (!other) return [];
  const same = (mine, theirs) => mine.id === theirs.id || (mine.name ?? "") === (theirs.name ?? "");
  const lanes = new Set(other.lanes.filter((lane) => lane.kind === "emotion").map((lane) => lane.id));
  const lines = new Map();
  layout.columns.forEach(({ step }, column) => {
    const there = step && (other.steps.find((each) => each.id === step.id) ?? other.steps.find((each) => same(step, each)));
    if (!there) return;
    for (const card of other.cards) {
      if (card.step !== there.id || card.emotion === undefined || !lanes.has(card.lane)) continue;
      const key = card.persona ?? "";
      if (!lines.has(key)) lines.set(key, []);
      if (lines.get(key).at(-1)?.column !== column) lines.get(key).push({ column, x: middle(column), y: yOf(card.emotion) });
    }
  });
  const theirs = new Map((other.personas ?? []).map((persona) => [persona.id, persona]));
  return [...lines].flatMap(([id, points]) => {
    const persona = theirs.get(id);
    const mine = persona && [...personas.values()].find((each) => same(each, persona));
    if (mine && !layout.personas.includes(mine)) return [];
    const name = persona ? shortName(persona) : say("all_customers");
    return [{ points, name: `${name} · ${other.title}`, colour: mine ? page.colourOf(mine) : "var(--text-soft)" }];
  });
}

function drawOther({ points, colour }) {
  const group = make("g", { class: "em-other", style: `--persona: ${colour}` });
  if (points.length > 1) group.append(make("path", { d: smooth(points) }));
  for (const { x, y } of points) group.append(make("rect", { x: x - 3, y: y - 3, width: 6, height: 6 }));
  return group;
}
