// [data-fresh="…"] with an id: shows itself anew when the server-sent event `changed` comes from
// that address, as long as the page is in sight; with data-fresh-soon also after so many seconds.
// What somebody is using (a field, a menu, the side panel) is left alone until they are done.
import { behaviour } from "touchline/behaviour";
import { whileInSight } from "touchline/live";

const PAUSE_MS = 1000;

behaviour("[data-fresh]", (box) => {
  let timer = 0;

  function isBusy() {
    const inside = box.contains(document.activeElement) && document.activeElement !== box;
    return inside || box.querySelector("details.menu[open]") || document.querySelector("dialog[open]");
  }

  function show() {
    if (isBusy()) return later(PAUSE_MS);
    const select = `#${CSS.escape(box.id)}`;
    window.htmx.ajax("GET", location.href, { source: box, target: box, select, swap: "outerHTML" });
    return undefined;
  }

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(show, pause);
  }

  const soon = Number(box.dataset.freshSoon);
  if (soon) later(1000 * soon);
  const look = () => later(PAUSE_MS);
  const leave = whileInSight(box.dataset.fresh, "changed", look, look);
  return () => {
    leave();
    clearTimeout(timer);
  };
});
