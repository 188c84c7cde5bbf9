// Cells in from a spreadsheet, cells out to one. A block of cells becomes cards from the focused
// cell on; on the head it becomes steps (or stages). All of it is one operation.
import { toast } from "touchline/toast";
import { announce, say, sayCount } from "touchline/editor/words";
import { adding, lastOf, newId, removing } from "touchline/editor/map";
import { cardsAt, positionOf } from "touchline/editor/layout";

const MOST = 2000;
const RICH = "application/x-touchline-cards";
const FORMULA = /^[=+\-@\t\r]/;
const TEXT_LIMIT = 10_000;
const NAME_LIMIT = 160;

export function listenToClipboard(editor) {
  const { grid, store, sync, selection } = editor;
  const isOurs = (event) => {
    const here = document.activeElement;
    if (event.target.closest?.("input, textarea, [contenteditable]")) return false;
    return grid.sheet.contains(here);
  };

  function copy(event) {
    if (!isOurs(event) || !selection.at) return false;
    const cards = selection.cards();
    const rows = blockOf(grid.layout, selection, cards, store.shown);
    if (!rows.length) return false;
    event.preventDefault();
    event.clipboardData.setData("text/plain", rows.map((row) => row.map(asTsv).join("\t")).join("\n"));
    event.clipboardData.setData("text/html", asHtml(rows));
    event.clipboardData.setData(RICH, JSON.stringify(patternOf(grid.layout, cards)));
    announce(sayCount("copied_cards", cards.length));
    return cards;
  }

  document.addEventListener("copy", copy);
  document.addEventListener("cut", (event) => {
    const cards = copy(event);
    if (!cards?.length) return;
    const operation = sync.edit(cards.map((card) => removing("cards", card)));
    toast(sayCount("cut_cards", cards.length), "info", { label: say("undo"), press: () => sync.undoOne(operation.id) });
  });
  document.addEventListener("paste", (event) => {
    if (!isOurs(event) || !selection.at) return;
    const rich = parse(event.clipboardData.getData(RICH));
    const rows = rich ? null : readCells(event.clipboardData);
    if (!rich?.length && !rows?.length) return;
    event.preventDefault();
    const pasted = rich?.length && !["step", "stage"].includes(selection.at.kind)
      ? pastePattern(store.shown, grid.layout, selection.at, rich)
      : pasteCells(store.shown, grid.layout, selection.at, rows ?? rich.map((card) => [card.fields.text ?? ""]));
    if (pasted.error || pasted.changes.length > MOST) {
      toast(pasted.error ?? say("too_much", { most: MOST }), "error");
      return;
    }
    const operation = sync.edit(pasted.changes);
    if (pasted.at) selection.go(pasted.at);
    if (!operation) return;
    toast(pasted.said, "info", { label: say("undo"), press: () => sync.undoOne(operation.id) });
  });
}

// ---- out ----

// The selected block as rows of texts: a cell's cards beneath one another, or a heading's name.
function blockOf(layout, selection, cards, map) {
  const { at } = selection;
  if (at.kind === "step" || at.kind === "stage" || at.kind === "lane") {
    return [[map[`${at.kind}s`].find((entry) => entry.id === at.id)?.name ?? ""]];
  }
  if (selection.chosen.size || !selection.anchor) return cards.map((card) => [card.text ?? ""]);
  const block = selection.block();
  const chosen = new Set(cards);
  return layout.lanes.slice(block.top, block.bottom + 1).map((lane) => layout.columns
    .slice(block.left, block.right + 1)
    .map(({ step }) => (step ? cardsAt(layout, lane.id, step.id).filter((card) => chosen.has(card)).map(wordsOf).join("\n") : "")));
}

const wordsOf = (card) => card.text ?? (card.emotion === undefined ? "" : String(card.emotion));
const harmless = (text) => (FORMULA.test(text) ? `'${text}` : text);

function asTsv(text) {
  const safe = harmless(text);
  return /[\t\n"]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function asHtml(rows) {
  const table = document.createElement("table");
  for (const row of rows) {
    const line = table.insertRow();
    for (const text of row) line.insertCell().innerText = harmless(text);
  }
  return table.outerHTML;
}

// Cards with all they carry and where they lie to each other, for pasting within Touchline.
function patternOf(layout, cards) {
  const places = cards.map((card) => positionOf(layout, { kind: "card", id: card.id }));
  const top = Math.min(...places.map((place) => place.row));
  const left = Math.min(...places.map((place) => place.column));
  return cards.map(({ id, lane, step, persona, ...fields }, i) => ({ down: places[i].row - top, right: places[i].column - left, fields }));
}

// ---- in ----

export function readCells(clipboard) {
  const html = clipboard.getData("text/html");
  if (/<table/i.test(html)) {
    const table = new DOMParser().parseFromString(html, "text/html").querySelector("table");
    const rows = table ? [...table.rows].map((row) => [...row.cells].flatMap(cellTexts)) : [];
    if (rows.some((row) => row.some(Boolean))) return trimmed(rows);
  }
  return trimmed(parseTsv(clipboard.getData("text/plain")));
}

function cellTexts(cell) {
  for (const line of cell.querySelectorAll("br")) line.replaceWith("\n");
  const text = plain(cell.textContent);
  return [text, ...Array(Math.min(50, cell.colSpan) - 1).fill("")];
}

const plain = (text) => text.replace(/\u00a0/g, " ").trim().replace(/^'(?=[=+\-@])/, "");

export function parseTsv(text) {
  const rows = [[""]];
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const row = rows.at(-1);
    const letter = text[i];
    if (quoted && letter === '"' && text[i + 1] === '"') { row[row.length - 1] += '"'; i += 1; }
    else if (letter === '"' && (quoted || !row.at(-1))) quoted = !quoted;
    else if (!quoted && letter === "\t") row.push("");
    else if (!quoted && letter === "\n") rows.push([""]);
    else if (letter !== "\r") row[row.length - 1] += letter;
  }
  return rows.map((row) => row.map(plain));
}

function trimmed(rows) {
  while (rows.length && !rows.at(-1).some(Boolean)) rows.pop();
  return rows;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// Makes the steps and lanes that are missing from there on.
function roomFor(map, layout, row, column, height, width, changes) {
  const columns = layout.columns.slice(column).filter((each) => each.step).map((each) => each.step.id);
  const stage = layout.columns[Math.min(column, layout.columns.length - 1)]?.stage.id ?? map.stages.at(-1)?.id;
  const ofStage = layout.columns.filter((each) => each.step).at(-1);
  let follows = lastOf(map, "steps");
  while (columns.length < width) {
    const id = newId("steps");
    changes.push(adding("steps", id, { stage: ofStage?.stage.id ?? stage, name: say("new_step"), follows }));
    columns.push(id);
    follows = id;
  }
  const lanes = layout.lanes.slice(row).map((lane) => lane.id);
  follows = lastOf(map, "lanes");
  while (lanes.length < height) {
    const id = newId("lanes");
    changes.push(adding("lanes", id, { kind: "text", name: say("new_lane"), follows }));
    lanes.push(id);
    follows = id;
  }
  return { columns, lanes };
}

function pasteCells(map, layout, at, rows) {
  const changes = [];
  const { row, column } = positionOf(layout, at);
  if (at.kind === "stage" || at.kind === "step") return pasteHeads(map, layout, at, rows, changes);
  const width = Math.max(...rows.map((cells) => cells.length));
  const room = roomFor(map, layout, Math.max(0, row), Math.max(0, column), rows.length, width, changes);
  const cards = addCards(map, rows, room, changes);
  return cards.error ? cards : { changes, at: cards.at, said: sayCount("pasted_cards", cards.n) };
}

function pasteHeads(map, layout, at, rows, changes) {
  const list = `${at.kind}s`;
  const names = rows[0].map((name) => name || say(at.kind === "step" ? "new_step" : "new_stage"));
  if (names.some((name) => name.length > NAME_LIMIT)) return { error: say("too_long", { most: NAME_LIMIT }) };
  const stage = at.kind === "step" ? map.steps.find((step) => step.id === at.id).stage : null;
  let follows = at.id;
  const ids = names.map((name) => {
    const id = newId(list);
    changes.push(adding(list, id, { name, ...(stage ? { stage } : {}), follows }));
    follows = id;
    return id;
  });
  const said = sayCount(at.kind === "step" ? "pasted_steps" : "pasted_stages", ids.length);
  if (at.kind === "step" && rows.length > 1) {
    const room = roomFor(map, layout, 0, 0, rows.length - 1, 0, changes);
    const cards = addCards(map, rows.slice(1), { columns: ids, lanes: room.lanes }, changes);
    if (cards.error) return cards;
  }
  return { changes, at: { kind: at.kind, id: ids[0] }, said };
}

function addCards(map, rows, { columns, lanes }, changes) {
  let follows = lastOf(map, "cards");
  let at = null;
  let n = 0;
  for (const [down, cells] of rows.entries()) {
    const isFelt = map.lanes.find((lane) => lane.id === lanes[down])?.kind === "emotion";
    for (const [right, text] of cells.entries()) {
      if (!text) continue;
      if (text.length > TEXT_LIMIT) return { error: say("too_long", { most: TEXT_LIMIT }) };
      const felt = isFelt && /^[+−-]?[0-2]$/.test(text) ? { emotion: Number(text.replace("−", "-")) } : { text };
      const id = newId("cards");
      changes.push(adding("cards", id, { lane: lanes[down], step: columns[right], ...felt, basis: "assumption", follows }));
      follows = id;
      at ??= { kind: "card", id };
      n += 1;
    }
  }
  return { at, n };
}

function pastePattern(map, layout, at, cards) {
  const changes = [];
  const { row, column } = positionOf(layout, at);
  const height = Math.max(...cards.map((card) => card.down)) + 1;
  const width = Math.max(...cards.map((card) => card.right)) + 1;
  const room = roomFor(map, layout, Math.max(0, row), Math.max(0, column), height, width, changes);
  let follows = lastOf(map, "cards");
  const made = cards.map(({ down, right, fields }) => {
    const id = newId("cards");
    changes.push(adding("cards", id, { ...fields, lane: room.lanes[down], step: room.columns[right], follows }));
    follows = id;
    return id;
  });
  return { changes, at: { kind: "card", id: made[0] }, said: sayCount("pasted_cards", made.length) };
}
