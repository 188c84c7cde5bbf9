// [data-tip]: shows its text in a small box beside it, under the pointer and under the keyboard.
import { behaviour } from "touchline/behaviour";

const GAP = 8;
let box = null;

function place(element) {
  const at = element.getBoundingClientRect();
  const left = Math.min(Math.max(GAP, at.left + at.width / 2 - box.offsetWidth / 2), innerWidth - box.offsetWidth - GAP);
  const above = at.top - box.offsetHeight - GAP;
  box.style.left = `${left}px`;
  box.style.top = `${above < GAP ? at.bottom + GAP : above}px`;
}

function show(event) {
  box ??= document.body.appendChild(Object.assign(document.createElement("div"), { className: "tip" }));
  box.textContent = event.currentTarget.dataset.tip;
  box.ariaHidden = "true"; // the element's own label says the same
  box.hidden = false;
  place(event.currentTarget);
}

function hide() {
  if (box) box.hidden = true;
}

behaviour("[data-tip]", (element) => {
  const away = (event) => event.key === "Escape" && hide();
  element.addEventListener("pointerenter", show);
  element.addEventListener("focus", show);
  element.addEventListener("pointerleave", hide);
  element.addEventListener("blur", hide);
  element.addEventListener("keydown", away);
  return hide;
});

addEventListener("scroll", hide, { capture: true, passive: true });
