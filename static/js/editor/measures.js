// What the evidence says, on the map that is edited: severity on the touchpoints' chips, and what
// opens beside them. The scope stands in the page's address, as everywhere.
import { toast } from "touchline/toast";
import { element } from "touchline/editor/reconcile";
import { entryAt } from "touchline/editor/adding";
import { find } from "touchline/editor/map";
import { say } from "touchline/editor/words";

const NAMES = ["since", "until", "channel", "segment", "unit"];
const AGAIN_MS = 1500;
const MOST_TRIES = 60;
const PAUSE_MS = 1200;

export class Measures extends EventTarget {
  constructor(editor) {
    super();
    Object.assign(this, { editor, told: null, beside: null, tries: 0, version: 0 });
    const { grid, store, commands } = editor;
    grid.sheet.addEventListener("drawn", () => this.#mark());
    grid.sheet.addEventListener("click", (event) => this.#clicked(event), { capture: true });
    store.addEventListener("shown", () => this.#follow());
    commands.evidence = () => this.open(this.#codesHere());
    this.codes = this.#codes();
  }

  // The part of the address that says which evidence.
  get query() {
    const all = new URLSearchParams(location.search);
    return new URLSearchParams([...all].filter(([name, value]) => NAMES.includes(name) && value));
  }

  // Another scope: in the address at once, the figures as soon as they are there.
  choose(query) {
    const all = new URLSearchParams(location.search);
    const kept = [...all].filter(([name]) => !NAMES.includes(name));
    const next = new URLSearchParams([...kept, ...query]).toString();
    history.replaceState(null, "", next ? `?${next}` : location.pathname);
    this.tries = 0;
    this.load();
  }

  async load() {
    clearTimeout(this.timer);
    const asked = this.query.toString();
    let told;
    try {
      const response = await fetch(`${this.editor.page.urls.measures}?${asked}`);
      told = await response.json();
    } catch {
      told = { ...this.told, state: "offline" };
    }
    if (asked !== this.query.toString()) return; // another scope was chosen meanwhile
    if (told.error && told.state !== "failed") toast(told.error, "error");
    if (told.touchpoints || !this.told) this.told = { touchpoints: {}, steps: {}, ...told };
    else this.told = { ...this.told, state: told.state ?? "failed" };
    this.version += 1;
    this.#mark();
    this.dispatchEvent(new Event("change"));
    this.tries += 1;
    if (this.told.state === "running" && this.tries < MOST_TRIES) this.timer = setTimeout(() => this.load(), AGAIN_MS);
  }

  // Lays another map's curves beside this one's; none with an empty address.
  async lay(url, title) {
    try {
      this.beside = url ? { cards: [], lanes: [], steps: [], ...await (await fetch(url)).json(), title } : null;
    } catch {
      toast(say("needs_connection"), "error");
    }
    this.dispatchEvent(new Event("change"));
  }

  // What stands behind these touchpoints, in the side panel.
  open(codes, source = null) {
    if (!codes.length) {
      toast(say("no_touchpoint_here"));
      return;
    }
    const query = new URLSearchParams([...this.query, ...codes.map((code) => ["at", code])]);
    const { grid, selection, page } = this.editor;
    const from = source ?? grid.element(selection.at) ?? grid.sheet;
    window.htmx.ajax("GET", `${page.urls.behind}?${query}`, { source: from, target: "#panel", swap: "innerHTML" });
  }

  #codes() {
    return JSON.stringify(this.editor.store.shown.steps.map((step) => step.touchpoints ?? []));
  }

  // Other touchpoints on the map are another question; asked when they stay so for a moment.
  #follow() {
    const codes = this.#codes();
    if (codes === this.codes) return;
    this.codes = codes;
    this.tries = 0;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), PAUSE_MS);
  }

  #codesHere() {
    const { store, selection } = this.editor;
    const { at } = selection;
    if (at?.kind === "stage") {
      return store.shown.steps.filter((step) => step.stage === at.id).flatMap((step) => step.touchpoints ?? []);
    }
    const id = { step: at?.id, cell: at?.step, card: at?.kind === "card" && entryAt(store.shown, at)?.step }[at?.kind];
    return find(store.shown, "steps", id)?.touchpoints ?? [];
  }

  #clicked(event) {
    const chip = event.target.closest(".ed-touchpoint[data-code]");
    if (!chip) return;
    event.stopPropagation();
    const head = chip.closest(".ed-step");
    this.editor.selection.go(head.at, { scroll: false });
    this.open([chip.dataset.code], head);
  }

  // ---- chips ----

  #mark() {
    if (!this.told) return;
    for (const node of this.editor.grid.heads.values()) {
      (node.step?.touchpoints ?? []).forEach((code, i) => {
        const chip = node.points.children[i];
        if (chip && chip.measured !== this.version) this.#score(chip, code);
      });
    }
  }

  #score(chip, code) {
    chip.measured = this.version;
    chip.dataset.code = code;
    chip.querySelector(".me-score")?.remove();
    const line = this.told.touchpoints[code];
    const isAsked = this.told.state === "running" && !line;
    chip.title = isAsked ? say("being_scored") : wordsOf(chip, line);
    if (isAsked) return;
    const score = element("span", "me-score");
    const said = element("span", "visually-hidden");
    said.textContent = line?.severity_said ?? say("not_measured");
    score.append(...shown(line?.severity), said);
    chip.append(score);
  }
}

// 31 on the colour of pain with n beside it; hatched with n alone; or an empty outline.
function shown(severity) {
  if (!severity) return [element("span", "swatch me-none", { "aria-hidden": "true" })];
  const n = element("span", "me-n", { "aria-hidden": "true" });
  n.textContent = severity.n_said;
  if (severity.too_little) return [element("span", "swatch hatch", { "aria-hidden": "true" }), n];
  const value = element("span", `pain pain-${severity.step}`, { "aria-hidden": "true" });
  value.textContent = severity.points;
  return [value, n];
}

function wordsOf(chip, line) {
  const name = chip.querySelector("span")?.textContent ?? "";
  if (!line) return `${name}: ${say("not_measured")}`;
  const asked = ["nps", "csat", "ces"].filter((metric) => line[metric]).map((metric) => `${metric.toUpperCase()} ${line[metric].said}`);
  return [`${name}: ${line.severity_said}`, ...asked, line.waits?.said, line.emotion && `${say("measured_feeling")}: ${line.emotion.said}`]
    .filter(Boolean).join("\n");
}
