// The menu of a place on the map, and the dialog that moves without dragging.
import { find, stepsOf } from "touchline/editor/map";
import { entryAt } from "touchline/editor/adding";
import { cardsTo, partTo, stepTo } from "touchline/editor/moving";

export class PlaceMenu {
  constructor(editor) {
    this.editor = editor;
    this.box = document.getElementById("map-menu");
    this.box.addEventListener("click", (event) => {
      const item = event.target.closest("[data-does]");
      if (!item) return;
      event.stopPropagation();
      this.box.hidePopover();
      this.#back();
      editor.commands[item.dataset.does](item);
    });
    this.box.addEventListener("keydown", (event) => this.#key(event));
  }

  open(at, where = null) {
    if (!at) return;
    this.editor.inline.close();
    for (const item of this.box.querySelectorAll("[data-for]")) {
      item.hidden = !item.dataset.for.split(" ").includes(at.kind);
    }
    const lane = at.kind === "lane" && find(this.editor.store.shown, "lanes", at.id);
    for (const item of this.box.querySelectorAll("[data-does=height]")) {
      item.setAttribute("aria-checked", String(Boolean(lane) && (lane.height ?? "") === item.dataset.height));
    }
    this.box.showPopover();
    const box = this.editor.grid.element(at)?.getBoundingClientRect();
    const x = where?.x ?? box?.left ?? 0;
    const y = where?.y ?? box?.bottom ?? 0;
    this.box.style.left = `${Math.max(8, Math.min(x, innerWidth - this.box.offsetWidth - 8))}px`;
    this.box.style.top = `${Math.max(8, Math.min(y, innerHeight - this.box.offsetHeight - 8))}px`;
    this.#items()[0]?.focus();
  }

  #items() {
    return [...this.box.querySelectorAll("[role^=menuitem]")].filter((item) => !item.hidden && !item.closest("[hidden]"));
  }

  #key(event) {
    const items = this.#items();
    const here = items.indexOf(document.activeElement);
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      items[(to + items.length) % items.length].focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      this.box.hidePopover();
      this.#back();
    }
  }

  #back() {
    const { grid, selection } = this.editor;
    grid.element(selection.at)?.focus({ preventScroll: true });
  }
}

export class MoveTo {
  constructor(editor) {
    this.editor = editor;
    this.dialog = document.getElementById("map-move");
    this.form = this.dialog.querySelector("form");
    this.form.addEventListener("change", (event) => { if (event.target.name === "stage") this.#before(); });
    this.dialog.addEventListener("close", () => {
      if (this.dialog.returnValue === "move") this.#move();
      editor.grid.element(editor.selection.at)?.focus();
    });
  }

  open(at, cards) {
    if (!at || at.kind === "cell" || (at.kind === "card" && !cards.length)) return;
    Object.assign(this, { at, cards });
    const { shown } = this.editor.store;
    const { lane, step, stage } = this.form.elements;
    for (const row of this.form.querySelectorAll("[data-for]")) row.hidden = !row.dataset.for.split(" ").includes(at.kind);
    fill(lane, shown.lanes, cards[0]?.lane);
    step.replaceChildren(...shown.stages.map((each) => {
      const group = document.createElement("optgroup");
      group.label = each.name ?? each.id;
      group.append(...stepsOf(shown, each.id).map((one) => new Option(one.name ?? one.id, one.id)));
      return group;
    }));
    if (cards[0]) step.value = cards[0].step;
    fill(stage, shown.stages, at.kind === "step" ? entryAt(shown, at).stage : "");
    this.#before();
    this.dialog.returnValue = "";
    this.dialog.showModal();
  }

  #before() {
    const { shown } = this.editor.store;
    const { stage, before } = this.form.elements;
    const all = this.at.kind === "step" ? stepsOf(shown, stage.value) : shown[`${this.at.kind}s`];
    const first = before.options[0];
    fill(before, this.at.kind === "card" ? [] : all.filter((each) => each.id !== this.at.id), "");
    before.add(first);
    first.selected = true;
  }

  #move() {
    const { store, sync, selection } = this.editor;
    const { shown } = store;
    const { lane, step, stage, before } = this.form.elements;
    const entry = entryAt(shown, this.at);
    if (!entry) return;
    const next = before.value || null;
    if (this.at.kind === "card") {
      const cards = this.cards.map((card) => find(shown, "cards", card.id)).filter(Boolean);
      sync.edit(cardsTo(shown, cards, lane.value, step.value));
    } else if (this.at.kind === "step") sync.edit(stepTo(shown, entry, stage.value, next));
    else sync.edit(partTo(shown, `${this.at.kind}s`, entry, next));
    selection.go(this.at);
  }
}

function fill(select, entries, value) {
  select.replaceChildren(...entries.map((each) => new Option(each.name ?? each.id, each.id)));
  if (value) select.value = value;
}
