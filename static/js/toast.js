// [data-toast]: goes after a while unless it must stay, is pointed at, or holds the focus.
import { behaviour } from "touchline/behaviour";
import { word } from "touchline/words";

const SHOWN_MS = 8000;

behaviour("[data-toast]", (toast) => {
  let timer = 0;
  const wait = () => { timer = setTimeout(() => toast.remove(), SHOWN_MS); };
  const stay = () => clearTimeout(timer);
  toast.querySelector("[data-dismiss]")?.addEventListener("click", () => toast.remove());
  if (toast.hasAttribute("data-stay")) return undefined;
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, stay);
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, () => { stay(); wait(); });
  wait();
  return stay;
});

// With an action, {label, press}, it has a button for it.
export function toast(text, level = "info", action = null) {
  const box = document.createElement("div");
  const close = document.createElement("button");
  const words = document.createElement("span");
  box.className = `toast toast-${level}`;
  words.textContent = text;
  close.type = "button";
  close.className = "button button-quiet button-small";
  close.textContent = word("close");
  close.addEventListener("click", () => box.remove());
  box.append(words);
  if (action) {
    const does = document.createElement("button");
    does.type = "button";
    does.className = "button button-small";
    does.textContent = action.label;
    does.addEventListener("click", () => { box.remove(); action.press(); });
    box.append(does);
  }
  box.append(close);
  document.getElementById("toasts").append(box);
  if (level !== "error") setTimeout(() => box.remove(), SHOWN_MS);
}

document.addEventListener("htmx:responseError", (event) => {
  toast(word("request_failed", { status: event.detail.xhr.status }), "error");
});
document.addEventListener("htmx:sendError", () => toast(word("offline"), "error"));
