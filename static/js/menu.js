// details.menu: one open at a time; closes on Escape, on leaving, and on a click elsewhere.
import { behaviour } from "touchline/behaviour";

function closeOthers(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeOthers(event.target));
document.addEventListener("focusin", (event) => closeOthers(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details.menu[open]")
    ?? document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
  event.stopPropagation();
});

// Keeps an opened panel inside the window.
behaviour("details.menu", (menu) => {
  menu.addEventListener("toggle", () => {
    const panel = menu.querySelector(":scope > .menu-panel");
    if (!panel) return;
    panel.style.translate = "";
    if (!menu.open) return;
    const over = panel.getBoundingClientRect().right - document.documentElement.clientWidth + 8;
    const left = panel.getBoundingClientRect().left - 8;
    if (over > 0) panel.style.translate = `${-Math.min(over, Math.max(0, left))}px 0`;
  });
});

// The filter sheet is open where there is room, so that its chips show without a click.
behaviour("[data-scope-sheet]", (sheet) => {
  const phone = matchMedia("(max-width: 45rem)");
  const fit = () => { sheet.open = !phone.matches; };
  phone.addEventListener("change", fit);
  fit();
  return () => phone.removeEventListener("change", fit);
});
