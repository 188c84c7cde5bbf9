// The bar above the map: what is shown (lanes, persona, segment, lens, zoom) and saved views.
import { csrfToken } from "touchline/words";
import { toast } from "touchline/toast";
import { element } from "touchline/editor/reconcile";
import { say } from "touchline/editor/words";

export function listenToToolbar(editor) {
  const { view, store, page } = editor;
  const bar = document.getElementById("map-tools");
  const lanes = bar.querySelector("[data-lanes]");
  const stages = bar.querySelector("[data-stage-jump]");
  const dots = bar.querySelector("[data-dots]");
  const segment = bar.querySelector("[name=segment]");
  const zoom = bar.querySelector("[data-zoom]");
  const personas = document.getElementById("map-personas");

  bar.addEventListener("change", ({ target }) => {
    if (target.name === "persona" || target.name === "segment" || target.name === "lens") view.set({ [target.name]: target.value });
    if (target.name === "measured") view.set({ measured: target.checked });
    if (target.name === "lane") view.set({ lanes: { ...view.lanes, [target.value]: target.checked } });
  });

  // On a phone the map goes stage by stage.
  stages.addEventListener("change", () => {
    const at = { kind: "stage", id: stages.value };
    editor.selection.go(at, { scroll: false });
    editor.grid.element(at)?.scrollIntoView({ inline: "start", block: "nearest" });
  });

  function draw() {
    const { shown } = store;
    if (draw.stages !== shown.stages) {
      draw.stages = shown.stages;
      const here = stages.value;
      stages.replaceChildren(...shown.stages.map((stage) => new Option(stage.name ?? stage.id, stage.id)));
      if (shown.stages.some((stage) => stage.id === here)) stages.value = here;
    }
    zoom.textContent = `${Math.round(view.zoom * 100)}%`;
    for (const input of bar.querySelectorAll("[name=lens]")) input.checked = input.value === view.lens;
    if (draw.lanes !== shown.lanes || draw.hidden !== view.lanes) {
      draw.lanes = shown.lanes;
      draw.hidden = view.lanes;
      const measured = checkbox("measured", "", say("measured_row"), view.measured);
      lanes.replaceChildren(measured, element("hr"), ...shown.lanes.map((lane) => checkbox("lane", lane.id, lane.name ?? lane.id, view.showsLane(lane))));
    }
    if (draw.personas !== shown.personas || draw.persona !== view.persona || draw.segment !== view.segment) {
      Object.assign(draw, { personas: shown.personas, persona: view.persona, segment: view.segment });
      const used = new Set(shown.personas.map((each) => each.segment).filter(Boolean));
      choices(segment, [...used].map((code) => [code, page.segments[code] ?? code]), view.segment);
      segment.parentElement.hidden = used.size === 0;
      personas.replaceChildren(...shown.personas.map((each) => row(each)));
      for (const input of bar.querySelectorAll("[name=persona]")) input.checked = input.value === view.persona;
      const filtered = shown.personas.filter((each) => !view.hiddenPersonas(shown.personas).has(each.id));
      dots.replaceChildren(...filtered.slice(0, 5).map(dot));
      bar.querySelector("[data-whose]").textContent = view.persona && filtered.length === 1 ? filtered[0].name ?? filtered[0].id : say("personas");
    }
  }

  function dot(each) {
    const made = each.picture ? element("img", "ed-face", { src: page.urls.picture(each.picture), alt: "" }) : element("span", "ed-dot");
    made.style.setProperty("--persona", page.colourOf(each));
    return made;
  }

  function row(each) {
    const made = element("div", "ed-view");
    const label = element("label", "menu-item");
    const words = element("span");
    words.textContent = each.name ?? each.id;
    label.append(element("input", "", { type: "radio", name: "persona", value: each.id }), dot(each), words);
    if (each.segment) {
      const of = element("span", "faint small");
      of.textContent = page.segments[each.segment] ?? each.segment;
      label.append(of);
    }
    const open = element("button", "button button-quiet button-small", { type: "button", "data-does": "persona", "data-persona": each.id });
    open.textContent = say("change");
    open.setAttribute("aria-label", say("change_named", { name: each.name ?? each.id }));
    made.append(label, open);
    return made;
  }

  store.addEventListener("shown", draw);
  view.addEventListener("change", draw);
  draw();
  listenToViews(editor, bar);
}

function checkbox(name, value, words, checked) {
  const label = element("label", "menu-item");
  const input = element("input", "", { type: "checkbox", name, value });
  input.checked = checked;
  label.append(input, words);
  return label;
}

function choices(select, options, value) {
  const first = select.options[0];
  select.replaceChildren(first, ...options.map(([key, name]) => new Option(name, key)));
  select.value = options.some(([key]) => key === value) ? value : "";
}

// ---- saved views ----

function listenToViews(editor, bar) {
  const { view, page } = editor;
  const list = bar.querySelector("[data-views]");
  const dialog = document.getElementById("map-save-view");
  const form = dialog.querySelector("form");

  async function send(url, body) {
    try {
      const response = await fetch(url, {
        method: "POST", body: JSON.stringify(body),
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      });
      const answer = await response.json();
      if (response.ok) return answer;
      toast(answer.error ?? say("refused", { reason: response.status }), "error");
    } catch {
      toast(say("needs_connection"), "error");
    }
    return null;
  }

  function draw() {
    list.replaceChildren(...page.views.map((each) => {
      const row = element("div", "ed-view");
      const link = element("a", "menu-item", { href: `?view=${each.id}` });
      if (String(each.id) === String(page.view)) link.setAttribute("aria-current", "true");
      link.append(each.name);
      if (each.shared) {
        const shared = element("span", "faint small");
        shared.textContent = say("shared");
        link.append(shared);
      }
      row.append(link);
      if (each.mine) {
        const remove = element("button", "button button-quiet button-small", { type: "button", "data-view": each.id });
        remove.textContent = say("delete_view");
        remove.setAttribute("aria-label", say("delete_view_named", { name: each.name }));
        row.append(remove);
      }
      return row;
    }));
  }

  list.addEventListener("click", async (event) => {
    const id = event.target.closest("[data-view]")?.dataset.view;
    if (!id) return;
    const removed = page.views.find((each) => String(each.id) === id);
    if (!(await send(`${page.urls.views}${id}/`, { delete: true }))) return;
    page.views = page.views.filter((each) => each !== removed);
    draw();
    toast(say("deleted_part", { name: removed.name }), "info", {
      label: say("undo"),
      press: () => save({ name: removed.name, shared: removed.shared, settings: removed.settings }),
    });
  });

  async function save(body) {
    const made = await send(page.urls.views, body);
    if (!made) return;
    page.views = [...page.views.filter((each) => each.id !== made.id), made];
    page.view = made.id;
    history.replaceState(null, "", `?view=${made.id}`);
    draw();
    toast(say("view_saved", { name: made.name }));
  }

  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "save") return;
    const { name, shared } = form.elements;
    save({ name: name.value.trim(), shared: shared.checked, settings: view.toJson() });
    form.reset();
  });
  draw();
}
