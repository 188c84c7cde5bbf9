// [data-figure]: the points of its drawing under the keyboard. The drawing takes the focus; the
// arrow keys go from point to point, each is shown and read out as the pointer would; Enter opens
// it (know.js); Escape leaves it. data-points="off" where a figure has hands of its own.
import { behaviour } from "touchline/behaviour";
import { count, word } from "touchline/words";

const WAYS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function textOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html.replaceAll(/<br\s*\/?>/g, ". ");
  return template.content.textContent;
}

function pointsOf(place) {
  return (place.data ?? []).flatMap((trace, curveNumber) => {
    const texts = Array.isArray(trace.hovertext) ? trace.hovertext : [];
    const subplot = (trace.xaxis ?? "x") + (trace.yaxis ?? "y");
    return texts.flatMap((text, pointNumber) => (text
      ? [{ text, curveNumber, pointNumber, subplot, customdata: trace.customdata?.[pointNumber] }]
      : []));
  });
}

behaviour("[data-figure]", (box) => {
  const place = box.querySelector("[data-plot]:not([data-points='off'])");
  if (!place) return undefined;
  const said = Object.assign(document.createElement("span"), { className: "visually-hidden" });
  said.setAttribute("role", "status");
  let points = [];
  let at = -1;

  function ready() {
    points = pointsOf(place);
    if (!points.length) return;
    at = Math.min(at, points.length - 1);
    place.tabIndex = 0;
    if (!said.isConnected) box.append(said);
  }

  function show() {
    const { curveNumber, pointNumber, subplot, text } = points[at];
    said.textContent = textOf(text);
    try {
      window.Plotly.Fx.hover(place, [{ curveNumber, pointNumber }], [subplot]);
    } catch { /* a point outside what is drawn is read out all the same */ }
  }

  function rest() {
    at = -1;
    said.textContent = "";
    if (box.dataset.drawn !== undefined) window.Plotly.Fx.unhover(place);
  }

  function press(event) {
    if (event.target !== place || !points.length) return;
    if (event.key === "Enter" && at >= 0) {
      place.emit("plotly_click", { points: [points[at]] });
      return;
    }
    if (event.key === "Escape" && at >= 0) { rest(); event.stopPropagation(); return; }
    const way = WAYS[event.key];
    if (way) at = at < 0 ? (way > 0 ? 0 : points.length - 1) : (at + way + points.length) % points.length;
    else if (event.key === "Home") at = 0;
    else if (event.key === "End") at = points.length - 1;
    else return;
    event.preventDefault();
    show();
  }

  const hint = (event) => {
    if (event.target === place && points.length) {
      said.textContent = word("points_hint", { n: count(points.length) });
    }
  };
  box.addEventListener("touchline:drawn", ready);
  place.addEventListener("keydown", press);
  place.addEventListener("focus", hint);
  place.addEventListener("blur", rest);
  return () => box.removeEventListener("touchline:drawn", ready);
});
