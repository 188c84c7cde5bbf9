// Connects behaviours to elements, also to those that htmx brings in later.
// connect(element) may return a function that is called when the element goes away.
const behaviours = [];
const connected = new WeakMap();

export function behaviour(selector, connect) {
  behaviours.push({ selector, connect });
}

export function connectAll(root = document) {
  for (const each of behaviours) {
    const found = [...root.querySelectorAll(each.selector)];
    if (root.matches?.(each.selector)) found.unshift(root);
    for (const element of found) connectOne(element, each);
  }
}

function connectOne(element, each) {
  const seen = connected.get(element) ?? new Map();
  connected.set(element, seen);
  if (seen.has(each)) return;
  seen.set(each, null);
  seen.set(each, each.connect(element) ?? null);
}

function disconnect(element) {
  for (const leave of connected.get(element)?.values() ?? []) leave?.();
  connected.delete(element);
}

document.addEventListener("htmx:load", (event) => connectAll(event.detail.elt));
document.addEventListener("htmx:beforeCleanupElement", (event) => disconnect(event.detail.elt));
