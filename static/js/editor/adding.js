// What is added, duplicated and deleted, as changes. Pure: a map in, changes and the new place out.
import { adding, cardsIn, find, lastOf, newId, removing, stepsOf } from "touchline/editor/map";

const without = (entry, ...fields) => Object.fromEntries(
  Object.entries(entry).filter(([field]) => field !== "id" && !fields.includes(field)),
);

export function newCard(map, lane, step, fields, after = null) {
  const id = newId("cards");
  const follows = after ?? cardsIn(map, lane, step).at(-1)?.id ?? lastOf(map, "cards");
  return { changes: [adding("cards", id, { lane, step, ...fields, follows })], at: { kind: "card", id } };
}

// After that step, or last in its stage.
export function newStep(map, stage, name, after = null) {
  const id = newId("steps");
  const follows = after ?? stepsOf(map, stage).at(-1)?.id ?? lastOf(map, "steps");
  return { changes: [adding("steps", id, { stage, name, follows })], at: { kind: "step", id } };
}

export function newStage(map, name, after = null) {
  const id = newId("stages");
  return { changes: [adding("stages", id, { name, follows: after ?? lastOf(map, "stages") })], at: { kind: "stage", id } };
}

export function newLane(map, kind, name, after = null) {
  const id = newId("lanes");
  return { changes: [adding("lanes", id, { kind, name, follows: after ?? lastOf(map, "lanes") })], at: { kind: "lane", id } };
}

export function newPersona(map, name) {
  const id = newId("personas");
  return { changes: [adding("personas", id, { name, follows: lastOf(map, "personas") })], id };
}

const LISTS = { stage: "stages", step: "steps", lane: "lanes", card: "cards" };

export function entryAt(map, at) {
  return at && LISTS[at.kind] ? find(map, LISTS[at.kind], at.id) : undefined;
}

export function listOf(at) {
  return LISTS[at.kind];
}

export function removal(map, at, cards) {
  if (at.kind === "card" || at.kind === "cell") return cards.map((card) => removing("cards", card));
  const entry = entryAt(map, at);
  return entry ? [removing(LISTS[at.kind], entry)] : [];
}

// A copy behind the original: of cards, of a step with its cards, of a stage, of a lane.
export function duplicates(map, at, cards) {
  if (at.kind === "card") return copyCards(map, cards);
  const entry = entryAt(map, at);
  if (!entry) return { changes: [] };
  const list = LISTS[at.kind];
  const id = newId(list);
  const changes = [adding(list, id, { ...without(entry), follows: entry.id })];
  if (at.kind === "stage") copySteps(map, entry, id, changes);
  else {
    const held = map.cards.filter((card) => card[at.kind] === entry.id);
    copyInto(map, held, { [at.kind]: id }, changes);
  }
  return { changes, at: { kind: at.kind, id } };
}

function copyCards(map, cards) {
  const changes = cards.map((card) => adding("cards", newId("cards"), { ...without(card), follows: card.id }));
  return { changes, at: changes.length ? { kind: "card", id: changes.at(-1).id } : null };
}

function copySteps(map, stage, id, changes) {
  let follows = lastOf(map, "steps");
  for (const step of stepsOf(map, stage.id)) {
    const copy = newId("steps");
    changes.push(adding("steps", copy, { ...without(step), stage: id, follows }));
    copyInto(map, map.cards.filter((card) => card.step === step.id), { step: copy }, changes);
    follows = copy;
  }
}

function copyInto(map, cards, fields, changes) {
  const lastCopy = changes.findLast((change) => change.list === "cards");
  let follows = lastCopy?.id ?? lastOf(map, "cards");
  for (const card of cards) {
    const id = newId("cards");
    changes.push(adding("cards", id, { ...without(card), ...fields, follows }));
    follows = id;
  }
}
