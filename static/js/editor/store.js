// What the server confirmed, one's own edits on top of it, and what is shown: both together.
// Others' edits go underneath; one's own are made again on top of them.
import { applied } from "touchline/editor/map";

export class Store extends EventTarget {
  constructor({ lists, journey, revision }) {
    super();
    this.base = { ...lists, journey };
    this.revision = revision;
    this.pending = [];
    this.numbers = new Map(); // of one's own operations: the revision each became
    this.early = new Map(); // confirmed, but something before them is still missing
    this.shown = this.base;
  }

  // An edit of one's own: shown at once, waiting to be confirmed.
  edit(changes, id = crypto.randomUUID?.() ?? uuid()) {
    const operation = { id, changes };
    this.pending.push(operation);
    this.#show(applied(this.shown, changes), changes);
    return operation;
  }

  // Takes back what was never sent, or was refused.
  drop(id) {
    this.pending = this.pending.filter((operation) => operation.id !== id);
    this.#rebase([]);
  }

  // An operation as the server tells it; false while one before it is missing.
  receive(told) {
    if (told.number <= this.revision) {
      this.#settle(told);
      return true;
    }
    this.early.set(told.number, told);
    const heard = [];
    while (this.early.has(this.revision + 1)) {
      const next = this.early.get(this.revision + 1);
      this.early.delete(next.number);
      this.revision = next.number;
      this.base = applied(this.base, next.changes);
      this.numbers.set(next.id, next.number);
      this.pending = this.pending.filter((operation) => operation.id !== next.id);
      heard.push(next);
    }
    if (heard.length) this.#rebase(heard);
    return !this.early.size;
  }

  #settle(told) {
    if (!this.pending.some((operation) => operation.id === told.id)) return;
    this.pending = this.pending.filter((operation) => operation.id !== told.id);
    this.#rebase([]);
  }

  #rebase(heard) {
    const map = this.pending.reduce((so_far, each) => applied(so_far, each.changes), this.base);
    this.#show(map, [], heard);
  }

  #show(map, changes, heard = []) {
    this.shown = map;
    this.dispatchEvent(new CustomEvent("shown", { detail: { changes, heard } }));
  }
}

function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
