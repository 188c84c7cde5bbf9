// What can be done with the map, by name: buttons (data-does), keys and menus all come here.
import { toast } from "touchline/toast";
import { announce, say, sayCount } from "touchline/editor/words";
import { changing, find, removing } from "touchline/editor/map";
import { duplicates, entryAt, newLane, newStage, newStep, removal } from "touchline/editor/adding";
import { moved } from "touchline/editor/moving";
import { placeAt, positionOf } from "touchline/editor/layout";

export function commandsOf(editor) {
  const { store, sync, selection, inline, view, page, grid } = editor;
  const map = () => store.shown;
  const at = () => selection.at;

  // Makes the edit and goes where it leads; a new name is written at once.
  function make({ changes, at: place }, { writes = false } = {}) {
    if (!changes.length) return null;
    const operation = sync.edit(changes);
    if (place) {
      selection.go(place);
      if (writes) inline.edit(place, { selectAll: true });
    }
    return operation;
  }

  function cellHere() {
    const place = at() ?? selection.first();
    if (!place) return null;
    if (place.kind === "cell") return place;
    if (place.kind === "card") {
      const card = entryAt(map(), place);
      return card && { lane: card.lane, step: card.step, after: card.id };
    }
    const { row, column } = positionOf(grid.layout, place);
    const cell = placeAt(grid.layout, Math.max(0, row), Math.max(0, column));
    if (cell?.kind !== "card") return cell?.kind === "cell" ? cell : null;
    const card = entryAt(map(), cell);
    return { lane: card.lane, step: card.step };
  }

  function stepHere() {
    const place = at();
    if (place?.kind === "step") return find(map(), "steps", place.id);
    if (place?.kind === "cell") return find(map(), "steps", place.step);
    if (place?.kind === "card") return find(map(), "steps", entryAt(map(), place)?.step);
    return null;
  }

  function stageHere() {
    if (at()?.kind === "stage") return at().id;
    return stepHere()?.stage ?? map().stages.at(-1)?.id;
  }

  function remove() {
    const place = at();
    if (!place) return;
    const cards = selection.cards();
    const changes = removal(map(), place, cards);
    if (!changes.length) return;
    const name = place.kind === "card" || place.kind === "cell" ? "" : entryAt(map(), place).name;
    const said = name ? say("deleted_part", { name }) : sayCount("deleted_cards", changes.length);
    selection.chosen.clear();
    selection.anchor = null;
    const operation = sync.edit(changes);
    toast(said, "info", { label: say("undo"), press: () => sync.undoOne(operation.id) });
    grid.element(selection.at)?.focus({ preventScroll: true });
  }

  function move(down, right) {
    const place = at();
    if (!place) return;
    const cards = selection.cards();
    const changes = moved(map(), grid.layout, place, cards, down, right);
    if (!changes.length) {
      announce(say("no_further"));
      return;
    }
    if (place.kind === "card" && find(map(), "lanes", changes[0].after.lane ?? cards[0].lane) === undefined) return;
    sync.edit(changes);
    selection.go(place, { keep: true });
    const { row, column } = positionOf(grid.layout, place);
    announce(say("moved", { row: row + 1, column: column + 1 }));
  }

  function setField(field, value) {
    const entry = entryAt(map(), at());
    if (entry) sync.edit([changing(at().kind === "card" ? "cards" : `${at().kind}s`, entry, { [field]: value })]);
  }

  function feel(by) {
    const cards = selection.cards().filter((card) => find(map(), "lanes", card.lane)?.kind === "emotion");
    const changes = cards.map((card) => [card, Math.max(-2, Math.min(2, (card.emotion ?? 0) + by))])
      .filter(([card, emotion]) => emotion !== card.emotion)
      .map(([card, emotion]) => changing("cards", card, { emotion }));
    sync.edit(changes);
    if (changes.length) announce(page.emotions[changes[0].after.emotion]);
  }

  return {
    edit: () => (at()?.kind === "cell" ? inline.draft(at().lane, at().step) : inline.edit(at())),
    "new-card": () => {
      const cell = cellHere();
      if (cell) inline.draft(cell.lane, cell.step, cell.after);
      else toast(say(map().steps.length ? "need_lane" : "need_step"));
    },
    "add-step": (element) => {
      const stage = element?.dataset.stage ?? element?.closest(".ed-stage")?.at.id;
      if (stage) return make(newStep(map(), stage, say("new_step")), { writes: true });
      const step = stepHere();
      const into = step?.stage ?? stageHere();
      if (!into) return make(newStage(map(), say("new_stage")), { writes: true });
      return make(newStep(map(), into, say("new_step"), step?.id ?? null), { writes: true });
    },
    "add-stage": () => make(newStage(map(), say("new_stage"), at()?.kind === "stage" ? at().id : null), { writes: true }),
    "add-lane": (element) => {
      const kind = element?.dataset.kind ?? "text";
      make(newLane(map(), kind, page.kinds[kind], at()?.kind === "lane" ? at().id : null), { writes: true });
    },
    delete: remove,
    duplicate: () => {
      if (at()) make(duplicates(map(), at(), selection.cards()));
    },
    undo: () => sync.undo(),
    redo: () => sync.redo(),
    left: () => move(0, -1),
    right: () => move(0, 1),
    up: () => move(-1, 0),
    down: () => move(1, 0),
    happier: () => feel(1),
    sadder: () => feel(-1),
    collapse: (element) => {
      const id = element?.closest(".ed-stage")?.at.id ?? (at()?.kind === "stage" ? at().id : stageHere());
      if (id) view.toggleStage(id);
    },
    "hide-lane": () => setField("hidden", find(map(), "lanes", at()?.id)?.hidden ? null : true),
    height: (element) => setField("height", element.dataset.height || null),
    "zoom-in": () => view.zoomBy(1),
    "zoom-out": () => view.zoomBy(-1),
    "zoom-whole": () => view.set({ zoom: 1 }),
    "zoom-fit": () => {
      const { scrollWidth } = grid.sheet;
      const room = grid.sheet.parentElement.clientWidth;
      view.set({ zoom: Math.min(1, Math.floor((room / (scrollWidth / view.zoom)) * 100) / 100) });
    },
    details: () => editor.details.open(at()),
    menu: () => editor.menu.open(at()),
    "move-to": () => editor.moveTo.open(at(), selection.cards()),
    find: () => editor.finder.open(),
    "add-persona": () => editor.details.addPersona(),
    persona: (element) => editor.details.open({ kind: "persona", id: element.dataset.persona }),
    "remove-persona": (element) => {
      const persona = find(map(), "personas", element.dataset.persona);
      if (!persona) return;
      editor.details.close();
      const operation = sync.edit([removing("personas", persona)]);
      toast(say("deleted_part", { name: persona.name }), "info", { label: say("undo"), press: () => sync.undoOne(operation.id) });
    },
  };
}
