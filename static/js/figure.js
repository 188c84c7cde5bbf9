// [data-figure]: draws its [data-plot] when scrolled into view, from the JSON beside it; draws
// again on a new theme, width or scope (scope.js); [data-figure-toggle] shows the table instead.
import { behaviour } from "touchline/behaviour";
import { draw } from "touchline/plot";
import { word } from "touchline/words";

const EARLY = "300px";
// What is printed is measured and coloured before the browser turns to paper.
addEventListener("beforeprint", () => document.documentElement.classList.add("for-paper"));
addEventListener("afterprint", () => document.documentElement.classList.remove("for-paper"));

behaviour("[data-figure]", (box) => {
  const place = box.querySelector("[data-plot]");
  const json = () => box.querySelector("[data-plot-json]");
  const toggle = box.querySelector("[data-figure-toggle]");

  toggle?.addEventListener("click", () => {
    const table = box.dataset.view !== "table";
    box.dataset.view = table ? "table" : "plot";
    toggle.setAttribute("aria-pressed", String(table));
    if (!table) resize();
  });
  if (!place || !json()) return undefined;

  let figure = JSON.parse(json().textContent);
  let drawn = false;
  let width = 0;

  async function show() {
    try {
      // Plotly keeps the width of its first drawing unless told another.
      const layout = { width: place.clientWidth || undefined, ...figure.layout };
      await draw(place, { ...figure, layout }, place.dataset.plotlySrc);
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
    requestAnimationFrame(() => place.isConnected && show());
  }

  function renew() {
    const { said, knows } = json().parentElement.dataset;
    figure = JSON.parse(json().textContent);
    place.setAttribute("aria-label", said);
    if (knows) box.dataset.know = knows;
    place.parentElement.style.setProperty("--map-height", `${figure.layout.height}px`);
    if (drawn) show();
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
  box.addEventListener("touchline:numbers", renew);
  document.addEventListener("touchline:theme", again);
  addEventListener("beforeprint", show); // those not scrolled to yet, too
  addEventListener("afterprint", again);

  return () => {
    seen.disconnect();
    sized.disconnect();
    box.removeEventListener("touchline:numbers", renew);
    document.removeEventListener("touchline:theme", again);
    removeEventListener("beforeprint", show);
    removeEventListener("afterprint", again);
    if (drawn) window.Plotly.purge(place);
  };
});
