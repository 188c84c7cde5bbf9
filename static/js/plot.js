// Draws a Plotly figure in the page's own type and colours; what the figure says wins.
import { resolveTokens } from "touchline/colours";
import { lang } from "touchline/words";

const loading = new Map();

export function loadPlotly(src) {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  if (!loading.has(src)) {
    loading.set(src, new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = src;
      script.onload = () => resolve(window.Plotly);
      script.onerror = () => { loading.delete(src); reject(new Error(src)); };
      document.head.append(script);
    }));
  }
  return loading.get(src);
}

// How this reader's language writes a decimal and groups thousands, as Plotly wants it.
function separators() {
  const parts = new Intl.NumberFormat(lang, { useGrouping: true }).formatToParts(1234567.5);
  const part = (type) => parts.find((each) => each.type === type)?.value ?? "";
  return part("decimal") + part("group");
}

function axis(own = {}) {
  return {
    separatethousands: true, exponentformat: "none",
    gridcolor: "var(--figure-grid)", linecolor: "var(--figure-axis)", zerolinecolor: "var(--figure-axis)",
    tickcolor: "var(--figure-axis)", zerolinewidth: 1, automargin: true, ...own,
    tickfont: { color: "var(--figure-text)", size: 12, ...own.tickfont },
  };
}

function houseStyle(layout = {}) {
  const styled = {
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    margin: { l: 48, r: 16, t: 12, b: 40, pad: 4 },
    dragmode: false,
    separators: separators(),
    colorway: [1, 2, 3, 4, 5, 6, 7, 8].map((i) => `var(--category-${i})`),
    ...layout,
    font: {
      family: getComputedStyle(document.body).fontFamily, size: 12, color: "var(--figure-text)",
      ...layout.font,
    },
    hoverlabel: {
      bgcolor: "var(--surface-raised)", bordercolor: "var(--border-firm)", align: "left",
      ...layout.hoverlabel,
      font: { color: "var(--text)", size: 12, ...layout.hoverlabel?.font },
    },
  };
  delete styled.template;
  for (const name of new Set(["xaxis", "yaxis", ...Object.keys(layout)])) {
    if (/^[xy]axis\d*$/.test(name)) styled[name] = axis(layout[name]);
  }
  return styled;
}

export async function draw(place, figure, src) {
  const Plotly = await loadPlotly(src);
  const layout = resolveTokens(houseStyle(figure.layout));
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (still) layout.transition = { duration: 0 };
  if (layout.height) place.style.setProperty("--figure-height", `${layout.height}px`);
  const config = {
    displayModeBar: false, responsive: false, scrollZoom: false, doubleClick: false, ...figure.config,
  };
  await Plotly.react(place, resolveTokens(figure.data ?? []), layout, config);
  return Plotly;
}
