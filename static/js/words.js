// Translated words for scripts; templates/components/scripts.html holds them.
const words = JSON.parse(document.getElementById("words")?.textContent || "{}");

export function word(name, values = {}) {
  return (words[name] ?? name).replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

export const lang = document.documentElement.lang || "en";

export function count(value) {
  return Number(value).toLocaleString(lang);
}

export function csrfToken() {
  return JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] ?? "";
}
