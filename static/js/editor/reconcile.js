// Makes a parent's children those of the items: nodes are kept by key, moved only where they must.
const kept = new WeakMap();

export function reconcile(parent, items, { key, make, update, gone, after = null }) {
  const old = kept.get(parent) ?? new Map();
  const nodes = new Map();
  let place = after ? after.nextSibling : parent.firstChild;
  for (const item of items) {
    const id = key(item);
    let node = old.get(id);
    if (!node) node = make(item);
    old.delete(id);
    nodes.set(id, node);
  }
  for (const node of old.values()) {
    gone?.(node);
    if (node === place) place = node.nextSibling;
    node.remove();
  }
  for (const item of items) {
    const node = nodes.get(key(item));
    if (node === place) place = place.nextSibling;
    else parent.insertBefore(node, place);
    update(node, item);
  }
  kept.set(parent, nodes);
  return nodes;
}

export function element(name, className, attributes = {}) {
  const made = document.createElement(name);
  if (className) made.className = className;
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  return made;
}

const icons = document.getElementById("map-icons")?.content;
export function icon(name) {
  return icons?.querySelector(`[data-icon="${name}"]`)?.firstElementChild.cloneNode(true) ?? document.createTextNode("");
}
