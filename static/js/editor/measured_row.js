// What was measured at each step's touchpoints, as the first row of the map: severity, answers and
// waits, each with its interval and n. Not a lane: nothing in it can be edited. A press opens the
// evidence behind it.
import { element, icon } from "touchline/editor/reconcile";
import { say } from "touchline/editor/words";

const METRICS = ["nps", "csat", "ces"];

export function showMeasured({ grid, measures, page, view }) {
  const place = grid.sheet.querySelector("[data-measured]");
  const row = element("div", "ed-row me-row", { role: "row" });
  const head = element("div", "ed-corner me-head", { role: "rowheader" });
  const name = element("span", "ed-name");
  const scope = element("span", "ed-kind");
  name.textContent = say("measured_row");
  head.append(name, scope);
  place.append(row);

  function draw() {
    const figures = measures.told?.touchpoints ?? {};
    const { columns } = grid.layout;
    const isShown = view.measured && columns.some(({ step }) => step?.touchpoints?.some((code) => figures[code]));
    place.hidden = !isShown;
    if (!isShown) return;
    scope.textContent = measures.told.scope?.said || say("all_evidence");
    const told = JSON.stringify([measures.version, page.libraryVersion, columns.map((c) => [c.key, c.step?.touchpoints])]);
    if (row.told === told) return;
    row.told = told;
    row.replaceChildren(head, ...columns.map((column) => cell(column, figures)));
  }

  function cell({ step, isCollapsed, isLast }, figures) {
    const node = element("div", "me-cell", { role: "gridcell" });
    node.classList.toggle("ed-collapsed", isCollapsed);
    node.classList.toggle("ed-last", Boolean(isLast));
    node.append(...(step?.touchpoints ?? []).map((code) => figure(code, figures[code])));
    return node;
  }

  function figure(code, line) {
    const { name: called, kind } = page.touchpoint(code);
    const node = element("button", "me-figure", { type: "button", tabindex: "-1", "data-at": code });
    node.title = say("evidence_behind", { name: called });
    const title = element("span", "me-name");
    const words = element("span");
    words.textContent = called;
    title.append(icon(`channel-${kind || "none"}`), words);
    node.append(title);
    if (!line?.severity) {
      const none = element("span", "no-evidence");
      none.append(element("span", "swatch", { "aria-hidden": "true" }), say("not_measured"));
      node.append(none);
    } else node.append(...severityLine(line.severity));
    for (const metric of METRICS) if (line?.[metric]) node.append(metricLine(metric, line[metric]));
    if (line?.waits) node.append(...waitLines(line.waits));
    return node;
  }

  place.addEventListener("click", (event) => {
    const at = event.target.closest("[data-at]");
    if (!at) return;
    event.stopPropagation();
    measures.open([at.dataset.at], at);
  });
  grid.sheet.addEventListener("drawn", draw);
  measures.addEventListener("change", draw);
}

// A bar as long as the severity, with its interval; too little evidence is hatched.
function severityLine(severity) {
  const bar = element("span", severity.too_little ? "me-track hatch" : `me-track me-pain-${severity.step}`, { "aria-hidden": "true" });
  bar.style.cssText = `--low: ${severity.low}; --high: ${severity.high}; --value: ${severity.value}`;
  const words = severity.too_little ? say("too_little") : severity.interval_said;
  return [bar, line(say("hurt"), strong(severity.points), `${words} ${severity.n_said}`)];
}

function metricLine(metric, { value_said: value, interval_said: interval, n_said: n }) {
  return line(metric.toUpperCase(), strong(value), [interval, n].filter(Boolean).join(" "));
}

function waitLines({ p90_said: p90, n_said: n, kept, late }) {
  const inTime = line(say("in_time"), strong(kept.value_said), kept.beside_said);
  inTime.classList.toggle("me-late", late);
  return [line(say("waits"), strong(`P90 ${p90}`), n), inTime];
}

function strong(words) {
  const made = element("span", "me-value");
  made.textContent = words;
  return made;
}

function line(label, value, words) {
  const made = element("span", "me-line");
  const what = element("span", "me-what");
  const beside = element("span", "me-beside");
  what.textContent = label;
  beside.textContent = words;
  made.append(what, value, beside);
  return made;
}
