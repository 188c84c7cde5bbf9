// The map as lists of entries in the words of the map file, and what changes make of it.
// Everything is pure: a change gives a new map that shares whatever it did not touch.
export const LISTS = ["stages", "steps", "lanes", "personas", "cards"];
const BLANK = (value) => value === null || value === undefined || value === "" || value === false
  || (Array.isArray(value) && !value.length);

// The map after the changes; what speaks of something that is gone is left out.
export function applied(map, changes) {
  const next = { ...map };
  const own = new Set();
  for (const change of changes) {
    if (change.list === "journey") {
      next.journey = merged(next.journey, change.after ?? {});
      continue;
    }
    if (!own.has(change.list)) {
      own.add(change.list);
      next[change.list] = [...(next[change.list] ?? [])];
    }
    apply(next[change.list], change);
  }
  return next;
}

function apply(entries, change) {
  let place = entries.findIndex((entry) => entry.id === change.id);
  if (change.before !== null && place < 0) return;
  if (change.after === null) {
    entries.splice(place, 1);
    return;
  }
  const entry = merged(place < 0 ? { id: change.id } : entries[place], change.after);
  if (place >= 0 && !("follows" in change.after)) {
    entries[place] = entry;
    return;
  }
  if (place >= 0) entries.splice(place, 1);
  if (!("follows" in change.after)) {
    entries.push(entry);
    return;
  }
  if (change.after.follows === null) place = 0;
  else {
    place = entries.findIndex((other) => other.id === change.after.follows) + 1;
    if (!place) place = entries.length;
  }
  entries.splice(place, 0, entry);
}

function merged(entry, after) {
  const next = { ...entry };
  for (const [field, value] of Object.entries(after)) {
    if (field === "follows") continue;
    if (BLANK(value)) delete next[field];
    else next[field] = value;
  }
  return next;
}

export function find(map, list, id) {
  return map[list].find((entry) => entry.id === id);
}

// A persona in few words: "Mei, 34, travels for work" is Mei where there is no room for more.
export function shortName({ id, name }) {
  return name?.split(/[,，(（]/)[0].trim() || name || id;
}

// The id before this one in its list: where a part stands.
export function previousOf(map, list, id) {
  const place = map[list].findIndex((entry) => entry.id === id);
  return place > 0 ? map[list][place - 1].id : null;
}

export function lastOf(map, list) {
  return map[list].at(-1)?.id ?? null;
}

export function cardsIn(map, lane, step) {
  return map.cards.filter((card) => card.lane === lane && card.step === step);
}

export function stepsOf(map, stage) {
  return map.steps.filter((step) => step.stage === stage);
}

export function newId(list) {
  const letters = crypto.getRandomValues(new Uint8Array(9));
  return `${list[0] === "s" ? list.slice(0, 2) : list[0]}-${Array.from(letters, (n) => (n % 36).toString(36)).join("")}`;
}

// ---- changes ----

export function adding(list, id, fields) {
  return { list, id, before: null, after: fields };
}

export function changing(list, entry, after) {
  const before = {};
  for (const field of Object.keys(after)) if (field !== "follows") before[field] = entry[field] ?? null;
  return { list, id: entry.id, before, after };
}

export function removing(list, entry) {
  const { id, ...fields } = entry;
  return { list, id, before: fields, after: null };
}

// Entries one behind the other, from that place on.
export function behind(list, entries, follows, fields = () => ({})) {
  let previous = follows;
  return entries.map((entry) => {
    const change = changing(list, entry, { ...fields(entry), follows: previous });
    previous = entry.id;
    return change;
  });
}
