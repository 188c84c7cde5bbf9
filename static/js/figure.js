// [data-figure]: draws its [data-plot] when scrolled into view, from the JSON beside it; draws
// again on a new theme or width; [data-figure-toggle] shows the table instead.
import { behaviour } from "touchline/behaviour";
import { draw } from "touchline/plot";
import { word } from "touchline/words";

const EARLY = "300px";

behaviour("[data-figure]", (box) => {
  const place = box.querySelector("[data-plot]");
  const json = box.querySelector("[data-plot-json]");
  const toggle = box.querySelector("[data-figure-toggle]");

  toggle?.addEventListener("click", () => {
    const table = box.dataset.view !== "table";
    box.dataset.view = table ? "table" : "plot";
    toggle.setAttribute("aria-pressed", String(table));
    if (!table) resize();
  });
  if (!place || !json) return undefined;

  const figure = JSON.parse(json.textContent);
  let drawn = false;
  let width = 0;

  async function show() {
    try {
      await draw(place, figure, place.dataset.plotlySrc);
      drawn = true;
      width = place.clientWidth;
      box.dataset.drawn = "";
      box.dispatchEvent(new CustomEvent("touchline:drawn"));
    } catch (error) {
      console.error(error);
      place.classList.add("figure-failed");
      place.textContent = word("figure_failed");
      if (box.querySelector(".figure-table")) box.dataset.view = "table";
    }
  }

  function resize() {
    if (!drawn || !place.clientWidth || Math.abs(place.clientWidth - width) < 2) return;
    width = place.clientWidth;
    requestAnimationFrame(() => place.isConnected && window.Plotly.Plots.resize(place));
  }

  const again = () => drawn && show();
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    show();
  }, { rootMargin: EARLY });
  const sized = new ResizeObserver(resize);
  seen.observe(place);
  sized.observe(place);
  document.addEventListener("touchline:theme", again);
  addEventListener("beforeprint", again);

  return () => {
    seen.disconnect();
    sized.disconnect();
    document.removeEventListener("touchline:theme", again);
    removeEventListener("beforeprint", again);
    if (drawn) window.Plotly.purge(place);
  };
});
