// Says beside each card, step and stage how many remarks on it are open, and opens what is said
// in the side panel. Returns the command for keys and menus.
import { announce, sayCount } from "touchline/editor/words";

const LISTS = { card: "cards", step: "steps", stage: "stages" };
const KINDS = { cards: "card", steps: "step", stages: "stage" };

export function showComments({ grid, page, selection, sync }) {
  let counts = {};
  let marked = new Set();

  async function ask() {
    const response = await fetch(page.urls.comment_counts).catch(() => null);
    if (!response?.ok) return;
    counts = (await response.json()).counts;
    draw();
  }

  function draw() {
    const now = new Set();
    for (const [list, parts] of Object.entries(counts)) {
      for (const [id, { open }] of Object.entries(parts)) {
        const node = open ? grid.element({ kind: KINDS[list], id }) : null;
        if (!node) continue;
        now.add(node);
        if (node.dataset.comments === String(open)) continue;
        node.dataset.comments = open;
        node.setAttribute("aria-description", sayCount("comments", open));
      }
    }
    for (const node of marked) {
      if (now.has(node)) continue;
      delete node.dataset.comments;
      node.removeAttribute("aria-description");
    }
    marked = now;
  }

  // What was said while the panel shows this part stands there at once, unless one is writing.
  function refresh(told) {
    const shown = document.querySelector("#panel #comments");
    if (!shown || shown.dataset.about !== `${told.list} ${told.part}`) return;
    const isWriting = [...shown.querySelectorAll("textarea")].some((area) => area.value !== area.defaultValue);
    if (isWriting || shown.contains(document.activeElement)) return;
    window.htmx.ajax("GET", address(told.list, told.part), { target: "#comments", swap: "outerHTML", select: "#comments" });
  }

  function address(list, part) {
    return `${page.urls.comments}?${new URLSearchParams({ list, part })}`;
  }

  grid.sheet.addEventListener("drawn", draw);
  sync.addEventListener("comment", ({ detail }) => {
    if (!detail.list) return;
    counts[detail.list][detail.part] = { open: detail.open, resolved: detail.resolved };
    draw();
    announce(sayCount("comments", detail.open));
    refresh(detail);
  });
  sync.addEventListener("heard-again", ask);
  ask();

  return {
    comments: () => {
      const at = selection.at;
      if (!LISTS[at?.kind]) return;
      window.htmx.ajax("GET", address(LISTS[at.kind], at.id), {
        source: grid.element(at), target: "#panel", swap: "innerHTML",
      });
    },
  };
}
