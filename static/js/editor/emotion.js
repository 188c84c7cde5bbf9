// The points of the curves: dragged up and down by mouse or finger, moved by ↑ and ↓. Each move is
// one edit of the card of that cell and persona; where there is none yet, it makes one.
import { element, reconcile } from "touchline/editor/reconcile";
import { say } from "touchline/editor/words";
import { adding, changing, find, lastOf, newId, removing } from "touchline/editor/map";
import { cardsAt } from "touchline/editor/layout";
import { columnsOf, curvesOf, drawCurves, emotionAt, HEIGHT, yOf } from "touchline/editor/curve";

const BY_KEY = { ArrowUp: 1, ArrowDown: -1, PageUp: 1, PageDown: -1 };
const TO_KEY = { Home: -2, End: 2, " ": null };
const clamp = (emotion) => Math.max(-2, Math.min(2, emotion));

export function moveFeelings(editor) {
  const { grid, store, sync, page } = editor;
  const { sheet } = grid;
  const entries = new Map(); // lane and persona: the step where Tab comes in
  let drag = null;

  // ---- drawing ----

  function draw() {
    const { column } = columnsOf(grid.layout, page);
    for (const lane of grid.layout.lanes) {
      if (lane.kind === "emotion") drawLane(lane, curvesOf(lane, grid.layout, column));
    }
  }

  function drawLane(lane, lines) {
    const row = grid.rows.get(`lane ${lane.id}`);
    const felt = lines.map((line) => new Map(line.points.map((point) => [point.column, point.cards])));
    const steps = grid.layout.columns.map(({ step }) => step);
    const entry = new Map(lines.map(({ persona }) => {
      const wanted = entries.get(`${lane.id}\n${persona}`);
      return [persona, steps.some((step) => step?.id === wanted) ? wanted : steps.find(Boolean)?.id];
    }));
    grid.layout.columns.forEach(({ step, key }, column) => {
      if (!step) return;
      const cell = row.cells.get(key);
      const points = lines.flatMap((line, i) => (felt[i].get(column) ?? [{}]).map((card, place) => ({
        key: `${line.persona}\n${place}`, lane, step, persona: line.persona, shift: line.shift, ...card,
        isEntry: !place && entry.get(line.persona) === step.id,
      })));
      cell.points ??= element("div", "em-points");
      if (cell.points.parentElement !== cell) cell.append(cell.points);
      reconcile(cell.points, points, { key: (point) => point.key, make: makePoint, update: drawPoint });
    });
  }

  function makePoint() {
    return element("span", "em-point", {
      role: "slider", "aria-orientation": "vertical", "aria-valuemin": "-2", "aria-valuemax": "2",
    });
  }

  function drawPoint(node, point) {
    const persona = grid.personas.get(point.persona);
    const name = persona ? persona.name ?? persona.id : say("all_customers");
    const colour = persona ? page.colourOf(persona) : "var(--text)";
    const label = `${name}, ${point.step.name ?? point.step.id}`;
    const told = [label, colour, point.shift, point.id, point.emotion, point.isEntry].join("\n");
    node.point = point;
    if (node.told === told) return;
    node.told = told;
    node.tabIndex = point.isEntry ? 0 : -1;
    node.classList.toggle("em-ghost", point.emotion === undefined);
    node.setAttribute("aria-label", label);
    node.title = label;
    node.style.setProperty("--persona", colour);
    node.style.setProperty("--shift", `${point.shift}px`);
    place(node, point.emotion);
  }

  function place(node, emotion) {
    node.style.setProperty("--y", `${yOf(emotion ?? 0)}px`);
    node.setAttribute("aria-valuenow", emotion ?? 0);
    node.setAttribute("aria-valuetext", emotion === undefined ? say("not_set") : page.emotions[emotion]);
  }

  // ---- edits ----

  function feel(point, emotion) {
    const map = store.shown;
    const own = point.id ? find(map, "cards", point.id) : bare(point);
    if (own?.emotion === emotion) return;
    if (own) sync.edit([changing("cards", own, { emotion })]);
    else {
      const card = { lane: point.lane.id, step: point.step.id, emotion, follows: lastOf(map, "cards") };
      if (point.persona) card.persona = point.persona;
      sync.edit([adding("cards", newId("cards"), card)]);
    }
  }

  // A card of this persona in the cell that says nothing of feelings yet.
  function bare(point) {
    return cardsAt(grid.layout, point.lane.id, point.step.id)
      .find((card) => (card.persona ?? "") === point.persona && card.emotion === undefined);
  }

  // The feeling goes; a card that held nothing else goes with it.
  function forget(point) {
    const card = point.id && find(store.shown, "cards", point.id);
    if (!card) return;
    const isBare = !card.text && !card.image && !card.links?.length;
    sync.edit([isBare ? removing("cards", card) : changing("cards", card, { emotion: null })]);
  }

  // ---- keys ----

  function beside(node, right) {
    const { lane, step, persona } = node.point;
    const columns = grid.layout.columns.filter((column) => column.step);
    const next = columns[columns.findIndex((column) => column.step.id === step.id) + right];
    const cell = next && grid.rows.get(`lane ${lane.id}`)?.cells.get(next.key);
    return [...(cell?.points?.children ?? [])].find((each) => each.point.persona === persona);
  }

  sheet.addEventListener("keydown", (event) => {
    const node = event.target.closest(".em-point");
    if (!node || event.ctrlKey || event.metaKey || event.altKey || event.key === "Tab" || event.key === "Shift") return;
    event.stopPropagation();
    const { point } = node;
    if (event.key in BY_KEY) feel(point, clamp((point.emotion ?? 0) + BY_KEY[event.key]));
    else if (event.key in TO_KEY) feel(point, TO_KEY[event.key] ?? point.emotion ?? 0);
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const next = beside(node, event.key === "ArrowRight" ? 1 : -1);
      next?.focus({ preventScroll: true });
      next?.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else if (event.key === "Delete" || event.key === "Backspace") forget(point);
    else if (event.key === "Enter" && point.id) editor.details.open({ kind: "card", id: point.id });
    else if (event.key === "Escape") editor.selection.go({ kind: "cell", lane: point.lane.id, step: point.step.id });
    else return;
    event.preventDefault();
  }, { capture: true });

  sheet.addEventListener("focusin", (event) => {
    const point = event.target.closest(".em-point")?.point;
    if (!point) return;
    const key = `${point.lane.id}\n${point.persona}`;
    if (entries.get(key) === point.step.id) return;
    entries.set(key, point.step.id);
    draw();
  });

  // ---- mouse and finger ----

  sheet.addEventListener("pointerdown", (event) => {
    const node = event.target.closest(".em-point");
    if (!node || event.button) return;
    event.stopPropagation();
    event.preventDefault();
    node.focus({ preventScroll: true });
    node.setPointerCapture(event.pointerId);
    drag = { node, point: node.point, emotion: node.point.emotion ?? 0, id: event.pointerId };
  }, { capture: true });

  sheet.addEventListener("pointermove", (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    event.stopPropagation();
    const box = drag.node.parentElement.getBoundingClientRect();
    const emotion = emotionAt(((event.clientY - box.top) / box.height) * HEIGHT);
    if (emotion === drag.emotion) return;
    drag.emotion = emotion;
    bend();
  }, { capture: true });

  // The curve goes along with what is dragged.
  function bend() {
    const { node, point, emotion } = drag;
    place(node, emotion);
    node.classList.remove("em-ghost");
    const bent = { id: point.id, lane: point.lane.id, step: point.step.id, persona: point.persona || undefined, emotion };
    drawCurves(grid.rows.get(`lane ${point.lane.id}`), point.lane, grid.layout, grid.personas, page, bent);
  }

  function end(isDone) {
    const done = drag;
    drag = null;
    done.node.told = "";
    if (isDone) feel(done.point, done.emotion);
    const { lane } = done.point;
    drawCurves(grid.rows.get(`lane ${lane.id}`), lane, grid.layout, grid.personas, page);
    draw();
  }

  for (const [name, isDone] of [["pointerup", true], ["pointercancel", false]]) {
    sheet.addEventListener(name, (event) => {
      if (!drag || event.pointerId !== drag.id) return;
      event.stopPropagation();
      end(isDone);
    }, { capture: true });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drag) return;
    event.preventDefault();
    event.stopPropagation();
    end(false);
  }, { capture: true });
  for (const name of ["click", "dblclick"]) {
    sheet.addEventListener(name, (event) => {
      if (event.target.closest(".em-point")) event.stopPropagation();
    }, { capture: true });
  }

  sheet.addEventListener("drawn", () => { if (!drag) draw(); });
}
