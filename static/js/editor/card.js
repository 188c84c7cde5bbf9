// One card as it stands in its cell.
import { element, icon } from "touchline/editor/reconcile";
import { say } from "touchline/editor/words";
import { shortName } from "touchline/editor/map";
import { isPencil, strengthOf } from "touchline/editor/evidence";

const SHOWN_CHARACTERS = 600;
const TOKENS = { "-2": "minus-2", "-1": "minus-1", 0: "0", 1: "plus-1", 2: "plus-2" };

export function makeCard(card) {
  const node = element("div", "ed-card", { role: "button", tabindex: "-1", "data-card": card.id });
  node.at = { kind: "card", id: card.id };
  return node;
}

export function drawCard(node, card, { page, personas, lane }) {
  const persona = card.persona ? personas.get(card.persona) : null;
  if (node.card === card && node.persona === persona && node.laneName === lane.name) return;
  Object.assign(node, { card, persona, laneName: lane.name });
  if (node.querySelector(".ed-input")) return; // somebody is writing in it; drawn when they are done
  const strength = strengthOf(card, page.enough, page.today);
  node.dataset.strength = strength;
  node.dataset.colour = card.colour ?? "";
  node.classList.toggle("ed-pencil", isPencil(strength));
  node.classList.toggle("ed-felt", !card.text && !card.image && card.emotion !== undefined);
  node.style.setProperty("--persona", persona ? page.colourOf(persona) : "");
  const text = element("span", "ed-text");
  text.textContent = card.text?.length > SHOWN_CHARACTERS ? `${card.text.slice(0, SHOWN_CHARACTERS)}…` : card.text ?? "";
  const parts = [];
  if (card.image) parts.push(element("img", "ed-image", { src: page.urls.picture(card.image), alt: "", loading: "lazy" }));
  if (card.text) parts.push(text);
  const about = aboutOf(card, persona, strength, page);
  if (about.childElementCount) parts.push(about);
  node.replaceChildren(...parts);
  if (!card.text) node.setAttribute("aria-label", `${lane.name}: ${card.emotion === undefined ? say("empty_card") : page.emotions[card.emotion]}${persona ? `, ${persona.name ?? persona.id}` : ""}`);
  else node.removeAttribute("aria-label");
}

// The line beneath the words: feeling, whose, how it is known, links, owner.
function aboutOf(card, persona, strength, page) {
  const line = element("span", "ed-about");
  if (card.colour) line.append(badge("ed-meaning", page.colours[card.colour], "", card.colour));
  if (card.emotion !== undefined) {
    const felt = badge("ed-emotion", (card.emotion > 0 ? "+" : "") + String(card.emotion).replace("-", "−"), page.emotions[card.emotion]);
    felt.style.setProperty("--emotion", `var(--emotion-${TOKENS[card.emotion]})`);
    line.append(felt);
  }
  if (persona) line.append(badge("ed-persona", shortName(persona), persona.name));
  if (strength === "good" || strength === "weak" || strength === "expired") {
    const words = [page.bases[card.basis], card.n ? `n ${card.n.toLocaleString(page.lang)}` : ""].filter(Boolean).join(" · ");
    const known = badge(`ed-basis ed-${strength}`, words, page.strengths[strength]);
    if (strength === "expired") known.append(" · ", page.strengths.expired);
    line.append(known);
    if (strength !== "expired") line.append(badge("ed-strength", page.strengths[strength]));
  } else if (strength === "assumption") line.append(badge("ed-basis ed-assumption", page.bases.assumption));
  else line.append(badge("ed-basis ed-none", page.strengths.none));
  if (card.links?.length) line.append(withIcon("link", say("links", { n: card.links.length }), card.links.length));
  if (card.owner) line.append(withIcon("user", card.owner, card.owner));
  return line;
}

function badge(className, text, title = "", colour = "") {
  const made = element("span", className);
  made.textContent = text;
  if (title) made.title = title;
  if (colour) made.dataset.colour = colour;
  return made;
}

function withIcon(name, title, text) {
  const made = element("span", "ed-with", { title });
  made.append(icon(name), String(text));
  return made;
}
