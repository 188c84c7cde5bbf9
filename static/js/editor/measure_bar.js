// Which evidence the map shows, in words, and the menu to choose another: period, channel, segment,
// unit; and whose curve lies beside this map's.
import { element } from "touchline/editor/reconcile";
import { say } from "touchline/editor/words";

export function chooseMeasures({ measures }) {
  const place = document.getElementById("map-evidence");
  if (!place) return;
  const form = place.querySelector("form");
  const words = place.querySelector("[data-scope]");
  const state = place.querySelector("[data-state]");
  const presets = place.querySelector("[data-presets]");
  const filters = place.querySelector("[data-filters]");
  const beside = place.querySelector("[name=beside]");
  let maps = null;

  function draw() {
    const { told } = measures;
    state.textContent = say(`measures_${told.state}`, { revision: told.evidence_revision ?? "", snapshot: told.snapshot ?? "" });
    place.dataset.state = told.state;
    if (told.scope) scope(told.scope);
    if (told.beside && !maps) others(told.beside);
  }

  function scope({ said, since, until, presets: periods, filters: offered }) {
    words.textContent = said || say("all_evidence");
    form.elements.since.value = since;
    form.elements.until.value = until;
    presets.replaceChildren(...periods.map((period) => {
      const chip = element("button", period.current ? "chip chip-on" : "chip", { type: "button", "aria-pressed": String(period.current) });
      chip.textContent = period.label;
      const query = new URLSearchParams(period.url);
      chip.addEventListener("click", () => {
        form.elements.since.value = query.get("since") ?? "";
        form.elements.until.value = query.get("until") ?? "";
        send();
      });
      return chip;
    }));
    if (filters.contains(document.activeElement)) return;
    filters.replaceChildren(...offered.map(fieldset));
  }

  function fieldset({ name, label, options, selected }) {
    const set = element("fieldset", "me-filter");
    const legend = element("legend", "small faint");
    legend.textContent = label;
    const checks = element("div", "checks");
    for (const [value, text] of options) {
      const box = element("label", "");
      const input = element("input", "", { type: "checkbox", name, value });
      input.checked = selected.includes(value);
      box.append(input, text);
      checks.append(box);
    }
    set.append(legend, checks);
    return set;
  }

  function others({ of, maps: there }) {
    maps = new Map(there.map((map) => [map.slug, map]));
    for (const { slug, name, kind } of there) beside.append(new Option(`${name} (${kind})`, slug));
    beside.closest(".field").hidden = !there.length;
    if (!of) return;
    beside.value = of;
    lay();
  }

  function lay() {
    const map = maps.get(beside.value);
    measures.lay(map?.url ?? "", map?.kind ?? "");
  }

  function send() {
    measures.choose([...new FormData(form)].filter(([name, value]) => value && name !== "beside"));
  }

  form.addEventListener("change", (event) => {
    if (event.target === beside) lay();
    else if (event.target.type !== "date" || !event.target.validity.badInput) send();
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
  measures.addEventListener("change", draw);
}
