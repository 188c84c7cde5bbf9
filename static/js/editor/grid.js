// Draws the map. Every draw goes over all cells but touches only those whose cards changed; nodes
// are kept by key, so that the focus, a field being written in and the scroll position stay.
import { element, reconcile } from "touchline/editor/reconcile";
import { drawCard, makeCard } from "touchline/editor/card";
import { drawColumn, drawLane, drawStage, makeColumn, makeLane, makeStage } from "touchline/editor/heads";
import { cardsAt, keyOf, layoutOf } from "touchline/editor/layout";
import { linesBetween } from "touchline/editor/blueprint";
import { columnWidth, drawCurves } from "touchline/editor/curve";

const CARD = 72; // about as high as a card is

export class Grid {
  constructor(sheet, page) {
    this.sheet = sheet;
    this.page = page;
    this.stages = sheet.querySelector("[data-stages]");
    this.steps = sheet.querySelector("[data-steps]");
    this.body = sheet.querySelector("[data-body]");
  }

  draw(map, view) {
    columnWidth(this.page);
    this.map = map;
    this.layout = layoutOf(map, view);
    this.personas = new Map(map.personas.map((persona) => [persona.id, persona]));
    this.page.order(map.personas);
    const { stages, columns, lanes } = this.layout;
    for (const each of stages) each.columns.at(-1).isLast = true;
    this.sheet.style.setProperty("--zoom", view.zoom);
    this.sheet.dataset.lens = view.lens;
    this.sheet.setAttribute("aria-rowcount", lanes.length + 2);
    this.sheet.setAttribute("aria-colcount", columns.length + 1);
    reconcile(this.stages, stages, {
      after: this.stages.firstElementChild, key: (each) => each.stage.id, make: makeStage, update: drawStage,
    });
    this.heads = reconcile(this.steps, columns, {
      after: this.steps.firstElementChild, key: (each) => each.key, make: makeColumn,
      update: (node, column) => drawColumn(node, column, this.page),
    });
    const lines = linesBetween(lanes, this.page.blueprint);
    const rows = lanes.flatMap((lane, i) => [
      ...(lines.has(i) ? [{ key: `line ${lines.get(i)}`, line: lines.get(i) }] : []),
      { key: `lane ${lane.id}`, lane, row: i + 3 },
    ]);
    this.rows = reconcile(this.body, rows, {
      key: (row) => row.key,
      make: (row) => (row.lane ? this.#makeRow(row.lane) : element("div", "ed-line", { "aria-hidden": "true", role: "presentation" })),
      update: (node, row) => (row.lane ? this.#drawRow(node, row) : this.#drawLine(node, row.line)),
    });
    this.sheet.dispatchEvent(new Event("drawn"));
  }

  #drawLine(node, line) {
    const words = this.page.blueprint.names[line];
    if (node.textContent === words) return;
    const label = element("span");
    label.textContent = words;
    node.replaceChildren(label);
  }

  #makeRow(lane) {
    const node = element("div", "ed-row", { role: "row" });
    node.head = makeLane(lane);
    node.append(node.head);
    return node;
  }

  #drawRow(node, { lane, row }) {
    node.dataset.kind = lane.kind;
    node.dataset.height = lane.height ?? "";
    node.setAttribute("aria-rowindex", row);
    node.style.setProperty("--guess", `${CARD * this.#most(lane)}px`);
    drawLane(node.head, lane, this.page);
    node.cells = reconcile(node, this.layout.columns, {
      after: node.head, key: (column) => column.key,
      make: (column) => this.#makeCell(lane, column),
      update: (cell, column) => this.#drawCell(cell, lane, column),
    });
    if (lane.kind === "emotion") drawCurves(node, lane, this.layout, this.personas, this.page);
    else for (const svg of node.querySelectorAll(":scope > svg")) svg.remove();
  }

  // Of all its cells; a row out of sight is about as high as these cards.
  #most(lane) {
    return Math.max(1, ...this.layout.columns.map(({ step }) => (step ? cardsAt(this.layout, lane.id, step.id).length : 0)));
  }

  #makeCell(lane, column) {
    const node = element("div", "ed-cell", { role: "gridcell" });
    if (column.step) {
      node.tabIndex = -1;
      node.at = { kind: "cell", lane: lane.id, step: column.step.id };
    }
    return node;
  }

  #drawCell(cell, lane, column) {
    cell.classList.toggle("ed-last", Boolean(column.isLast));
    if (!column.step) {
      cell.classList.toggle("ed-collapsed", column.isCollapsed);
      if (column.isCollapsed) cell.dataset.name = column.stage.name ?? column.stage.id;
      return;
    }
    const cards = cardsAt(this.layout, lane.id, column.step.id);
    const context = { page: this.page, personas: this.personas, lane };
    const { step } = column;
    if (same(cell.cards, cards) && cell.names === this.map.personas && cell.lane === lane && cell.step === step) return;
    Object.assign(cell, { cards, lane, step, names: this.map.personas });
    cell.setAttribute("aria-label", cards.length ? "" : `${lane.name ?? lane.id}, ${step.name ?? step.id}`);
    if (cards.length) cell.removeAttribute("aria-label");
    reconcile(cell, cards, {
      key: (card) => card.id, make: makeCard, update: (node, card) => drawCard(node, card, context),
    });
  }

  // The element of a place, if it is drawn.
  element(at) {
    if (!at) return null;
    if (at.kind === "stage") return this.#among(this.stages, at);
    if (at.kind === "step") return this.heads.get(`step ${at.id}`);
    if (at.kind === "lane") return this.rows.get(`lane ${at.id}`)?.head;
    if (at.kind === "cell") return this.rows.get(`lane ${at.lane}`)?.cells.get(`step ${at.step}`);
    const card = this.map.cards.find((each) => each.id === at.id);
    const cell = card && this.element({ kind: "cell", lane: card.lane, step: card.step });
    return cell ? this.#among(cell, at) : null;
  }

  #among(parent, at) {
    const key = keyOf(at);
    return [...parent.children].find((child) => child.at && keyOf(child.at) === key) ?? null;
  }
}

function same(a, b) {
  return a === b || (a?.length === b.length && a.every((each, i) => each === b[i]));
}

// The place an element belongs to.
export function placeOf(target) {
  for (let node = target; node && node !== document.body; node = node.parentElement) if (node.at) return node.at;
  return null;
}
