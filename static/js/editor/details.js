// The side panel: everything about one card, step, stage, lane or persona. A field is an edit of
// the map as soon as it is changed; what others change meanwhile is shown.
import { csrfToken } from "touchline/words";
import { closePanel, openPanel } from "touchline/panel";
import { toast } from "touchline/toast";
import { say } from "touchline/editor/words";
import { element, icon } from "touchline/editor/reconcile";
import { changing, find } from "touchline/editor/map";
import { newPersona } from "touchline/editor/adding";
import { strengthOf } from "touchline/editor/evidence";
import { pickTouchpoints } from "touchline/editor/touchpoints";

const LISTS = { card: "cards", step: "steps", stage: "stages", lane: "lanes", persona: "personas" };
const NUMBERS = new Set(["emotion", "n"]);
const plain = (value) => (value === undefined || value === null ? "" : String(value));

export class Details {
  constructor(editor) {
    Object.assign(this, { editor, store: editor.store, sync: editor.sync, page: editor.page });
    this.store.addEventListener("shown", () => this.#refresh());
  }

  get isOpen() {
    return Boolean(this.form?.isConnected);
  }

  open(at) {
    const place = at?.kind === "cell" ? null : at;
    const template = place && document.getElementById(`details-${place.kind}`);
    if (!template || !this.#entry(place)) return;
    this.at = place;
    this.form = template.content.firstElementChild.cloneNode(true);
    this.form.querySelector("[data-does=remove-persona]")?.setAttribute("data-persona", place.id);
    this.#choices();
    this.#fill();
    this.form.addEventListener("change", (event) => this.#changed(event.target));
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("click", (event) => this.#clicked(event));
    if (place.kind === "step") pickTouchpoints(this.form.querySelector("[data-touchpoints]"), this, place.id);
    openPanel(this.form, () => this.editor.grid.element(this.editor.selection.at)?.focus({ preventScroll: true }));
    this.form.querySelector("textarea, input, select")?.focus({ preventScroll: true });
  }

  // While it is open it goes along with what one stands on.
  follow(at) {
    if (!this.isOpen || at.kind === "cell" || (at.kind === this.at.kind && at.id === this.at.id)) return;
    const here = document.activeElement;
    this.open(at);
    here?.focus({ preventScroll: true });
  }

  close() {
    if (this.isOpen) closePanel();
  }

  addPersona() {
    const made = newPersona(this.store.shown, say("new_persona"));
    this.sync.edit(made.changes);
    this.open({ kind: "persona", id: made.id });
    this.form.querySelector("[data-field=name]")?.select();
  }

  #entry(at = this.at) {
    return find(this.store.shown, LISTS[at.kind], at.id);
  }

  #refresh() {
    if (!this.isOpen) return;
    if (this.#entry()) this.#fill();
    else closePanel();
  }

  // Personas, lanes and steps to choose from are those of the map.
  #choices() {
    for (const select of this.form.querySelectorAll("select[data-of]")) {
      for (const entry of this.store.shown[select.dataset.of]) {
        select.append(new Option(entry.name ?? entry.id, entry.id));
      }
    }
  }

  #fill() {
    const entry = this.#entry();
    for (const field of this.form.querySelectorAll("[data-field]")) {
      if (field === document.activeElement) continue;
      const value = entry[field.dataset.field];
      if (field.type === "checkbox") field.checked = Boolean(value);
      else if (field.type === "radio") field.checked = field.value === plain(value);
      else field.value = plain(value);
    }
    for (const only of this.form.querySelectorAll("[data-if-basis]")) only.hidden = !(entry.basis in this.page.enough);
    const strength = this.form.querySelector("[data-strength]");
    if (strength) strength.textContent = this.page.strengths[strengthOf(entry, this.page.enough, this.page.today)];
    const picture = this.form.querySelector("[data-picture]");
    if (picture) this.#picture(picture, entry);
    const links = this.form.querySelector("[data-links]");
    if (links && !links.contains(document.activeElement)) this.#links(links, entry);
    const chips = this.form.querySelector("[data-chips]");
    if (chips) chips.draw?.(entry);
    const opens = this.form.querySelector("[data-opens-link]");
    if (opens) {
      opens.hidden = !entry.opens;
      if (entry.opens) opens.href = this.page.urls.journey.replace("__slug__", encodeURIComponent(entry.opens));
    }
  }

  edit(fields, shown = {}) {
    const change = changing(LISTS[this.at.kind], this.#entry(), fields);
    Object.assign(change.before, shown);
    this.sync.edit([change]);
  }

  #changed(field) {
    const name = field.dataset.field;
    if (field.matches("[data-link]")) return this.#linked();
    if (field.type === "file") return this.#upload(field);
    if (!name) return undefined;
    if (!field.checkValidity()) return field.reportValidity();
    let value = field.type === "checkbox" ? field.checked : field.value.trim();
    if (NUMBERS.has(name) || field.dataset.number !== undefined) value = value === "" ? null : Number(value);
    if (value === "" || value === false) value = null;
    if (name === "name" && !value) return this.#fill();
    const entry = this.#entry();
    if (plain(entry[name]) === plain(value)) return undefined;
    const extra = name === "basis" && !(value in this.page.enough) ? { n: null, date: null, expires: null } : {};
    return this.edit({ [name]: value, ...extra });
  }

  #clicked(event) {
    const does = event.target.closest("[data-detail]")?.dataset.detail;
    if (does === "remove-picture") this.edit({ [this.form.querySelector("[data-picture]").dataset.picture]: null });
    if (does === "add-link") this.#linkRow(this.form.querySelector("[data-links]"), {}).querySelector("input").focus();
    if (does === "remove-link") {
      event.target.closest("[data-link-row]").remove();
      this.#linked();
    }
  }

  // ---- links ----

  #links(list, entry) {
    if (list.childElementCount && JSON.stringify(this.#written()) === JSON.stringify(entry.links ?? [])) return;
    list.replaceChildren();
    for (const link of entry.links ?? []) this.#linkRow(list, link);
  }

  #linkRow(list, { url = "", title = "" }) {
    const row = element("div", "ed-link", { "data-link-row": "" });
    const address = element("input", "input input-small", {
      type: "url", placeholder: "https://…", "data-link": "url", "aria-label": say("link_address"), maxlength: "2000",
    });
    address.value = url;
    const name = element("input", "input input-small", { "data-link": "title", placeholder: say("link_title"), "aria-label": say("link_title"), maxlength: "160" });
    name.value = title;
    const open = element("a", "button button-quiet button-small button-icon", { target: "_blank", rel: "noopener noreferrer", "aria-label": say("open_link") });
    open.append(icon("open"));
    if (/^https?:\/\//.test(url)) open.href = url;
    const remove = element("button", "button button-quiet button-small button-icon", { type: "button", "data-detail": "remove-link", "aria-label": say("remove_link") });
    remove.append(icon("remove"));
    row.append(address, name, open, remove);
    list.append(row);
    return row;
  }

  // The links as they stand in the fields.
  #written() {
    return [...this.form.querySelectorAll("[data-link-row]")]
      .map((row) => [...row.querySelectorAll("input")].map((input) => input.value.trim()))
      .filter(([url]) => url)
      .map(([url, title]) => (title ? { url, title } : { url }));
  }

  #linked() {
    const links = this.#written();
    const bad = links.find(({ url }) => !/^https?:\/\/\S+$/.test(url));
    if (bad) {
      toast(say("bad_link", { url: bad.url.slice(0, 60) }), "error");
      return;
    }
    if (JSON.stringify(links) !== JSON.stringify(this.#entry().links ?? [])) this.edit({ links });
  }

  // ---- pictures ----

  #picture(place, entry) {
    const id = entry[place.dataset.picture];
    const shown = place.querySelector("img");
    shown.hidden = !id;
    if (id) shown.src = this.page.urls.picture(id);
    place.querySelector("[data-detail=remove-picture]").hidden = !id;
  }

  async #upload(field) {
    const body = new FormData();
    body.append("picture", field.files[0]);
    field.value = "";
    const at = this.at;
    const name = this.form.querySelector("[data-picture]").dataset.picture;
    try {
      const response = await fetch(this.page.urls.pictures, { method: "POST", body, headers: { "X-CSRFToken": csrfToken() } });
      const answer = await response.json();
      if (!response.ok) throw new Error(answer.error);
      const entry = this.#entry(at);
      if (entry) this.sync.edit([changing(LISTS[at.kind], entry, { [name]: answer.id })]);
    } catch (error) {
      toast(error instanceof TypeError ? say("needs_connection") : error.message, "error");
    }
  }
}
