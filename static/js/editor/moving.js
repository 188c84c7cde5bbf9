// Moves of cards, steps, stages and lanes: by keys, by dragging, by “Move to…”.
import { behind, cardsIn, changing, find, lastOf, previousOf, stepsOf } from "touchline/editor/map";
import { cardsAt, positionOf } from "touchline/editor/layout";

// These cards into a cell, in front of that card or last.
export function cardsTo(map, cards, lane, step, before = null) {
  const moving = new Set(cards.map((card) => card.id));
  const rest = map.cards.filter((card) => !moving.has(card.id));
  const place = rest.findIndex((card) => card.id === before);
  let follows;
  if (place >= 0) follows = rest[place - 1]?.id ?? null;
  else follows = rest.filter((card) => card.lane === lane && card.step === step).at(-1)?.id ?? rest.at(-1)?.id ?? null;
  const fields = (card) => ({
    ...(card.lane === lane ? {} : { lane }), ...(card.step === step ? {} : { step }),
  });
  return unlessStill(map, behind("cards", cards, follows, fields));
}

// A stage or lane in front of that one, or last.
export function partTo(map, list, entry, before) {
  const rest = map[list].filter((each) => each.id !== entry.id);
  const place = before === null ? rest.length : rest.findIndex((each) => each.id === before);
  return unlessStill(map, [changing(list, entry, { follows: rest[place - 1]?.id ?? null })]);
}

// A step into a stage, in front of that step or last.
export function stepTo(map, step, stage, before) {
  const rest = map.steps.filter((each) => each.id !== step.id);
  const place = rest.findIndex((each) => each.id === before);
  const last = rest.filter((each) => each.stage === stage).at(-1)?.id ?? rest.at(-1)?.id ?? null;
  const follows = place < 0 ? last : rest[place - 1]?.id ?? null;
  return unlessStill(map, [changing("steps", step, { ...(step.stage === stage ? {} : { stage }), follows })]);
}

function unlessStill(map, changes) {
  const moves = changes.some(({ list, id, after }) => Object.keys(after).length > 1 || previousOf(map, list, id) !== after.follows);
  return moves ? changes : [];
}

// One place in the direction of an arrow.
export function moved(map, layout, at, cards, down, right) {
  if (at.kind === "card") return moveCards(map, layout, cards, down, right);
  if (at.kind === "stage" && right) return moveBy(map, "stages", at.id, right);
  if (at.kind === "lane" && down) {
    const shown = layout.lanes.findIndex((lane) => lane.id === at.id);
    const other = layout.lanes[shown + down];
    if (!other) return [];
    return partTo(map, "lanes", find(map, "lanes", at.id), down < 0 ? other.id : nextOf(map, "lanes", other.id));
  }
  return at.kind === "step" && right ? moveStep(map, at.id, right) : [];
}

function nextOf(map, list, id) {
  return map[list][map[list].findIndex((each) => each.id === id) + 1]?.id ?? null;
}

function moveBy(map, list, id, by) {
  const place = map[list].findIndex((each) => each.id === id);
  const other = map[list][place + by];
  return other ? partTo(map, list, map[list][place], by < 0 ? other.id : nextOf(map, list, other.id)) : [];
}

// At the edge of its stage a step goes over into the next one.
function moveStep(map, id, by) {
  const step = find(map, "steps", id);
  const siblings = stepsOf(map, step.stage);
  const place = siblings.indexOf(step) + by;
  if (siblings[place]) return stepTo(map, step, step.stage, by < 0 ? siblings[place].id : siblings[place + 1]?.id ?? null);
  const stage = map.stages[map.stages.findIndex((each) => each.id === step.stage) + by];
  if (!stage) return [];
  return stepTo(map, step, stage.id, by < 0 ? null : stepsOf(map, stage.id)[0]?.id ?? null);
}

function moveCards(map, layout, cards, down, right) {
  const edge = down < 0 || right < 0 ? cards[0] : cards.at(-1);
  if (!edge) return [];
  const { row, column } = positionOf(layout, { kind: "card", id: edge.id });
  if (down && cards.length === 1) {
    const cell = cardsAt(layout, edge.lane, edge.step);
    const place = cell.findIndex((card) => card.id === edge.id) + down;
    if (cell[place]) return cardsTo(map, cards, edge.lane, edge.step, down < 0 ? cell[place].id : cell[place + 1]?.id ?? null);
  }
  const lane = layout.lanes[row + down];
  let to = column + right;
  while (right && layout.columns[to] && !layout.columns[to].step) to += right;
  const step = layout.columns[to]?.step;
  if (!lane || !step) return [];
  if (isSpread(cards)) return cardsBy(map, layout, cards, down, to - column);
  return cardsTo(map, cards, lane.id, step.id, down > 0 ? cardsIn(map, lane.id, step.id)[0]?.id ?? null : null);
}

// Do these cards stand in more than one cell?
export function isSpread(cards) {
  return cards.some((card) => card.lane !== cards[0].lane || card.step !== cards[0].step);
}

// Cards of several cells keep their pattern; none of them moves where one would leave the map.
export function cardsBy(map, layout, cards, down, right) {
  if (!down && !right) return [];
  const cells = cellsBy(layout, cards, down, right);
  const changes = [];
  let follows = lastOf(map, "cards");
  for (const [i, card] of cards.entries()) {
    if (!cells[i]) return [];
    if (follows === card.id) follows = previousOf(map, "cards", card.id);
    changes.push(changing("cards", card, { ...cells[i], follows }));
    follows = card.id;
  }
  return changes;
}

// Which cell each of the cards would come to; none where the map ends or a stage is folded.
export function cellsBy(layout, cards, down, right) {
  const at = new Map(layout.columns.map(({ step }, column) => [step?.id, column]));
  return cards.map((card) => {
    const lane = layout.lanes[layout.lanes.findIndex((each) => each.id === card.lane) + down];
    const step = layout.columns[at.get(card.step) + right]?.step;
    return lane && step ? { lane: lane.id, step: step.id } : null;
  });
}
