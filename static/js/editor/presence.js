// Who else is on the map, and where: told when one moves and every few seconds, gone after fifteen.
import { csrfToken } from "touchline/words";
import { element } from "touchline/editor/reconcile";
import { say } from "touchline/editor/words";
import { tabId } from "touchline/editor/queue";

const GONE_MS = 15_000;
const BEAT_MS = 5_000;
const PAUSE_MS = 250;

export function tellPresence({ grid, selection, sync, store, page }) {
  const client = `${tabId()}-${Math.random().toString(36).slice(2, 8)}`;
  const others = new Map();
  const people = document.getElementById("map-people");
  let timer = 0;
  let told = 0;

  function tell(place = selection.at) {
    clearTimeout(timer);
    const wait = Math.max(0, told + PAUSE_MS - Date.now());
    timer = setTimeout(() => {
      told = Date.now();
      timer = setTimeout(() => { if (!document.hidden) tell(); }, BEAT_MS);
      if (navigator.onLine === false || sync.isHeld) return;
      fetch(page.urls.presence, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
        body: JSON.stringify({ client, place: JSON.stringify(place ?? null).slice(0, 200) }),
        keepalive: true,
      }).catch(() => {});
    }, wait);
  }

  selection.addEventListener("change", () => tell());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) tell(); });

  sync.addEventListener("presence", ({ detail }) => {
    if (detail.client === client) return;
    const isNew = !others.has(detail.client);
    const person = others.get(detail.client) ?? { label: label(detail) };
    Object.assign(person, { at: read(detail.place), heard: Date.now(), who: detail.who, user: detail.user });
    others.set(detail.client, person);
    draw();
    if (isNew) tell(); // so that who comes later hears of those who are here
  });
  store.addEventListener("shown", () => { if (others.size) draw(); });
  setInterval(() => {
    let gone = false;
    for (const [id, person] of others) {
      if (Date.now() - person.heard < GONE_MS) continue;
      person.label.remove();
      delete person.node?.dataset.other;
      others.delete(id);
      gone = true;
    }
    if (gone) draw();
  }, 1000);

  function draw() {
    for (const person of others.values()) {
      delete person.node?.dataset.other;
      person.node = person.at && grid.element(person.at);
    }
    for (const person of others.values()) {
      const twin = [...others.values()].find((other) => other.user === person.user && other.node === person.node);
      if (!person.node || twin !== person) {
        person.label.remove(); // several windows of one person are one person
        continue;
      }
      person.node.dataset.other = "";
      person.node.style.setProperty("--other", colour(person.user));
      if (person.label.parentElement !== person.node) person.node.append(person.label);
    }
    const names = new Map([...others.values()].map((person) => [person.user, person]));
    people.replaceChildren(...[...names.values()].slice(0, 6).map(avatar));
    people.setAttribute("aria-label", names.size ? say("here_too", { names: [...names.values()].map((p) => p.who).join(", ") }) : "");
  }

  tell();
}

const colour = (user) => `var(--category-${(user % 8) + 1})`;

function label({ who, user }) {
  const made = element("span", "ed-other", { "aria-hidden": "true" });
  made.textContent = who.replace(/@.*/, "");
  made.style.setProperty("--other", colour(user));
  return made;
}

function avatar({ who, user }) {
  const made = element("span", "avatar ed-avatar", { title: who });
  made.textContent = who.replace(/@.*/, "").split(/[\s._-]+/).map((part) => part[0]).join("").slice(0, 2).toUpperCase();
  made.style.setProperty("--other", colour(user));
  return made;
}

function read(place) {
  try {
    return JSON.parse(place);
  } catch {
    return null;
  }
}
