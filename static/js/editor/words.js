// Translated words of the map editor; templates/journeys/editor_words.html holds them.
const words = JSON.parse(document.getElementById("editor-words")?.textContent || "{}");

export function say(name, values = {}) {
  return (words[name] ?? name).replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

// One of two forms by number, as the language counts them: say_count("cards", 3) → "3 cards".
const rules = new Intl.PluralRules(document.documentElement.lang || "en");

export function sayCount(name, n, values = {}) {
  const form = rules.select(n) === "one" ? "one" : "other";
  return say(words[`${name}_${form}`] === undefined ? `${name}_other` : `${name}_${form}`, { n, ...values });
}

// Tells those who listen to the page what happened, without moving the focus.
export function announce(text) {
  const place = document.getElementById("map-said");
  if (place) place.textContent = text;
}
