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

export function size(bytes) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const step = Math.min(3, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return new Intl.NumberFormat(lang, {
    style: "unit", unit: units[step], unitDisplay: "short", maximumFractionDigits: 1,
  }).format(bytes / 1000 ** step);
}

export function timeLeft(seconds) {
  return seconds < 90
    ? word("seconds", { n: Math.ceil(seconds) })
    : word("minutes", { n: Math.round(seconds / 60) });
}
