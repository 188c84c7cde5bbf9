// Clicks on the map, by delegation: one listener for all cards, and one “+” that goes along.
import { element, icon } from "touchline/editor/reconcile";
import { placeOf } from "touchline/editor/grid";
import { say } from "touchline/editor/words";
import { entryAt } from "touchline/editor/adding";

const SCROLL_PAUSE_MS = 150;

export function listenToPointer(editor) {
  const { grid, selection, commands, inline } = editor;
  const { sheet } = grid;

  const adder = element("button", "ed-adder", { type: "button", tabindex: "-1", "aria-label": say("add_card") });
  adder.append(icon("plus"));
  adder.addEventListener("click", (event) => {
    event.stopPropagation();
    const { lane, step } = adder.parentElement.at;
    inline.draft(lane, step);
  });
  const more = element("button", "ed-more", { type: "button", tabindex: "-1", "aria-label": say("menu"), "aria-haspopup": "menu" });
  more.append(icon("more"));
  more.addEventListener("click", (event) => {
    event.stopPropagation();
    const { at } = more;
    if (!selection.cards().some((card) => card.id === at.id)) selection.go(at, { scroll: false });
    const box = more.getBoundingClientRect();
    editor.menu.open(at, { x: box.left, y: box.bottom + 2 });
  });
  const follow = (target) => {
    const cell = target.closest?.(".ed-cell");
    if (cell?.at && adder.parentElement !== cell) cell.append(adder);
    const node = target.closest?.(".ed-card, .ed-step, .ed-stage, .ed-lane");
    if (!node?.at || node === more.of) return;
    Object.assign(more, { of: node, at: node.at });
    const isCard = node.at.kind === "card";
    (isCard ? node.parentElement : node).append(more);
    more.style.top = isCard ? `${node.offsetTop + 3}px` : "";
  };
  // Not while the map is scrolled beneath the pointer.
  let frame = 0;
  let under = null;
  let scrolledAt = 0;
  sheet.parentElement.addEventListener("scroll", () => { scrolledAt = performance.now(); }, { passive: true });
  sheet.addEventListener("pointerover", (event) => {
    under = event.target;
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      if (performance.now() - scrolledAt > SCROLL_PAUSE_MS && !sheet.dataset.moving && !inline.isOpen) follow(under);
    });
  }, { passive: true });
  sheet.addEventListener("focusin", (event) => follow(event.target));

  sheet.addEventListener("click", (event) => {
    const does = event.target.closest("[data-does]");
    if (does) return commands[does.dataset.does](does);
    if (event.target.closest("input, textarea, a, button")) return undefined;
    const at = placeOf(event.target);
    if (!at) return undefined;
    if ((event.ctrlKey || event.metaKey) && at.kind === "card") return selection.toggle(at.id);
    const extending = event.shiftKey && (at.kind === "card" || at.kind === "cell");
    selection.go(at, { extending, scroll: false });
    if (!extending && event.detail < 2) editor.details.follow(at);
    return undefined;
  });
  sheet.addEventListener("dblclick", (event) => {
    if (event.target.closest("input, textarea, a, button")) return;
    const at = placeOf(event.target);
    if (at?.kind === "cell") inline.draft(at.lane, at.step);
    else if (at) inline.edit(at);
  });
  sheet.addEventListener("contextmenu", (event) => {
    const at = placeOf(event.target);
    if (!at || event.target.closest("textarea, input")) return;
    event.preventDefault();
    if (!selection.cards().some((card) => card.id === at.id)) selection.go(at, { scroll: false });
    if (entryAt(editor.store.shown, at) || at.kind === "cell") editor.menu.open(at, { x: event.clientX, y: event.clientY });
  });
  document.addEventListener("click", (event) => {
    const does = event.target.closest("[data-does]");
    if (!does || sheet.contains(does) || !commands[does.dataset.does]) return;
    does.closest("details.menu")?.removeAttribute("open");
    commands[does.dataset.does](does);
  });
}
