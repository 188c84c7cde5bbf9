// The keyboard on the map. Single letters are the frame's (data-key on the toolbar's buttons).
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const MOVES = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };
const PLAIN = {
  F2: "edit", Delete: "delete", Backspace: "delete", Insert: "add-step", ContextMenu: "menu",
  PageUp: "happier", PageDown: "sadder",
};
const WITH_CONTROL = { z: "undo", y: "redo", d: "duplicate", "+": "zoom-in", "=": "zoom-in", "-": "zoom-out", 0: "zoom-whole", Enter: "add-step" };

export function listenToKeys(editor) {
  const { grid, selection, commands } = editor;

  function press(name, event) {
    event.preventDefault();
    commands[name]();
  }

  grid.sheet.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.target.closest("input, textarea, select, button")) return;
    const arrow = ARROWS[event.key];
    const control = event.ctrlKey || event.metaKey;
    if (arrow && event.altKey) return press(MOVES[event.key], event);
    if (arrow) {
      event.preventDefault();
      return selection.step(...arrow, { extending: event.shiftKey, keep: control });
    }
    if (event.key === "F10" && event.shiftKey) return press("menu", event);
    if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      return selection.edge(event.key === "End", control ? (event.key === "Home" ? -2 : grid.layout.lanes.length - 1) : undefined);
    }
    if (event.key === "Escape" && selection.clear()) return event.preventDefault();
    if (control || event.altKey) return undefined;
    if (event.key === "Enter") return press(event.shiftKey ? "details" : "edit", event);
    if (event.key === " " && selection.at?.kind === "card") {
      event.preventDefault();
      return selection.toggle(selection.at.id);
    }
    if (event.key === " ") return press("details", event);
    if (event.key === "+") return press("add-step", event);
    return PLAIN[event.key] ? press(PLAIN[event.key], event) : undefined;
  });

  // Undo, redo and find also from the toolbar and the page around the map.
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === "f" && !event.shiftKey) return press("find", event);
    if (key === "z" && event.shiftKey) return press("redo", event);
    const name = WITH_CONTROL[key];
    const isOnMap = grid.sheet.contains(event.target);
    if (name && (isOnMap || name === "undo" || name === "redo")) press(name, event);
  });
}
