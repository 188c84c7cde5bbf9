// Operations not yet confirmed, kept in the browser: a minute offline or a closed tab loses none.
// Each tab has its own list; lists of tabs that are gone are taken over. An operation sent twice
// is done once (the server knows its id), so taking over too much does no harm.
const STALE_MS = 6000;
const BEAT_MS = 2000;

export class Queue {
  constructor(name) {
    this.prefix = `touchline-map:${name}:`;
    this.key = this.prefix + tabId();
    this.operations = [];
    this.isKept = true;
    setInterval(() => { if (this.operations.length) this.keep(); }, BEAT_MS);
  }

  // What this tab or closed ones left behind, oldest first.
  takeOver() {
    const left = [];
    for (const key of this.#keys()) {
      const kept = read(key);
      if (!kept || (key !== this.key && !kept.closed && Date.now() - kept.at < STALE_MS)) continue;
      left.push(kept);
      if (key !== this.key) localStorage.removeItem(key);
    }
    const seen = new Set(this.operations.map((operation) => operation.id));
    for (const operation of left.sort((a, b) => a.at - b.at).flatMap((kept) => kept.operations)) {
      if (!seen.has(operation.id)) this.operations.push(operation);
      seen.add(operation.id);
    }
    this.keep();
    return this.operations;
  }

  add(operation) {
    this.operations.push(operation);
    this.keep();
  }

  remove(id) {
    this.operations = this.operations.filter((operation) => operation.id !== id);
    this.keep();
  }

  keep(closed = false) {
    try {
      if (!this.operations.length) localStorage.removeItem(this.key);
      else localStorage.setItem(this.key, JSON.stringify({ at: Date.now(), closed, operations: this.operations }));
      this.isKept = true;
    } catch {
      this.isKept = false; // full or forbidden: what waits lives in this tab only
    }
  }

  #keys() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(this.prefix)).sort();
    } catch {
      return [];
    }
  }
}

function read(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key));
    return Array.isArray(kept?.operations) ? kept : null;
  } catch {
    return null;
  }
}

export function tabId() {
  try {
    const id = sessionStorage.getItem("touchline-tab") ?? Math.random().toString(36).slice(2, 12);
    sessionStorage.setItem("touchline-tab", id);
    return id;
  } catch {
    return "this";
  }
}
