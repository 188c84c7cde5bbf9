// #panel: htmx puts details there (hx-target="#panel"); Escape or [data-panel-close] closes it.
let opener = null;

function panel() {
  return document.getElementById("panel");
}

function close() {
  if (!panel() || panel().hidden) return false;
  panel().hidden = true;
  panel().replaceChildren();
  opener?.focus();
  return true;
}

// For what scripts put there; `back` is told when it is closed.
export function openPanel(content, back) {
  panel().replaceChildren(content);
  panel().hidden = false;
  opener = { focus: back };
}

export function closePanel() {
  return close();
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target === panel() && !panel().contains(event.detail.elt)) {
    opener = event.detail.elt;
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== panel()) return;
  const wasHidden = panel().hidden;
  panel().hidden = false;
  if (wasHidden) panel().focus({ preventScroll: true });
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-panel-close]")) {
    event.preventDefault();
    close();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  if (document.querySelector("dialog[open], details.menu[open]")) return;
  if (close()) event.preventDefault();
});
