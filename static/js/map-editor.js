// [data-map]: the map that can be edited. Draws it first; what it takes to work in it comes right
// after the first paint (editor/hands.js), so that one reads before all of it is here.
import { Page } from "touchline/editor/page";
import { Store } from "touchline/editor/store";
import { View } from "touchline/editor/view";
import { Grid } from "touchline/editor/grid";
import { showEmpty } from "touchline/editor/empty";

function start(place) {
  const told = JSON.parse(document.getElementById("map-document").textContent);
  const page = new Page(told);
  const store = new Store(told);
  const view = new View({ name: told.name, settings: told.view });
  const grid = new Grid(place.querySelector("[data-sheet]"), page);
  page.view = told.page.view;
  grid.draw(store.shown, view);
  showEmpty({ store, grid });
  afterFirstPaint(async () => {
    const { takeUp } = await import("touchline/editor/hands");
    takeUp({ page, store, view, grid }, told);
  });
}

function afterFirstPaint(does) {
  requestAnimationFrame(() => setTimeout(does));
}

const place = document.querySelector("[data-map]");
if (place) start(place);
