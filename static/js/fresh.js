// [data-fresh="…"] with an id: shows itself anew when the server-sent event `changed` comes from
// that address, as long as the page is in sight; with data-fresh-soon also after so many seconds.
// What somebody is using (a field, a menu, the side panel) is left alone until they are done.
import { behaviour } from "touchline/behaviour";

const PAUSE_MS = 1000;

behaviour("[data-fresh]", (box) => {
  let source = null;
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

  function listen() {
    if (document.hidden) return leave();
    if (source) return undefined;
    source = new EventSource(box.dataset.fresh);
    source.addEventListener("changed", () => later(PAUSE_MS));
    return undefined;
  }

  function leave() {
    source?.close();
    source = null;
  }

  function look() {
    if (!document.hidden && !source) later(PAUSE_MS);
    listen();
  }

  const soon = Number(box.dataset.freshSoon);
  if (soon) later(1000 * soon);
  if (!window.EventSource) return () => clearTimeout(timer);
  listen();
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", leave);
  addEventListener("pageshow", listen);
  return () => {
    leave();
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", look);
    removeEventListener("pagehide", leave);
    removeEventListener("pageshow", listen);
  };
});
