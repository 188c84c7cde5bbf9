// Sends one's own operations in order, one at a time, and hears those of the others.
import { csrfToken } from "touchline/words";
import { Queue } from "touchline/editor/queue";

const WAITS_MS = [500, 1000, 2000, 4000, 8000, 15000];
const GAP_MS = 400;

export class Sync extends EventTarget {
  constructor(store, { urls, name }) {
    super();
    this.store = store;
    this.urls = urls;
    this.queue = new Queue(name);
    this.state = { is: "saved" };
    this.failures = 0;
    // What a redo brings back, newest last: operations taken back before they were sent, and null
    // for each that the server took back.
    this.undone = [];
  }

  start() {
    for (const operation of this.queue.takeOver()) {
      if (operation.changes) this.store.edit(operation.changes, operation.id);
    }
    addEventListener("online", () => this.#reconnect());
    addEventListener("offline", () => { this.stream?.close(); this.#tell({ is: "offline" }); });
    addEventListener("pagehide", () => { this.queue.keep(true); this.stream?.close(); });
    addEventListener("pageshow", (event) => { if (event.persisted) this.#reconnect(); });
    this.#listen();
    this.flush();
  }

  // An edit of the map: shown at once, sent as soon as can be.
  edit(changes) {
    if (!changes.length) return null;
    const operation = this.store.edit(changes);
    this.undone = [];
    this.queue.add(operation);
    this.flush();
    return operation;
  }

  undo() {
    const last = this.queue.operations.at(-1);
    if (last?.changes && last !== this.sending) return this.#takeBack(last);
    return this.#askUndo(true);
  }

  redo() {
    const back = this.undone.pop();
    if (!back) return this.#ask({ redo: true });
    this.queue.add(this.store.edit(back.changes));
    return this.flush();
  }

  // Takes back this operation, whatever came after it.
  undoOne(id) {
    const waiting = this.queue.operations.find((each) => each.id === id && each !== this.sending);
    if (waiting) return this.#takeBack(waiting);
    const number = this.store.numbers.get(id);
    return number ? this.#askUndo(number) : undefined;
  }

  #askUndo(which) {
    this.undone.push(null);
    return this.#ask({ undo: which });
  }

  #takeBack(operation) {
    this.undone.push(operation);
    this.queue.remove(operation.id);
    this.store.drop(operation.id);
    this.#told();
  }

  #ask(what) {
    this.queue.add({ id: crypto.randomUUID?.() ?? `${Date.now()}`, ...what });
    return this.flush();
  }

  async flush() {
    if (this.sending || this.isHeld) return;
    clearTimeout(this.timer);
    const operation = this.queue.operations[0];
    if (!operation) return this.#told();
    this.sending = operation;
    this.#tell({ is: "saving" });
    let answer = null;
    try {
      answer = await this.#post(operation);
    } catch {
      answer = null; // no connection, or none that answers
    }
    this.sending = null;
    if (answer && !answer.again) {
      this.failures = 0;
      return this.#answered(operation, answer);
    }
    this.timer = setTimeout(() => this.flush(), WAITS_MS[Math.min(this.failures, WAITS_MS.length - 1)]);
    this.failures += 1;
    this.#tell({ is: "offline" });
  }

  async #post(operation) {
    const { id, changes, undo, redo } = operation;
    const response = await fetch(this.urls.operations, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify({ id: /^[0-9a-f-]{36}$/.test(id) ? id : null, changes, undo, redo }),
      signal: AbortSignal.timeout(60_000),
    });
    if (response.status === 403 && !operation.isRetried) {
      const fresh = await this.#newToken();
      if (fresh) return fresh === "signed out" ? { signedOut: true } : this.#post({ ...operation, isRetried: true });
    }
    const isJson = response.headers.get("content-type")?.startsWith("application/json");
    if (response.redirected || response.status === 401 || (response.ok && !isJson)) return { signedOut: true };
    if (response.status >= 500 || response.status === 429 || response.status === 408) return { again: true };
    const document = isJson ? await response.json() : {};
    return { ok: response.ok, status: response.status, ...document };
  }

  // Who signed in again elsewhere has a new token; the page's own is out of date.
  async #newToken() {
    const response = await fetch(location.pathname);
    if (response.redirected) return "signed out";
    if (!response.ok) return false;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const headers = page.body.getAttribute("hx-headers");
    if (!headers || headers === document.body.getAttribute("hx-headers")) return false;
    document.body.setAttribute("hx-headers", headers);
    return true;
  }

  #answered(operation, answer) {
    if (answer.signedOut || answer.status === 403 || answer.status === 404) {
      this.isHeld = true; // what waits is kept until the person may save again
      this.#tell({ is: answer.signedOut ? "signed-out" : "forbidden" });
      return undefined;
    }
    if (answer.status === 409 && operation.changes) {
      this.isHeld = true;
      this.#tell({ is: "conflict" });
      const detail = { operation, conflict: answer.conflict, error: answer.error };
      this.dispatchEvent(new CustomEvent("conflict", { detail }));
      return undefined;
    }
    this.queue.remove(operation.id);
    if (!answer.ok) {
      this.store.drop(operation.id);
      if (operation.undo && this.undone.at(-1) === null) this.undone.pop();
      this.#tell(operation.changes ? { is: "refused", reason: answer.error ?? `${answer.status}` } : { is: "saved" });
      this.dispatchEvent(new CustomEvent("refused", { detail: { operation, error: answer.error } }));
      return this.queue.operations.length ? this.flush() : undefined;
    }
    if (!this.store.receive(answer)) this.#catchUpSoon();
    this.dispatchEvent(new CustomEvent("confirmed", { detail: { operation, told: answer } }));
    return this.flush();
  }

  // After a conflict: the operation as it is to be sent now, or none of it.
  resolve(operation, changes) {
    this.queue.operations = this.queue.operations.map((each) => (each === operation ? { ...operation, changes } : each));
    if (!changes?.length) this.queue.remove(operation.id);
    this.queue.keep();
    const place = this.store.pending.findIndex((each) => each.id === operation.id);
    if (place >= 0 && changes?.length) this.store.pending[place] = { ...operation, changes };
    this.store.drop(changes?.length ? "" : operation.id);
    this.isHeld = false;
    return this.flush();
  }

  // ---- hearing ----

  #listen() {
    this.stream?.close();
    const stream = new EventSource(`${this.urls.live}?since=${this.store.revision}`);
    this.stream = stream;
    stream.addEventListener("operation", (event) => {
      if (!this.store.receive(JSON.parse(event.data))) this.#catchUpSoon();
    });
    stream.addEventListener("presence", (event) => {
      this.dispatchEvent(new CustomEvent("presence", { detail: JSON.parse(event.data) }));
    });
    stream.addEventListener("comment", (event) => {
      this.dispatchEvent(new CustomEvent("comment", { detail: JSON.parse(event.data) }));
    });
    stream.addEventListener("open", () => {
      if (this.deaf) this.dispatchEvent(new Event("heard-again"));
      this.deaf = 0;
      if (this.queue.operations.length) this.flush();
    });
    stream.addEventListener("error", () => {
      stream.close();
      clearTimeout(this.hearAgain);
      this.deaf = (this.deaf ?? 0) + 1;
      this.hearAgain = setTimeout(() => this.#listen(), WAITS_MS[Math.min(this.deaf - 1, WAITS_MS.length - 1)]);
    });
  }

  #reconnect() {
    this.failures = 0;
    clearTimeout(this.hearAgain);
    this.#listen();
    this.flush();
  }

  #catchUpSoon() {
    clearTimeout(this.gap);
    this.gap = setTimeout(async () => {
      if (!this.store.early.size) return;
      const response = await fetch(`${this.urls.operations}?since=${this.store.revision}`).catch(() => null);
      if (!response?.ok) return;
      for (const told of (await response.json()).operations) this.store.receive(told);
      if (this.store.early.size) this.#catchUpSoon();
    }, GAP_MS);
  }

  #told() {
    if (this.state.is !== "refused" || this.queue.operations.length) this.#tell({ is: "saved" });
    else this.#tell(this.state);
  }

  #tell(state) {
    const waiting = this.queue.operations.length;
    this.state = state.is === "saved" && waiting ? { is: "saving" } : state;
    const detail = { ...this.state, waiting, isKept: this.queue.isKept };
    this.dispatchEvent(new CustomEvent("state", { detail }));
  }
}
