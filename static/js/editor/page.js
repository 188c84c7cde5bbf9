// What the page knows beside the map: words, addresses, the library's touchpoints, colours.
export class Page {
  constructor(document_) {
    Object.assign(this, document_.page);
    this.library = new Map(Object.entries(document_.touchpoints));
    this.libraryVersion = 0;
    this.missing = new Set();
    this.places = new Map();
    this.lang = document.documentElement.lang || "en";
    this.urls = { ...document_.urls, picture: (id) => document_.urls.picture.replace("__id__", encodeURIComponent(id)) };
    this.widths = { column: 208, collapsed: 44 };
  }

  // Personas have a colour of their own, or one by their place.
  order(personas) {
    if (this.personas === personas) return;
    this.personas = personas;
    this.places = new Map(personas.map((persona, i) => [persona.id, (i % 8) + 1]));
  }

  colourOf(persona) {
    return `var(--category-${persona.colour ?? this.places.get(persona.id) ?? 1})`;
  }

  touchpoint(code) {
    const known = this.library.get(code);
    if (!known) this.#ask(code);
    return known ?? { name: code, kind: "" };
  }

  learn(touchpoints) {
    for (const { code, ...known } of touchpoints) this.library.set(code, known);
    this.libraryVersion += 1;
    this.onlearn?.();
  }

  // A touchpoint somebody else put on the map: its name is asked for once.
  #ask(code) {
    if (this.missing.has(code)) return;
    this.missing.add(code);
    fetch(`${this.urls.touchpoints}?${new URLSearchParams({ code })}`)
      .then((response) => response.json())
      .then(({ touchpoints }) => this.learn(touchpoints))
      .catch(() => this.missing.delete(code));
  }
}
