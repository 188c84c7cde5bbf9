// [data-know="…/runs/12/know/"] on a figure: a click on a mark of its drawing (customdata or name
// "know:figure:code") opens the number in the side panel. The table has the same as links.
import { behaviour } from "touchline/behaviour";

const MARK = /^know:([a-z_0-9]+):(.*)$/s;

behaviour("[data-know]", (box) => {
  const place = box.querySelector("[data-plot]");
  if (!place) return undefined;

  function open(mark) {
    const [, figure, code] = MARK.exec(mark ?? "") ?? [];
    if (!figure) return;
    const url = `${box.dataset.know}${figure}/?at=${encodeURIComponent(code)}`;
    window.htmx.ajax("GET", url, { source: place, target: "#panel" });
  }

  function listen() {
    place.on("plotly_click", (event) => open(event.points[0]?.customdata));
    place.on("plotly_clickannotation", (event) => open(event.annotation.name));
  }

  box.addEventListener("touchline:drawn", listen, { once: true });
  return () => box.removeEventListener("touchline:drawn", listen);
});
