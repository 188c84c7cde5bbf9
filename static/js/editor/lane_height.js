// The lower edge of a lane's head, dragged: the lane is drawn small, medium, as high as needed, or
// large. The twin by keys is in the menu of the lane.
import { announce } from "touchline/editor/words";
import { changing, find } from "touchline/editor/map";

// Up to these heights, in pixels of the unzoomed map.
const UP_TO = [[72, "small"], [128, "medium"], [240, ""], [Infinity, "large"]];

export function dragHeights({ grid, store, sync, view }) {
  const { sheet } = grid;
  let drag = null;

  sheet.addEventListener("pointerdown", (event) => {
    const edge = event.target.closest(".ed-edge");
    if (!edge || event.button) return;
    event.stopPropagation();
    event.preventDefault();
    const row = edge.closest(".ed-row");
    edge.setPointerCapture(event.pointerId);
    drag = { edge, row, id: row.head.at.id, was: row.dataset.height, pointer: event.pointerId };
  }, { capture: true });

  sheet.addEventListener("pointermove", (event) => {
    if (drag?.pointer !== event.pointerId) return;
    event.stopPropagation();
    const height = (event.clientY - drag.row.getBoundingClientRect().top) / view.zoom;
    drag.row.dataset.height = UP_TO.find(([most]) => height <= most)[1];
  }, { capture: true });

  function end(isKept) {
    const { row, id, was } = drag;
    const wanted = row.dataset.height;
    drag = null;
    row.dataset.height = was;
    const lane = find(store.shown, "lanes", id);
    if (!isKept || !lane || wanted === was) return;
    sync.edit([changing("lanes", lane, { height: wanted || null })]);
    announce(document.querySelector(`#map-menu [data-does=height][data-height="${wanted}"]`)?.textContent ?? "");
  }

  for (const [name, isKept] of [["pointerup", true], ["pointercancel", false]]) {
    sheet.addEventListener(name, (event) => {
      if (drag?.pointer !== event.pointerId) return;
      event.stopPropagation();
      end(isKept);
    }, { capture: true });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drag) return;
    event.preventDefault();
    event.stopPropagation();
    end(false);
  }, { capture: true });
  sheet.addEventListener("click", (event) => {
    if (event.target.closest(".ed-edge")) event.stopPropagation();
  }, { capture: true });
}
