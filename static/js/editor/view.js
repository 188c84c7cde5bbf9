// How this reader looks at the map: never part of the map itself. Kept per journey in the browser,
// and under an address of its own as a saved view.
const ZOOM = { least: 0.25, most: 2, step: 0.1 };

export class View extends EventTarget {
  constructor({ name, settings, personas }) {
    super();
    this.name = `touchline-view:${name}`;
    this.isSaved = Boolean(settings);
    this.take(settings ?? this.#kept() ?? {}, personas);
  }

  take(settings) {
    this.collapsed = new Set(settings.collapsed ?? []);
    this.lanes = { ...settings.lanes };
    this.persona = settings.persona ?? "";
    this.segment = settings.segment ?? "";
    this.lens = settings.lens ?? "written";
    // The row of figures; on a phone only for those who ask for it.
    this.measured = settings.measured ?? matchMedia("(min-width: 45rem)").matches;
    this.zoom = clamp(settings.zoom ?? 1);
  }

  toJson() {
    const { lanes, persona, segment, lens, measured, zoom } = this;
    return { collapsed: [...this.collapsed], lanes, persona, segment, lens, measured, zoom };
  }

  set(changes) {
    Object.assign(this, changes);
    this.zoom = clamp(this.zoom);
    if (!this.isSaved) this.#keep();
    this.dispatchEvent(new Event("change"));
  }

  toggleStage(id) {
    const collapsed = new Set(this.collapsed);
    if (!collapsed.delete(id)) collapsed.add(id);
    this.set({ collapsed });
  }

  zoomBy(steps) {
    this.set({ zoom: Math.round((this.zoom + steps * ZOOM.step) * 100) / 100 });
  }

  showsLane(lane) {
    return this.lanes[lane.id] ?? !lane.hidden;
  }

  // Whose cards are not drawn: of other personas, or of those of other segments.
  hiddenPersonas(personas) {
    return new Set(personas
      .filter((each) => (this.persona && each.id !== this.persona) || (this.segment && each.segment !== this.segment))
      .map((each) => each.id));
  }

  #kept() {
    try {
      return JSON.parse(localStorage.getItem(this.name));
    } catch {
      return null;
    }
  }

  #keep() {
    try {
      localStorage.setItem(this.name, JSON.stringify(this.toJson()));
    } catch {
      // Then it is forgotten with the page.
    }
  }
}

function clamp(zoom) {
  return Math.min(ZOOM.most, Math.max(ZOOM.least, Number(zoom) || 1));
}
