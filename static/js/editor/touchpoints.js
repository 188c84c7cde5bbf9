// A step's touchpoints: type to find one in the library, or to make a new one.
import { csrfToken } from "touchline/words";
import { toast } from "touchline/toast";
import { element, icon } from "touchline/editor/reconcile";
import { say } from "touchline/editor/words";
import { find } from "touchline/editor/map";

const PAUSE_MS = 120;

export function pickTouchpoints(place, details, stepId) {
  const { store, page } = details;
  const chips = place.querySelector("[data-chips]");
  const input = place.querySelector("[role=combobox]");
  const list = place.querySelector("[role=listbox]");
  let found = [];
  let chosen = 0;
  let timer = 0;
  const codes = () => find(store.shown, "steps", stepId)?.touchpoints ?? [];

  chips.draw = () => {
    chips.replaceChildren(...codes().map((code) => {
      const known = page.touchpoint(code);
      const chip = element("span", "chip");
      const remove = element("button", "chip-remove ed-chip-remove", { type: "button", "aria-label": say("take_out", { name: known.name }) });
      remove.append(icon("remove"));
      remove.addEventListener("click", () => details.edit({ touchpoints: codes().filter((each) => each !== code) }));
      chip.append(icon(`channel-${known.kind || "none"}`), known.name, remove);
      return chip;
    }));
  };
  chips.draw();

  async function look() {
    const q = input.value.trim();
    let answer;
    try {
      answer = await (await fetch(`${page.urls.touchpoints}?${new URLSearchParams({ q })}`)).json();
    } catch {
      answer = { touchpoints: [] };
    }
    if (input.value.trim() !== q || document.activeElement !== input) return;
    const present = new Set(codes());
    found = answer.touchpoints.filter((each) => !present.has(each.code));
    const isNew = q && page.may_make_touchpoints && !answer.touchpoints.some((each) => each.name.toLowerCase() === q.toLowerCase());
    if (isNew) found.push({ name: q, isNew: true });
    chosen = 0;
    draw();
  }

  function draw() {
    list.replaceChildren(...found.map((each, i) => {
      const option = element("li", "", { role: "option", id: `touchpoint-option-${i}`, "aria-selected": String(i === chosen) });
      option.append(icon(each.isNew ? "plus" : `channel-${each.kind || "none"}`), each.isNew ? say("make_touchpoint", { name: each.name }) : each.name);
      if (each.code && each.code !== each.name) {
        const code = element("span", "faint small");
        code.textContent = each.code;
        option.append(code);
      }
      option.addEventListener("pointerdown", (event) => { event.preventDefault(); take(i); });
      return option;
    }));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    if (found.length) input.setAttribute("aria-activedescendant", `touchpoint-option-${chosen}`);
    else input.removeAttribute("aria-activedescendant");
  }

  function shut() {
    found = [];
    draw();
  }

  async function take(i) {
    let picked = found[i];
    if (!picked) return;
    input.value = "";
    shut();
    if (picked.isNew) picked = await make(picked.name);
    if (!picked) return;
    page.learn([picked]);
    if (!codes().includes(picked.code)) details.edit({ touchpoints: [...codes(), picked.code] });
  }

  async function make(name) {
    try {
      const response = await fetch(page.urls.touchpoints, {
        method: "POST", body: JSON.stringify({ name }),
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      });
      const answer = await response.json();
      if (response.ok) return answer;
      toast(answer.error, "error");
    } catch {
      toast(say("needs_connection"), "error");
    }
    return null;
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE_MS);
  });
  input.addEventListener("focus", look);
  input.addEventListener("blur", shut);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : -1) + found.length) % Math.max(1, found.length);
      draw();
    } else if (event.key === "Enter") {
      event.preventDefault();
      take(chosen);
    } else if (event.key === "Escape" && found.length) {
      event.preventDefault();
      event.stopPropagation();
      shut();
    }
  });
}
