// Keys: [data-key="g j"] or [data-key="n"] presses the element; `?` lists them all.
// [data-opens="id"] opens a dialog. Letters can be switched off (speech input, WCAG 2.1.4).
import { behaviour } from "touchline/behaviour";

const mac = /Mac|iPhone|iPad/.test(navigator.platform);
const PAUSE_MS = 1200;
let pressed = "";
let timer = 0;

function lettersOn() {
  try {
    return localStorage.getItem("letters") !== "off";
  } catch {
    return true;
  }
}

function typing(target) {
  return target.closest?.("input, textarea, select, [contenteditable], dialog");
}

export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  dialog.dispatchEvent(new CustomEvent("touchline:open"));
  dialog.showModal();
}

// The page's own keys: those of its elements, and those told in a template[data-keys-more].
function listKeys() {
  const list = document.querySelector("[data-keys-list]");
  list.querySelectorAll("[data-from-page]").forEach((row) => row.remove());
  for (const more of document.querySelectorAll("template[data-keys-more]")) {
    const rows = more.content.cloneNode(true);
    for (const row of rows.children) row.dataset.fromPage = "";
    list.append(rows);
  }
  for (const element of document.querySelectorAll("[data-key]")) {
    const term = document.createElement("dt");
    const means = document.createElement("dd");
    term.dataset.fromPage = means.dataset.fromPage = "";
    for (const letter of element.dataset.key.split(" ")) {
      const key = document.createElement("kbd");
      key.textContent = letter;
      term.append(key, " ");
    }
    means.textContent = (element.getAttribute("aria-label") || element.textContent).trim();
    list.append(term, means);
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.length !== 1 || typing(event.target) || !lettersOn()) return;
  if (event.key === "?") {
    openDialog("keys");
    return event.preventDefault();
  }
  clearTimeout(timer);
  timer = setTimeout(() => { pressed = ""; }, PAUSE_MS);
  const sequence = `${pressed} ${event.key.toLowerCase()}`.trim();
  const find = (keys) => document.querySelector(`[data-key="${CSS.escape(keys).replaceAll("\\ ", " ")}"]`);
  const element = find(sequence) ?? find(event.key.toLowerCase());
  pressed = element ? "" : event.key.toLowerCase();
  if (element) {
    event.preventDefault();
    element.click();
  }
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) openDialog(opener.dataset.opens);
  if (event.target.matches("dialog")) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right
      && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});

behaviour("#keys", (dialog) => dialog.addEventListener("touchline:open", listKeys));

behaviour("[data-keys-single]", (box) => {
  box.checked = lettersOn();
  box.addEventListener("change", () => localStorage.setItem("letters", box.checked ? "on" : "off"));
});

behaviour("[data-mod-key]", (key) => {
  key.textContent = mac ? `⌘${key.dataset.modKey}` : `Ctrl ${key.dataset.modKey}`;
});
