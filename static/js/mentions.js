// textarea[data-mentions="id"]: @ and letters offer the members told in the script with that id.
// Ctrl/⌘ Enter sends the form.
import { behaviour } from "touchline/behaviour";

const MOST = 8;
let made = 0;

behaviour("textarea[data-mentions]", (area) => {
  const told = document.getElementById(area.dataset.mentions);
  const members = Object.entries(told ? JSON.parse(told.textContent) : {});
  const list = document.createElement("ul");
  list.className = "mentions";
  list.id = `mentions-${(made += 1)}`;
  list.setAttribute("role", "listbox");
  list.hidden = true;
  area.after(list);
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", list.id);
  let at = 0;

  // What is being typed after the last @, or null.
  function typed() {
    const before = area.value.slice(0, area.selectionStart);
    const found = /(?:^|[^A-Za-z0-9._-])@([^@\n]{0,40})$/u.exec(before);
    return found ? found[1] : null;
  }

  function offers() {
    const wanted = typed()?.toLowerCase();
    if (wanted === undefined || wanted === null) return [];
    return members
      .filter(([call, name]) => [call, name].some((word) => word.toLowerCase().startsWith(wanted) ||
        word.toLowerCase().includes(` ${wanted}`)))
      .filter(([call]) => call.toLowerCase() !== wanted)
      .slice(0, MOST);
  }

  function show(chosen = 0) {
    const found = offers();
    at = found.length ? (chosen + found.length) % found.length : 0;
    list.hidden = !found.length;
    list.replaceChildren(...found.map(([call, name], i) => {
      const option = document.createElement("li");
      option.setAttribute("role", "option");
      option.id = `${list.id}-${i}`;
      option.textContent = call === name ? name : `${name} · ${call}`;
      option.dataset.call = call;
      option.setAttribute("aria-selected", String(i === at));
      return option;
    }));
    const active = list.children[at];
    if (active) area.setAttribute("aria-activedescendant", active.id);
    else area.removeAttribute("aria-activedescendant");
  }

  function take(option) {
    const start = area.selectionStart - typed().length;
    area.setRangeText(`${option.dataset.call} `, start, area.selectionStart, "end");
    hide();
  }

  function hide() {
    list.hidden = true;
    area.removeAttribute("aria-activedescendant");
  }

  area.addEventListener("input", () => show());
  area.addEventListener("blur", hide);
  area.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      area.form.requestSubmit();
    } else if (!list.hidden && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      show(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (!list.hidden && ["Enter", "Tab"].includes(event.key)) {
      event.preventDefault();
      take(list.children[at]);
    } else if (!list.hidden && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      hide();
    }
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  return () => list.remove();
});
