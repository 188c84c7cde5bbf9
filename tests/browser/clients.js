// Three clients of the real editor's store, in one page: they edit at random and hear of each
// other late, twice and out of order, as networks do. Returns each client's map and the server's.
async ({ path, seed, turns }) => {
  const { Store } = await import("touchline/editor/store");
  const maps = await import("touchline/editor/map");
  const { adding, behind, changing, find, newId, removing } = maps;
  const csrf = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const start = JSON.parse(document.getElementById("map-document").textContent);

  let state = seed + 1;
  const dice = (n) => { // Park and Miller's
    state = (state * 48271) % 2147483647;
    return state % n;
  };
  const one = (list) => list[dice(list.length)];
  const log = []; // what the server did, told to all
  const counted = { sent: 0, refused: 0, conflicts: 0 };

  function edit({ shown }) {
    const card = one(shown.cards);
    const [lane, step] = [one(shown.lanes), one(shown.steps)];
    switch (dice(9)) {
      case 0: return card && [removing("cards", card)];
      case 1: return step && shown.steps.length > 2 && [removing("steps", step)];
      case 2: return lane && shown.lanes.length > 2 && [removing("lanes", lane)];
      case 3: return step && [changing("steps", step, { name: `S${dice(90)}` })];
      case 4: return card && [changing("cards", card, { text: `<b>${dice(90)}</b>` })];
      case 5: return card && behind("cards", [card], one(shown.cards.filter((c) => c !== card))?.id ?? null, () => ({ lane: lane.id, step: step.id }));
      case 6: return shown.stages.length > 1 && behind("stages", [one(shown.stages)], null);
      case 7: return [adding("steps", newId("steps"), { stage: one(shown.stages).id, name: "new", follows: step?.id ?? null })];
      default: {
        if (!lane || !step) return null;
        let follows = card?.id ?? null;
        return Array.from({ length: 1 + dice(4) }, (_, i) => {
          const id = newId("cards");
          const change = adding("cards", id, { lane: lane.id, step: step.id, text: `=${i}`, basis: "assumption", follows });
          follows = id;
          return change;
        });
      }
    }
  }

  async function send(client) {
    const operation = client.store.pending.find((each) => !each.isSent);
    if (!operation) return;
    counted.sent += 1;
    const response = await fetch(`${path}operations/`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify({ id: operation.id, changes: operation.changes }),
    });
    const answer = await response.json();
    if (response.ok) {
      operation.isSent = true;
      log.push(answer);
      for (const each of clients) each.waiting.push(answer);
      if (dice(2)) client.store.receive(answer); // the answer, before or after the stream
    } else {
      counted[response.status === 409 ? "conflicts" : "refused"] += 1;
      client.store.drop(operation.id);
    }
  }

  function hear({ store, waiting }) {
    if (!waiting.length) return;
    const told = waiting.splice(dice(Math.min(3, waiting.length)), 1)[0];
    store.receive(told);
    if (!dice(4)) store.receive(told);
  }

  const clients = Array.from({ length: 3 }, () => ({ store: new Store(structuredClone(start)), waiting: [] }));
  for (let turn = 0; turn < turns; turn += 1) {
    const client = one(clients);
    const changes = dice(3) ? edit(client.store) : null;
    if (changes) client.store.edit(changes);
    if (dice(2)) await send(one(clients));
    if (dice(3)) hear(one(clients));
  }
  for (const client of clients) while (client.store.pending.some((each) => !each.isSent)) await send(client);
  for (const client of clients) while (client.waiting.length) hear(client);
  const page = await (await fetch(path)).text();
  const now = JSON.parse(new DOMParser().parseFromString(page, "text/html").getElementById("map-document").textContent);
  const lists = (map) => Object.fromEntries(maps.LISTS.map((name) => [name, map[name]]));
  return {
    counted,
    edits: log.length,
    unsettled: clients.map(({ store }) => store.pending.length + store.early.size),
    clients: clients.map(({ store }) => lists(store.shown)),
    server: now.lists,
    start: start.lists,
  };
}
