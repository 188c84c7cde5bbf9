// The state of saving, always to be seen; and what to do where something could not be saved.
import { toast } from "touchline/toast";
import { say, sayCount } from "touchline/editor/words";

const WORDS = {
  saved: () => say("saved"),
  saving: () => say("saving"),
  offline: ({ waiting }) => (waiting ? sayCount("offline", waiting) : say("no_connection")),
  "signed-out": ({ waiting }) => sayCount("signed_out", waiting),
  forbidden: ({ waiting }) => sayCount("forbidden", waiting),
  conflict: () => say("conflict"),
  refused: ({ reason }) => say("refused", { reason }),
};

export function showStatus(sync, page) {
  const place = document.getElementById("map-state");
  const words = place.querySelector("[data-words]");
  const again = place.querySelector("[data-again]");
  const signIn = place.querySelector("[data-sign-in]");
  signIn.href = page.urls.sign_in;
  again.addEventListener("click", () => {
    sync.isHeld = false;
    sync.failures = 0;
    sync.flush();
  });
  sync.addEventListener("state", ({ detail }) => {
    place.dataset.is = detail.is;
    const told = WORDS[detail.is](detail) + (detail.waiting && !detail.isKept ? ` ${say("not_kept")}` : "");
    if (words.textContent !== told) words.textContent = told;
    words.title = told;
    again.hidden = !["offline", "forbidden", "signed-out"].includes(detail.is) || !detail.waiting;
    signIn.hidden = detail.is !== "signed-out";
  });
  sync.addEventListener("refused", ({ detail }) => {
    const text = detail.operation.changes?.map((change) => change.after?.text).find(Boolean);
    const copy = text && { label: say("copy_text"), press: () => navigator.clipboard?.writeText(text) };
    if (detail.operation.undo || detail.operation.redo) toast(detail.error ?? say("refused", { reason: "" }));
    else toast(say("refused", { reason: detail.error ?? "" }), "error", copy);
  });
}
