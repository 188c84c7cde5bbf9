// [data-sortable]: its children move by dragging [data-sortable-handle] or with Alt+arrows.
// The new order is posted to data-url as repeated `order` values (the children's data-id).
import { behaviour } from "touchline/behaviour";
import { toast } from "touchline/toast";
import { csrfToken, word } from "touchline/words";

const STEPS = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 };

behaviour("[data-sortable]", (list) => {
  let dragged = null;
  let before = null;

  const items = () => [...list.children].filter((item) => item.dataset.id);
  const itemOf = (element) => items().find((item) => item.contains(element));

  function announce(item) {
    const all = items();
    const name = item.dataset.name ?? item.textContent.trim().slice(0, 60);
    const said = document.getElementById("toasts");
    const note = document.createElement("span");
    note.className = "visually-hidden";
    note.textContent = word("moved_to", { name, place: all.indexOf(item) + 1, total: all.length });
    said?.append(note);
    setTimeout(() => note.remove(), 2000);
  }

  async function save(old) {
    const body = new URLSearchParams(items().map((item) => ["order", item.dataset.id]));
    try {
      const answer = await fetch(list.dataset.url, {
        method: "POST", body, headers: { "X-CSRFToken": csrfToken(), "X-Requested-With": "fetch" },
      });
      if (!answer.ok) throw new Error(answer.statusText);
      list.dispatchEvent(new CustomEvent("touchline:sorted", { bubbles: true }));
    } catch {
      list.append(...old);
      toast(word("not_moved"), "error");
    }
  }

  list.addEventListener("keydown", (event) => {
    const step = event.altKey && STEPS[event.key];
    const item = itemOf(event.target);
    if (!step || !item) return;
    event.preventDefault();
    const old = items();
    const other = old[old.indexOf(item) + step];
    if (!other) return;
    if (step < 0) other.before(item);
    else other.after(item);
    event.target.focus();
    announce(item);
    save(old);
  });

  list.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("[data-sortable-handle]") || event.button) return;
    dragged = itemOf(event.target);
    before = items();
    dragged.dataset.dragging = "";
    list.setPointerCapture(event.pointerId);
  });

  list.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    const over = items().find((item) => {
      const box = item.getBoundingClientRect();
      return event.clientY >= box.top && event.clientY <= box.bottom
        && event.clientX >= box.left && event.clientX <= box.right;
    });
    if (!over || over === dragged) return;
    const all = items();
    if (all.indexOf(over) < all.indexOf(dragged)) over.before(dragged);
    else over.after(dragged);
  });

  const drop = () => {
    if (!dragged) return;
    delete dragged.dataset.dragging;
    if (items().some((item, i) => item !== before[i])) {
      announce(dragged);
      save(before);
    }
    dragged = null;
  };
  list.addEventListener("pointerup", drop);
  list.addEventListener("pointercancel", drop);
});
