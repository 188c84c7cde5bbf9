// Writing in place: a card's words or a part's name. Enter keeps, Escape leaves, Tab goes on,
// Shift+Enter is a new line; leaving the field keeps too.
import { element } from "touchline/editor/reconcile";
import { say } from "touchline/editor/words";
import { changing } from "touchline/editor/map";
import { entryAt, listOf, newCard } from "touchline/editor/adding";

const MOST = { text: 10_000, name: 160 };

export class Inline {
  constructor({ grid, selection, sync, store, page }) {
    Object.assign(this, { grid, selection, sync, store, page });
  }

  get isOpen() {
    return Boolean(this.field);
  }

  // The words of what is there.
  edit(at, { selectAll = false } = {}) {
    const entry = entryAt(this.store.shown, at);
    const node = this.grid.element(at);
    if (!entry || !node) return;
    const field = at.kind === "card" ? "text" : "name";
    const place = at.kind === "card" ? node : node.name;
    const was = entry[field] ?? (field === "name" ? entry.id : "");
    const isFelt = at.kind === "card" && this.#isFelt(entry.lane);
    this.#open(place, { was, field, feels: isFelt ? entry.emotion ?? 0 : null }, (value, feels) => {
      this.#keep(at, field, was, value, feels);
    }, at);
    if (selectAll) this.field.select();
  }

  // A card that is there once something is written in it.
  draft(lane, step, after = null) {
    const cell = this.grid.element({ kind: "cell", lane, step });
    if (!cell) return;
    const node = element("div", "ed-card ed-pencil ed-draft");
    const before = after && this.grid.element({ kind: "card", id: after });
    if (before) before.after(node);
    else cell.append(node);
    const isFelt = this.#isFelt(lane);
    this.#open(node, { was: "", field: "text", feels: isFelt ? 0 : null }, (value, feels) => {
      if (!value && feels === null) return;
      const fields = { ...(value ? { text: value } : {}), ...(feels === null ? {} : { emotion: feels }), basis: "assumption" };
      if (this.page.reader.persona) fields.persona = this.page.reader.persona;
      const made = newCard(this.store.shown, lane, step, fields, after);
      this.sync.edit(made.changes);
      this.selection.at = made.at;
    }, { kind: "cell", lane, step }, node);
  }

  #isFelt(lane) {
    return this.store.shown.lanes.find((each) => each.id === lane)?.kind === "emotion";
  }

  #keep(at, field, was, value, feels) {
    const entry = entryAt(this.store.shown, at);
    if (!entry || (field === "name" && !value)) return;
    const after = {};
    if (value !== was) after[field] = value;
    if (feels !== null && feels !== (entry.emotion ?? null)) after.emotion = feels;
    if (!Object.keys(after).length) return;
    const change = changing(listOf(at), entry, after);
    if (field in after) change.before[field] = was; // what one saw when one began to write
    this.sync.edit([change]);
  }

  #open(place, { was, field, feels }, keep, at, draft = null) {
    this.close();
    const input = element("textarea", "ed-input", { rows: "1", maxlength: MOST[field], "aria-label": say(field === "text" ? "text" : "name") });
    input.value = was;
    const range = feels === null ? null : this.#range(feels);
    if (place.getAttribute("role") === "button") place.removeAttribute("role");
    const shown = [...place.childNodes];
    const around = place.closest(".ed-card, .ed-step, .ed-stage, .ed-lane");
    around.classList.add("ed-writing");
    place.replaceChildren(...(range ? [range] : []), input);
    this.field = input;
    this.end = (isKept) => {
      if (this.field !== input) return;
      const value = input.value.trim();
      const felt = range ? Number(range.querySelector("input").value) : null;
      this.field = this.end = null;
      place.onkeydown = place.onfocusout = null; // the card's keys are the map's again
      around.classList.remove("ed-writing");
      if (draft) draft.remove();
      else {
        place.replaceChildren(...shown);
        if (place.at?.kind === "card") place.setAttribute("role", "button");
        if (place.dataset.was !== undefined) place.textContent = place.dataset.was;
        delete place.dataset.was;
        place.card = null; // drawn anew
        if (place.at?.kind === "card" && place.parentElement) place.parentElement.cards = null;
      }
      if (isKept && (!draft || value || range)) keep(value, felt);
      this.dispatch();
    };
    place.onkeydown = (event) => this.#key(event, at);
    place.onfocusout = (event) => { if (!place.contains(event.relatedTarget)) this.close(); };
    input.focus({ preventScroll: true });
    input.setSelectionRange(was.length, was.length);
    input.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #range(feels) {
    const label = element("label", "ed-range");
    const input = element("input", "", { type: "range", min: "-2", max: "2", step: "1", "aria-label": say("emotion") });
    const told = element("output");
    input.value = feels;
    const tell = () => { told.textContent = this.page.emotions[input.value]; input.setAttribute("aria-valuetext", told.textContent); };
    input.addEventListener("input", tell);
    tell();
    label.append(input, told);
    return label;
  }

  #key(event, at) {
    if (event.isComposing) return;
    const goes = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    event.stopPropagation();
    if (event.key === "Escape") {
      goes();
      this.#leave(false);
    } else if (event.key === "Enter" && !event.shiftKey) {
      goes();
      this.#leave(true);
      if (event.ctrlKey || event.metaKey) this.goOn?.(at);
    } else if (event.key === "Tab") {
      goes();
      this.#leave(true);
      this.selection.step(0, event.shiftKey ? -1 : 1);
    }
  }

  #leave(isKept) {
    this.hadFocus = true;
    this.end?.(isKept);
    this.hadFocus = false;
  }

  close() {
    this.end?.(true);
  }

  dispatch() {
    this.onend?.(this.hadFocus);
  }
}
