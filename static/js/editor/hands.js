// What it takes to work in the map once it is drawn: saving and hearing, selection, keys, pointer,
// what is measured, the others, comments.
import { Sync } from "touchline/editor/sync";
import { Selection } from "touchline/editor/select";
import { placeOf } from "touchline/editor/grid";
import { Inline } from "touchline/editor/inline";
import { commandsOf } from "touchline/editor/commands";
import { listenToKeys } from "touchline/editor/keys";
import { listenToPointer } from "touchline/editor/pointer";
import { listenToDrags } from "touchline/editor/drag";
import { dragHeights } from "touchline/editor/lane_height";
import { listenToClipboard } from "touchline/editor/clipboard";
import { listenToToolbar } from "touchline/editor/toolbar";
import { Details } from "touchline/editor/details";
import { MoveTo, PlaceMenu } from "touchline/editor/menu";
import { Finder } from "touchline/editor/finder";
import { tellPresence } from "touchline/editor/presence";
import { showStatus } from "touchline/editor/status";
import { askConflicts } from "touchline/editor/conflict";
import { showComments } from "touchline/editor/comments";
import { moveFeelings } from "touchline/editor/emotion";
import { drawBesideCurves } from "touchline/editor/emotion_lines";
import { Measures } from "touchline/editor/measures";
import { showMeasured } from "touchline/editor/measured_row";
import { chooseMeasures } from "touchline/editor/measure_bar";
import { layOutAhead } from "touchline/editor/ahead";

export function takeUp({ page, store, view, grid }, told) {
  const sync = new Sync(store, { urls: page.urls, name: `${told.name}:${page.me}` });
  const selection = new Selection(grid);
  grid.sheet.parentElement.removeAttribute("tabindex"); // from now on its cells take the focus
  const editor = { page, store, view, sync, grid, selection };
  editor.inline = new Inline({ ...editor, page: Object.assign(page, { reader: view }) });
  editor.details = new Details(editor);
  editor.menu = new PlaceMenu(editor);
  editor.moveTo = new MoveTo(editor);
  editor.finder = new Finder(editor);
  editor.commands = commandsOf(editor);
  drawAgain(editor);
  selection.go(placeOf(document.activeElement), { scroll: false }); // pressed before all was here

  showStatus(sync, page);
  askConflicts(sync);
  listenToKeys(editor);
  listenToPointer(editor);
  listenToDrags(editor);
  dragHeights(editor);
  listenToClipboard(editor);
  listenToToolbar(editor);
  moveFeelings(editor);
  editor.measures = new Measures(editor);
  chooseMeasures(editor);
  drawBesideCurves(editor);
  showMeasured(editor);
  grid.sheet.dispatchEvent(new Event("drawn"));
  editor.measures.load();
  Object.assign(editor.commands, showComments(editor));
  layOutAhead(editor);
  sync.start();
  tellPresence(editor);
  document.documentElement.dataset.map = "alive";
}

// Whatever changes, of the map or of how it is looked at, is drawn.
function drawAgain(editor) {
  const { page, store, view, grid, selection, inline } = editor;
  const draw = (hadFocus = grid.sheet.contains(document.activeElement)) => {
    const isWriting = inline.isOpen;
    grid.draw(store.shown, view);
    selection.restore(hadFocus && !isWriting);
  };
  selection.restore(false);
  const title = document.querySelector("h1");
  store.addEventListener("shown", () => {
    draw();
    if (title.textContent !== store.shown.journey.name) title.textContent = store.shown.journey.name;
  });
  view.addEventListener("change", () => draw());
  page.onlearn = () => draw();
  inline.onend = (hadFocus) => draw(hadFocus);
  inline.goOn = (at) => editor.commands[at.kind === "card" || at.kind === "cell" ? "new-card" : `add-${at.kind}`]?.();
}
