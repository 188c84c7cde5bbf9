// A text that somebody else changed meanwhile: both versions, to choose from or to make one of.
import { say } from "touchline/editor/words";

export function askConflicts(sync) {
  const dialog = document.getElementById("map-conflict");
  const [yours, theirs] = ["yours", "theirs"].map((name) => dialog.querySelector(`[name=${name}]`));
  const told = dialog.querySelector("[data-told]");
  let open = null;

  sync.addEventListener("conflict", ({ detail }) => {
    open = detail;
    yours.value = detail.conflict.yours;
    theirs.value = detail.conflict.theirs;
    told.textContent = detail.error ?? say("conflict");
    dialog.returnValue = "";
    if (!dialog.open) dialog.showModal();
    yours.focus();
  });

  // Escape is no choice: theirs stands on the server, one's own words would be lost unseen.
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", () => {
    if (!open) return;
    const { operation, conflict } = open;
    open = null;
    const wanted = dialog.returnValue === "theirs" ? null : yours.value.trim();
    sync.resolve(operation, settled(operation.changes, conflict, wanted));
  });
}

// The same changes on top of what is there now; without the text where the other one stands.
export function settled(changes, { list, id, field, theirs }, wanted) {
  return changes.map((change) => {
    if (change.list !== list || change.id !== id || !(field in (change.after ?? {}))) return change;
    if (wanted !== null) {
      return { ...change, before: { ...change.before, [field]: theirs }, after: { ...change.after, [field]: wanted } };
    }
    const { [field]: _, ...after } = change.after;
    const { [field]: __, ...before } = change.before;
    return Object.keys(after).length ? { ...change, before, after } : null;
  }).filter(Boolean);
}
