// [data-theme-choice]: buttons auto, light, dark. Announces a change as "touchline:theme".
import { behaviour } from "touchline/behaviour";

const dark = matchMedia("(prefers-color-scheme: dark)");

function chosen() {
  return document.documentElement.dataset.theme ?? "auto";
}

function choose(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem("theme", theme);
  } catch { /* the choice then lasts for this page */ }
  announce();
}

function announce() {
  document.dispatchEvent(new CustomEvent("touchline:theme"));
}

dark.addEventListener("change", announce);

behaviour("[data-theme-choice]", (group) => {
  const show = () => {
    for (const button of group.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === chosen()));
    }
  };
  group.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) choose(button.value);
  });
  document.addEventListener("touchline:theme", show);
  show();
  return () => document.removeEventListener("touchline:theme", show);
});
