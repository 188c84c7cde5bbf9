// Where one is on the map (one focusable place at a time), and what is selected.
import { cardsAt, keyOf, neighbour, placeAt, positionOf } from "touchline/editor/layout";
import { placeOf } from "touchline/editor/grid";

export class Selection extends EventTarget {
  constructor(grid) {
    super();
    this.grid = grid;
    this.at = null;
    this.anchor = null; // with `at`, the corners of a selected block of cells
    this.chosen = new Set(); // cards picked one by one
    this.marked = [];
    grid.sheet.addEventListener("focusin", (event) => {
      const at = placeOf(event.target);
      if (at && (!this.at || keyOf(at) !== keyOf(this.at))) this.#stand(at);
    });
  }

  #stand(at, anchor = null) {
    this.at = at;
    this.anchor = anchor;
    this.position = positionOf(this.grid.layout, at);
    this.mark();
    this.dispatchEvent(new Event("change"));
  }

  // Goes there; with `extending` the block of cells from where it began grows.
  go(at, { extending = false, keep = false, scroll = true } = {}) {
    if (!at) return;
    if (!keep) this.chosen.clear();
    this.#stand(at, extending ? this.anchor ?? this.at : null);
    const node = this.grid.element(at);
    node?.focus({ preventScroll: true });
    if (scroll) reveal(node);
  }

  step(down, right, how) {
    if (!this.at) return this.go(this.first());
    return this.go(neighbour(this.grid.layout, this.at, down, right), how);
  }

  first() {
    const { layout } = this.grid;
    return placeAt(layout, 0, layout.columns.findIndex((column) => column.step)) ?? placeAt(layout, -2, 0) ?? placeAt(layout, 0, -1);
  }

  edge(column, row = this.position?.row ?? 0) {
    const { layout } = this.grid;
    const places = [...layout.columns.keys()];
    if (column) places.reverse();
    const found = places.map((each) => placeAt(layout, row, each)).find(Boolean);
    this.go(found);
  }

  // One more card, or one less; the card one stood on before belongs to them.
  toggle(id) {
    if (this.at?.kind === "card" && this.at.id !== id && !this.chosen.size) this.chosen.add(this.at.id);
    if (!this.chosen.delete(id)) this.chosen.add(id);
    this.go({ kind: "card", id }, { keep: true, scroll: false });
  }

  // These cards, one by one, also when they were a block before.
  choose(cards, at, { scroll = true } = {}) {
    this.chosen = new Set(cards.map((card) => card.id));
    this.go(at, { keep: true, scroll });
  }

  clear() {
    const had = this.chosen.size || this.anchor;
    this.chosen.clear();
    this.anchor = null;
    this.mark();
    return Boolean(had);
  }

  // The selected block: rows of lanes and columns, or the cell one is in.
  block() {
    const a = this.at && positionOf(this.grid.layout, this.at);
    if (!a || a.row < 0 || a.column < 0) return null;
    const b = this.anchor ? positionOf(this.grid.layout, this.anchor) : a;
    if (b.row < 0 || b.column < 0) return { top: a.row, bottom: a.row, left: a.column, right: a.column };
    return {
      top: Math.min(a.row, b.row), bottom: Math.max(a.row, b.row),
      left: Math.min(a.column, b.column), right: Math.max(a.column, b.column),
    };
  }

  // The selected cards in the order of the map.
  cards() {
    const { layout, map } = this.grid;
    let ids = this.chosen;
    if (!ids.size && this.at?.kind === "card" && !this.#spans()) ids = new Set([this.at.id]);
    if (!ids.size && this.anchor) {
      const block = this.block();
      ids = new Set();
      for (let row = block?.top; row <= block?.bottom; row += 1) {
        for (const { step } of layout.columns.slice(block.left, block.right + 1)) {
          if (step) for (const card of cardsAt(layout, layout.lanes[row].id, step.id)) ids.add(card.id);
        }
      }
    }
    return map.cards.filter((card) => ids.has(card.id));
  }

  #spans() {
    return this.anchor && keyOf(this.anchor) !== keyOf(this.at);
  }

  // After a draw: what was focused may be gone, then its neighbour is.
  restore(hadFocus) {
    if (!this.at) this.at = this.first();
    const { layout } = this.grid;
    let node = this.grid.element(this.at);
    if (!node && this.position) {
      const row = Math.min(this.position.row, layout.lanes.length - 1);
      const column = Math.min(this.position.column, layout.columns.length - 1);
      this.at = placeAt(layout, row, column, this.position.place) ?? this.first();
      node = this.grid.element(this.at);
      this.anchor = null;
    }
    if (this.at) this.position = positionOf(layout, this.at);
    if (this.anchor && !this.grid.element(this.anchor)) this.anchor = null;
    this.mark();
    if (hadFocus && node && !node.contains(document.activeElement)) node.focus({ preventScroll: true });
  }

  mark() {
    for (const node of this.marked) {
      node.tabIndex = -1;
      delete node.dataset.selected;
      node.removeAttribute("aria-selected");
    }
    const here = this.grid.element(this.at);
    this.marked = here ? [here] : [];
    if (here) here.tabIndex = 0;
    const select = (node) => {
      if (!node) return;
      node.dataset.selected = "";
      if (node.getAttribute("role") === "gridcell") node.setAttribute("aria-selected", "true");
      this.marked.push(node);
    };
    if (this.#spans()) this.#eachCell((at) => select(this.grid.element(at)));
    if (this.chosen.size) for (const card of this.cards()) select(this.grid.element({ kind: "card", id: card.id }));
  }

  #eachCell(does) {
    const block = this.block();
    const { layout } = this.grid;
    for (let row = block?.top; row <= block?.bottom; row += 1) {
      for (const { step } of layout.columns.slice(block.left, block.right + 1)) {
        if (step) does({ kind: "cell", lane: layout.lanes[row].id, step: step.id });
      }
    }
  }
}

// Into view, beside the sticky head and names rather than beneath them.
export function reveal(node) {
  node?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
