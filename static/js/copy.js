// button[data-copy="id"]: puts the text of that element on the clipboard, where the browser has one.
import { behaviour } from "touchline/behaviour";

behaviour("button[data-copy]", (button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  const copy = async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.querySelector("[data-copied]").hidden = false;
    button.querySelector("[data-copies]").hidden = true;
  };
  button.addEventListener("click", copy);
  return () => button.removeEventListener("click", copy);
});
