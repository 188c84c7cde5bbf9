// The map as rows and columns, as this reader looks at it: collapsed stages, hidden lanes, filters.

// A column is a step, a stage without steps, or a collapsed stage.
export function layoutOf(map, view) {
  const stepsOf = new Map(map.stages.map((stage) => [stage.id, []]));
  for (const step of map.steps) stepsOf.get(step.stage)?.push(step);
  const stages = map.stages.map((stage) => {
    const steps = stepsOf.get(stage.id);
    const isCollapsed = view.collapsed.has(stage.id);
    const columns = isCollapsed || !steps.length ? [{ stage, step: null, isCollapsed }]
      : steps.map((step) => ({ stage, step, isCollapsed: false }));
    for (const column of columns) column.key = column.step ? `step ${column.step.id}` : `stage ${stage.id} ${isCollapsed}`;
    return { stage, steps, columns, isCollapsed };
  });
  const lanes = map.lanes.filter((lane) => view.showsLane(lane));
  const hidden = view.hiddenPersonas(map.personas);
  const personas = map.personas.filter((persona) => !hidden.has(persona.id));
  return { stages, columns: stages.flatMap((each) => each.columns), lanes, personas, cells: cellsOf(map, hidden) };
}

const cellKey = (lane, step) => `${lane}\n${step}`;

function cellsOf(map, hidden) {
  const cells = new Map();
  for (const card of map.cards) {
    if (card.persona && hidden.has(card.persona)) continue;
    const key = cellKey(card.lane, card.step);
    const cards = cells.get(key);
    if (cards) cards.push(card);
    else cells.set(key, [card]);
  }
  return cells;
}

const NONE = [];
export function cardsAt(layout, lane, step) {
  return layout.cells.get(cellKey(lane, step)) ?? NONE;
}

// ---- places: {kind: "stage" | "step" | "lane" | "card", id} or {kind: "cell", lane, step} ----

export function keyOf(at) {
  return at.kind === "cell" ? `cell\n${at.lane}\n${at.step ?? ""}` : `${at.kind}\n${at.id}`;
}

// Row −2 are the stages, −1 the steps; column −1 are the lanes' names.
export function positionOf(layout, at) {
  const columnOf = (id) => layout.columns.findIndex((column) => column.step?.id === id);
  if (at.kind === "stage") return { row: -2, column: layout.columns.findIndex((c) => c.stage.id === at.id) };
  if (at.kind === "step") return { row: -1, column: columnOf(at.id) };
  if (at.kind === "lane") return { row: layout.lanes.findIndex((lane) => lane.id === at.id), column: -1 };
  if (at.kind === "cell") return { row: layout.lanes.findIndex((lane) => lane.id === at.lane), column: columnOf(at.step) };
  for (const [key, cards] of layout.cells) {
    const place = cards.findIndex((card) => card.id === at.id);
    if (place < 0) continue;
    const [lane, step] = key.split("\n");
    return { row: layout.lanes.findIndex((each) => each.id === lane), column: columnOf(step), place };
  }
  return { row: -1, column: -1 };
}

// What stands at a row and column; in a cell with cards, one of them.
export function placeAt(layout, row, column, place = 0) {
  const lane = layout.lanes[row];
  if (column < 0) return lane ? { kind: "lane", id: lane.id } : null;
  const there = layout.columns[column];
  if (!there) return null;
  if (row === -2) return { kind: "stage", id: there.stage.id };
  if (!there.step) return row === -1 ? { kind: "stage", id: there.stage.id } : null;
  if (row === -1) return { kind: "step", id: there.step.id };
  if (!lane) return null;
  const cards = cardsAt(layout, lane.id, there.step.id);
  if (!cards.length) return { kind: "cell", lane: lane.id, step: there.step.id };
  return { kind: "card", id: cards[Math.max(0, Math.min(place, cards.length - 1))].id };
}

// Where an arrow leads from here.
export function neighbour(layout, at, down, right) {
  const { row, column, place = 0 } = positionOf(layout, at);
  if (down) {
    if (row >= 0 && column >= 0 && at.kind === "card") {
      const cards = cardsAt(layout, layout.lanes[row].id, layout.columns[column].step.id);
      const next = cards[place + down];
      if (next) return { kind: "card", id: next.id };
    }
    const to = row + down;
    if (to < -2 || to >= layout.lanes.length || (column < 0 && to < 0)) return null;
    return placeAt(layout, to, column, down < 0 ? Infinity : 0);
  }
  let to = column + right;
  if (row === -2) while (layout.columns[to] && layout.columns[to].stage.id === at.id) to += right;
  while (row > -2 && to >= 0 && layout.columns[to] && !layout.columns[to].step && row >= 0) to += right;
  if (to < -1 || to >= layout.columns.length || (to === -1 && row < 0)) return null;
  const found = placeAt(layout, row, to, place);
  return found && keyOf(found) === keyOf(at) ? null : found;
}
