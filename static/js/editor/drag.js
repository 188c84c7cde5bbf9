// Dragging cards, steps, stages and lanes; the target is always drawn (the curve's points: emotion.js).
// Every drag has its twin by keys (Alt+arrows) and in the menu (“Move to…”).
import { element } from "touchline/editor/reconcile";
import { placeOf } from "touchline/editor/grid";
import { entryAt } from "touchline/editor/adding";
import { positionOf } from "touchline/editor/layout";
import { cardsBy, cardsTo, cellsBy, isSpread, partTo, stepTo } from "touchline/editor/moving";

const FAR = 5;
const LONG_PRESS_MS = 350;
const EDGE = 48;

export function listenToDrags(editor) {
  const { grid, store, sync, selection, view } = editor;
  const { sheet } = grid;
  const scroller = sheet.parentElement;
  const target = element("div", "ed-target", { "aria-hidden": "true" });
  let drag = null;
  let over = []; // the cells that are marked

  sheet.addEventListener("pointerdown", (event) => {
    if (event.button || event.target.closest("input, textarea, button, a")) return;
    const at = placeOf(event.target);
    if (!at || at.kind === "cell") return;
    // What is selected now: the press itself goes on to select only what is under it.
    const cards = selection.cards();
    drag = { at, cards, x: event.clientX, y: event.clientY, id: event.pointerId };
    if (event.pointerType === "touch") {
      drag.waits = setTimeout(() => { if (drag) begin(); }, LONG_PRESS_MS);
    }
  });

  function begin() {
    clearTimeout(drag.waits);
    drag.isOn = true;
    if (drag.at.kind !== "card") drag.cards = [];
    else if (!drag.cards.some((card) => card.id === drag.at.id)) drag.cards = [entryAt(store.shown, drag.at)];
    if (drag.cards.length > 1) selection.choose(drag.cards, drag.at, { scroll: false });
    else selection.go(drag.at, { scroll: false });
    for (const node of dragged()) node.dataset.dragging = "";
    sheet.dataset.moving = drag.at.kind;
    try { sheet.setPointerCapture(drag.id); } catch { /* the pointer is gone already */ }
  }

  const dragged = () => [drag.at, ...(drag.cards ?? []).map((card) => ({ kind: "card", id: card.id }))]
    .map((at) => grid.element(at)).filter(Boolean);

  sheet.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > FAR;
    if (!drag.isOn && drag.waits && far) return end(false);
    if (!drag.isOn && far) begin();
    if (!drag.isOn) return;
    Object.assign(drag, { nowX: event.clientX, nowY: event.clientY });
    drag.frame ??= requestAnimationFrame(follow);
  });

  function follow() {
    if (!drag) return;
    drag.frame = null;
    autoscroll();
    drag.to = targetUnder(drag.nowX, drag.nowY);
    show(drag.to);
  }

  function autoscroll() {
    const box = scroller.getBoundingClientRect();
    const by = (now, from, to) => (now < from + EDGE ? -14 : now > to - EDGE ? 14 : 0);
    const [x, y] = [by(drag.nowX, box.left, box.right), by(drag.nowY, box.top, box.bottom)];
    if (!x && !y) return;
    scroller.scrollBy(x, y);
    drag.frame ??= requestAnimationFrame(follow);
  }

  // Where it would go: {parent to draw in, before, does}.
  function targetUnder(x, y) {
    const under = document.elementFromPoint(x, y);
    if (!under || !sheet.contains(under)) return null;
    if (drag.at.kind === "card") return cardTarget(under, y);
    const axis = drag.at.kind === "lane" ? "y" : "x";
    const kinds = { step: ".ed-step, .ed-cell", stage: ".ed-stage, .ed-step, .ed-cell", lane: ".ed-row" }[drag.at.kind];
    const hit = under.closest(kinds);
    return hit ? partTarget(hit, axis === "x" ? x : y, axis) : null;
  }

  function cardTarget(under, y) {
    const cell = under.closest(".ed-cell");
    if (!cell?.at) return null;
    const { cards } = drag;
    if (isSpread(cards)) return patternTarget(cell.at);
    const moving = new Set(cards.map((card) => card.id));
    const next = [...cell.querySelectorAll(".ed-card")].find((node) => {
      const box = node.getBoundingClientRect();
      return !moving.has(node.at?.id) && y < box.top + box.height / 2;
    });
    const { lane, step } = cell.at;
    return { in: cell, before: next, changes: () => cardsTo(store.shown, cards, lane, step, next?.at.id ?? null) };
  }

  // Cards of several cells keep their pattern around the one that is held.
  function patternTarget(to) {
    const { layout } = grid;
    const { at: held, cards } = drag;
    const [from, there] = [held, to].map((at) => positionOf(layout, at));
    const by = [there.row - from.row, there.column - from.column];
    const cells = cellsBy(layout, cards, ...by);
    if (!cells.every(Boolean)) return null;
    const marked = cells.map((cell) => grid.element({ kind: "cell", ...cell }));
    return { cells: marked, changes: () => cardsBy(store.shown, grid.layout, cards, ...by) };
  }

  function partTarget(hit, now, axis) {
    const { layout } = grid;
    const map = store.shown;
    const entry = entryAt(map, drag.at);
    if (axis === "y") {
      const at = hit.head.at;
      const box = hit.getBoundingClientRect();
      const behind = now > box.top + box.height / 2;
      const place = map.lanes.findIndex((lane) => lane.id === at.id) + (behind ? 1 : 0);
      const before = map.lanes[place]?.id ?? null;
      return { box, side: behind ? "bottom" : "top", changes: () => (before === entry.id ? [] : partTo(map, "lanes", entry, before)) };
    }
    const key = hit.at?.kind === "cell" ? hit.at.step : hit.at?.id;
    const column = layout.columns.find((each) => each.step?.id === key || (hit.at?.kind === "stage" && each.stage.id === key));
    if (!column) return null;
    const isStage = drag.at.kind === "stage";
    const node = grid.element(isStage || !column.step ? { kind: "stage", id: column.stage.id } : { kind: "step", id: column.step.id });
    const box = node.getBoundingClientRect();
    const behind = now > box.left + box.width / 2;
    const list = isStage ? map.stages : map.steps.filter((step) => step.stage === column.stage.id);
    const place = list.findIndex((each) => each.id === (isStage ? column.stage.id : column.step?.id)) + (behind ? 1 : 0);
    const before = list[place]?.id ?? null;
    const changes = () => {
      if (before === entry.id) return [];
      return isStage ? partTo(map, "stages", entry, before) : stepTo(map, entry, column.stage.id, before);
    };
    return { box, side: behind ? "right" : "left", changes };
  }

  // Drawn above the map, so that nothing moves away beneath the pointer.
  function show(to) {
    const marked = to?.cells ?? [to?.in].filter(Boolean);
    for (const cell of over) if (!marked.includes(cell)) cell.classList.remove("ed-over");
    for (const cell of marked) cell.classList.add("ed-over");
    over = marked;
    target.hidden = !to || Boolean(to.cells);
    if (target.hidden) return;
    target.className = `ed-target ${to.in ? "" : "ed-target-line"}`;
    const whole = sheet.getBoundingClientRect();
    const { x, y, width, height } = to.in ? lineInCell(to) : lineAcross(to, whole);
    target.style.width = `${width / view.zoom}px`;
    target.style.height = `${height / view.zoom}px`;
    target.style.transform = `translate(${(x - whole.left) / view.zoom}px, ${(y - whole.top) / view.zoom}px)`;
    if (target.parentElement !== sheet) sheet.append(target);
  }

  function lineInCell({ in: cell, before }) {
    const box = cell.getBoundingClientRect();
    const last = [...cell.children].findLast((node) => node.matches(".ed-card"));
    let y = box.top + 4;
    if (before) y = before.getBoundingClientRect().top - 4;
    else if (last) y = last.getBoundingClientRect().bottom + 1;
    return { x: box.left + 8, y, width: box.width - 16, height: 3 };
  }

  function lineAcross({ box, side }, whole) {
    return side === "left" || side === "right"
      ? { x: box[side] - 1.5, y: whole.top, width: 3, height: whole.height }
      : { x: whole.left, y: box[side] - 1.5, width: whole.width, height: 3 };
  }

  function end(isDone) {
    if (!drag) return;
    clearTimeout(drag.waits);
    cancelAnimationFrame(drag.frame);
    const done = drag;
    for (const node of done.isOn ? dragged() : []) delete node.dataset.dragging;
    drag = null;
    delete sheet.dataset.moving;
    show(null);
    target.remove();
    if (!done.isOn) return;
    if (isDone && done.to) {
      sync.edit(done.to.changes());
      if (done.cards.length > 1) selection.choose(done.cards, done.at, { scroll: false });
      else selection.go(done.at, { scroll: false });
    }
    sheet.addEventListener("click", stop, { capture: true, once: true });
    setTimeout(() => sheet.removeEventListener("click", stop, { capture: true }), 0);
  }
  const stop = (event) => event.stopPropagation();

  sheet.addEventListener("pointerup", () => end(true));
  sheet.addEventListener("pointercancel", () => end(false));
  document.addEventListener("selectstart", (event) => { if (drag) event.preventDefault(); });
  sheet.addEventListener("touchmove", (event) => { if (drag?.isOn) event.preventDefault(); }, { passive: false });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drag?.isOn) return;
    event.preventDefault();
    end(false);
  }, { capture: true });
}
