// Finds words on the map: cards, steps, stages, lanes. Enter goes to the next one.
import { say } from "touchline/editor/words";

export class Finder {
  constructor(editor) {
    this.editor = editor;
    this.bar = document.getElementById("map-find");
    this.input = this.bar.querySelector("input");
    this.told = this.bar.querySelector("output");
    this.input.addEventListener("input", () => this.#look());
    this.bar.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        this.close();
      } else if (event.key === "Enter" && event.target === this.input) {
        event.preventDefault();
        this.go(event.shiftKey ? -1 : 1);
      }
    });
    this.bar.addEventListener("click", (event) => {
      const by = event.target.closest("[data-find]")?.dataset.find;
      if (by === "close") this.close();
      else if (by) this.go(Number(by));
    });
    editor.store.addEventListener("shown", () => { if (!this.bar.hidden) this.#look(false); });
  }

  open() {
    this.bar.hidden = false;
    this.input.focus();
    this.input.select();
    this.#look(false);
  }

  close() {
    this.bar.hidden = true;
    this.#mark([]);
    const { grid, selection } = this.editor;
    (grid.element(this.found?.[this.place]) ?? grid.element(selection.at))?.focus();
  }

  go(by) {
    if (!this.found?.length) return;
    this.place = (this.place + by + this.found.length) % this.found.length;
    this.#show();
  }

  #look(isNew = true) {
    const words = this.input.value.trim().toLocaleLowerCase();
    this.found = words ? this.#places(words) : [];
    if (isNew) this.place = 0;
    this.place = Math.min(this.place ?? 0, Math.max(0, this.found.length - 1));
    this.#mark(this.found);
    if (isNew) this.#show();
    else this.#tell();
  }

  #places(words) {
    const { shown } = this.editor.store;
    const { grid } = this.editor;
    const has = (text) => text?.toLocaleLowerCase().includes(words);
    const named = (kind) => shown[`${kind}s`].filter((each) => has(each.name)).map(({ id }) => ({ kind, id }));
    const cards = shown.cards.filter((card) => has(card.text) || has(card.owner)).map(({ id }) => ({ kind: "card", id }));
    return [...named("stage"), ...named("step"), ...named("lane"), ...cards].filter((at) => grid.element(at));
  }

  #show() {
    this.#tell();
    const at = this.found[this.place];
    if (!at) return;
    const { grid, selection } = this.editor;
    selection.at = at;
    selection.mark();
    const node = grid.element(at);
    for (const other of this.marked) other.classList.toggle("ed-found-here", other === node);
    node.scrollIntoView({ block: "center", inline: "center" });
  }

  #tell() {
    if (!this.input.value.trim()) this.told.textContent = "";
    else this.told.textContent = this.found.length ? say("found", { place: this.place + 1, n: this.found.length }) : say("found_none");
  }

  #mark(places) {
    for (const node of this.marked ?? []) node.classList.remove("ed-found", "ed-found-here");
    this.marked = places.map((at) => this.editor.grid.element(at)).filter(Boolean);
    for (const node of this.marked) node.classList.add("ed-found");
    this.editor.grid.sheet.classList.toggle("ed-finding", this.marked.length > 0);
  }
}
