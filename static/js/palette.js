// Ctrl/⌘-K: jump to any page. Entries: links marked data-jump, links in <template id="jump">,
// and body[data-jump-url], JSON of [{label, url, kind}], fetched once when first opened.
import { behaviour } from "touchline/behaviour";
import { openDialog } from "touchline/keys";
import { word } from "touchline/words";

const MOST = 50;
let fetched = null;

function linkEntries(links, kind) {
  return [...links].map((link) => ({
    label: link.textContent.trim(), url: link.getAttribute("href"), kind: link.dataset.kind ?? kind,
  }));
}

function localEntries() {
  const more = document.getElementById("jump")?.content.querySelectorAll("a") ?? [];
  return [
    ...linkEntries(document.querySelectorAll("a[data-jump]"), word("page")),
    ...linkEntries(more, ""),
  ];
}

async function fetchEntries() {
  const url = document.body.dataset.jumpUrl;
  if (!url) return [];
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  return answer.ok ? answer.json() : [];
}

// All words must occur; earlier and at the start of a word is better.
function score(label, query) {
  const text = label.toLowerCase();
  let sum = 0;
  for (const part of query.toLowerCase().split(/\s+/).filter(Boolean)) {
    const at = text.indexOf(part);
    if (at < 0) return Infinity;
    sum += at + (at === 0 || /\W/.test(text[at - 1]) ? 0 : 20);
  }
  return sum;
}

behaviour("#palette", (dialog) => {
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const nothing = dialog.querySelector(".palette-empty");
  let entries = [];

  function show() {
    const found = entries
      .map((entry) => ({ entry, rank: score(`${entry.label} ${entry.kind ?? ""}`, input.value) }))
      .filter((hit) => hit.rank < Infinity)
      .sort((a, b) => a.rank - b.rank)
      .slice(0, MOST);
    list.replaceChildren(...found.map(({ entry }, i) => option(entry, i)));
    nothing.hidden = found.length > 0;
    select(0);
  }

  function option(entry, i) {
    const item = document.createElement("li");
    const label = document.createElement("span");
    const kind = document.createElement("span");
    item.id = `palette-${i}`;
    item.role = "option";
    item.dataset.url = entry.url;
    label.textContent = entry.label;
    kind.textContent = entry.kind ?? "";
    kind.className = "palette-kind";
    item.append(label, kind);
    return item;
  }

  function select(index) {
    const items = [...list.children];
    if (!items.length) return input.removeAttribute("aria-activedescendant");
    const chosen = items[(index + items.length) % items.length];
    for (const item of items) item.setAttribute("aria-selected", String(item === chosen));
    input.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  function selected() {
    return [...list.children].findIndex((item) => item.getAttribute("aria-selected") === "true");
  }

  async function open() {
    entries = localEntries();
    input.value = "";
    show();
    fetched ??= fetchEntries().catch(() => []);
    const known = new Set(entries.map((entry) => entry.url));
    entries = [...entries, ...(await fetched).filter((entry) => !known.has(entry.url))];
    show();
  }

  dialog.addEventListener("touchline:open", open);
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) select(selected() + step);
    else if (event.key === "Enter") list.children[selected()]?.click();
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => {
    const url = event.target.closest("[data-url]")?.dataset.url;
    if (url) location.assign(url);
  });
});

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
  event.preventDefault();
  openDialog("palette");
});
