// What can be done with the map, by name: buttons (data-does), keys and menus all come here.
import { toast } from "touchline/toast";
import { announce, say, sayCount } from "touchline/editor/words";
import { changing, find, removing } from "touchline/editor/map";
import { duplicates, entryAt, listOf, newLane, newStage, newStep, removal } from "touchline/editor/adding";
import { moved } from "touchline/editor/moving";
import { placeAt, positionOf } from "touchline/editor/layout";

export function commandsOf(editor) {
  return { ...writing(editor), ...adding(editor), ...changingPlaces(editor), ...looking(editor), ...opening(editor) };
}

// Makes the edit and goes where it leads; a new name is written at once.
function make({ sync, selection, inline }, { changes, at }, { writes = false } = {}) {
  if (!changes.length) return;
  sync.edit(changes);
  if (!at) return;
  selection.go(at);
  if (writes) inline.edit(at, { selectAll: true });
}

// Deletions are told, with their way back.
function tell({ sync }, said, operation) {
  toast(said, "info", { label: say("undo"), press: () => sync.undoOne(operation.id) });
}

// ---- where one is ----

function cellHere({ selection, store, grid }) {
  const place = selection.at ?? selection.first();
  if (!place) return null;
  if (place.kind === "cell") return place;
  if (place.kind === "card") {
    const card = entryAt(store.shown, place);
    return card && { lane: card.lane, step: card.step, after: card.id };
  }
  const { row, column } = positionOf(grid.layout, place);
  const cell = placeAt(grid.layout, Math.max(0, row), Math.max(0, column));
  if (cell?.kind !== "card") return cell?.kind === "cell" ? cell : null;
  const { lane, step } = entryAt(store.shown, cell);
  return { lane, step };
}

function stepHere({ selection: { at }, store: { shown } }) {
  if (at?.kind === "step") return find(shown, "steps", at.id);
  if (at?.kind === "cell") return find(shown, "steps", at.step);
  if (at?.kind === "card") return find(shown, "steps", entryAt(shown, at)?.step);
  return undefined;
}

function stageHere(editor, element) {
  const named = element?.dataset.stage ?? element?.closest(".ed-stage")?.at.id;
  if (named) return named;
  const { at } = editor.selection;
  return at?.kind === "stage" ? at.id : stepHere(editor)?.stage;
}

// ---- what is done ----

function writing(editor) {
  const { selection, inline, store } = editor;
  return {
    edit: () => (selection.at?.kind === "cell" ? inline.draft(selection.at.lane, selection.at.step) : inline.edit(selection.at)),
    "new-card": () => {
      const cell = cellHere(editor);
      if (cell) inline.draft(cell.lane, cell.step, cell.after);
      else toast(say(store.shown.steps.length ? "need_lane" : "need_step"));
    },
  };
}

function adding(editor) {
  const { selection, store, page, sync, grid } = editor;
  const behind = (kind) => (selection.at?.kind === kind ? selection.at.id : null);
  return {
    "add-step": (element) => {
      const { shown } = store;
      const stage = stageHere(editor, element) ?? shown.stages.at(-1)?.id;
      if (!stage) return make(editor, newStage(shown, say("new_stage")), { writes: true });
      const step = element?.closest(".ed-sheet") ? undefined : stepHere(editor);
      return make(editor, newStep(shown, stage, say("new_step"), step?.id ?? null), { writes: true });
    },
    "add-stage": () => make(editor, newStage(store.shown, say("new_stage"), behind("stage")), { writes: true }),
    "add-lane": (element) => {
      const kind = element?.dataset.kind ?? "text";
      make(editor, newLane(store.shown, kind, page.kinds[kind], behind("lane")), { writes: true });
    },
    duplicate: () => {
      if (selection.at) make(editor, duplicates(store.shown, selection.at, selection.cards()));
    },
    delete: () => {
      const { at } = selection;
      const changes = at ? removal(store.shown, at, selection.cards()) : [];
      if (!changes.length) return;
      const isCards = at.kind === "card" || at.kind === "cell";
      const said = isCards ? sayCount("deleted_cards", changes.length) : say("deleted_part", { name: entryAt(store.shown, at).name });
      selection.chosen.clear();
      selection.anchor = null;
      tell(editor, said, sync.edit(changes));
      grid.element(selection.at)?.focus({ preventScroll: true });
    },
    undo: () => sync.undo(),
    redo: () => sync.redo(),
  };
}

function changingPlaces(editor) {
  const { selection, store, sync, grid, page } = editor;
  function move(down, right) {
    const cards = selection.cards();
    const isAmong = selection.at?.kind === "card" && cards.some((card) => card.id === selection.at.id);
    const at = cards.length && !isAmong ? { kind: "card", id: cards[0].id } : selection.at;
    const changes = at ? moved(store.shown, grid.layout, at, cards, down, right) : [];
    if (!changes.length) {
      announce(say("no_further"));
      return;
    }
    sync.edit(changes);
    if (cards.length > 1) selection.choose(cards, at);
    else selection.go(at, { keep: true });
    const { row, column } = positionOf(grid.layout, at);
    announce(say("moved", { row: row + 1, column: column + 1 }));
  }
  function feel(by) {
    const isFelt = (card) => find(store.shown, "lanes", card.lane)?.kind === "emotion";
    const changes = selection.cards().filter(isFelt)
      .map((card) => [card, Math.max(-2, Math.min(2, (card.emotion ?? 0) + by))])
      .filter(([card, emotion]) => emotion !== card.emotion)
      .map(([card, emotion]) => changing("cards", card, { emotion }));
    sync.edit(changes);
    if (changes.length) announce(page.emotions[changes[0].after.emotion]);
  }
  function set(field, value) {
    const entry = entryAt(store.shown, selection.at);
    if (entry) sync.edit([changing(listOf(selection.at), entry, { [field]: value })]);
  }
  return {
    left: () => move(0, -1),
    right: () => move(0, 1),
    up: () => move(-1, 0),
    down: () => move(1, 0),
    happier: () => feel(1),
    sadder: () => feel(-1),
    "hide-lane": () => set("hidden", entryAt(store.shown, selection.at)?.hidden ? null : true),
    height: (element) => set("height", element.dataset.height || null),
  };
}

function looking(editor) {
  const { view, grid } = editor;
  return {
    collapse: (element) => {
      const id = stageHere(editor, element);
      if (id) view.toggleStage(id);
    },
    "zoom-in": () => view.zoomBy(1),
    "zoom-out": () => view.zoomBy(-1),
    "zoom-whole": () => view.set({ zoom: 1 }),
    "zoom-fit": () => {
      const whole = grid.sheet.scrollWidth / view.zoom;
      view.set({ zoom: Math.min(1, Math.floor((grid.sheet.parentElement.clientWidth / whole) * 100) / 100) });
    },
    find: () => editor.finder.open(),
  };
}

function opening(editor) {
  const { selection, store, sync } = editor;
  return {
    details: () => editor.details.open(selection.at),
    menu: () => editor.menu.open(selection.at),
    "move-to": () => editor.moveTo.open(selection.at, selection.cards()),
    persona: (element) => editor.details.open({ kind: "persona", id: element.dataset.persona }),
    "add-persona": () => editor.details.addPersona(),
    "remove-persona": (element) => {
      const persona = find(store.shown, "personas", element.dataset.persona);
      if (!persona) return;
      editor.details.close();
      tell(editor, say("deleted_part", { name: persona.name }), sync.edit([removing("personas", persona)]));
    },
  };
}
