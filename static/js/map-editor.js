// [data-map]: the map that can be edited. Puts the parts of the editor together.
import { Page } from "touchline/editor/page";
import { Store } from "touchline/editor/store";
import { Sync } from "touchline/editor/sync";
import { View } from "touchline/editor/view";
import { Grid } from "touchline/editor/grid";
import { Selection } from "touchline/editor/select";
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
import { showEmpty } from "touchline/editor/empty";
import { moveFeelings } from "touchline/editor/emotion";
import { drawBesideCurves } from "touchline/editor/emotion_lines";
import { Measures } from "touchline/editor/measures";
import { showMeasured } from "touchline/editor/measured_row";
import { chooseMeasures } from "touchline/editor/measure_bar";

function start(place) {
  const told = JSON.parse(document.getElementById("map-document").textContent);
  const page = new Page(told);
  const store = new Store(told);
  const view = new View({ name: told.name, settings: told.view });
  const sync = new Sync(store, { urls: page.urls, name: `${told.name}:${page.me}` });
  const grid = new Grid(place.querySelector("[data-sheet]"), page);
  const selection = new Selection(grid);
  page.view = told.page.view;
  const editor = { page, store, view, sync, grid, selection };
  editor.inline = new Inline({ ...editor, page: Object.assign(page, { reader: view }) });
  editor.details = new Details(editor);
  editor.menu = new PlaceMenu(editor);
  editor.moveTo = new MoveTo(editor);
  editor.finder = new Finder(editor);
  editor.commands = commandsOf(editor);

  const draw = (hadFocus = grid.sheet.contains(document.activeElement)) => {
    const isWriting = editor.inline.isOpen;
    grid.draw(store.shown, view);
    selection.restore(hadFocus && !isWriting);
  };
  grid.draw(store.shown, view);
  selection.restore(false);
  const title = document.querySelector("h1");
  store.addEventListener("shown", () => {
    draw();
    if (title.textContent !== store.shown.journey.name) title.textContent = store.shown.journey.name;
  });
  view.addEventListener("change", () => draw());
  page.onlearn = () => draw();
  editor.inline.onend = (hadFocus) => draw(hadFocus);
  editor.inline.goOn = (at) => editor.commands[at.kind === "card" || at.kind === "cell" ? "new-card" : `add-${at.kind}`]?.();

  showStatus(sync, page);
  askConflicts(sync);
  listenToKeys(editor);
  listenToPointer(editor);
  listenToDrags(editor);
  dragHeights(editor);
  listenToClipboard(editor);
  listenToToolbar(editor);
  showEmpty(editor);
  moveFeelings(editor);
  editor.measures = new Measures(editor);
  chooseMeasures(editor);
  drawBesideCurves(editor);
  showMeasured(editor);
  afterFirstPaint(() => {
    grid.sheet.dispatchEvent(new Event("drawn"));
    editor.measures.load();
  });
  Object.assign(editor.commands, showComments(editor));
  sync.start();
  tellPresence(editor);
  document.documentElement.dataset.map = "alive";
}

// The cards first; what stands on and beside them may come a frame later.
function afterFirstPaint(does) {
  requestAnimationFrame(() => setTimeout(does));
}

const place = document.querySelector("[data-map]");
if (place) start(place);
