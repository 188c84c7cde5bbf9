// The strength of a card's evidence, by the rules of journeys/basis.py (their limits come with the
// page).
export function strengthOf(card, enough, today) {
  if (!card.basis) return "none";
  if (!(card.basis in enough)) return "assumption";
  if (card.expires && card.expires < today) return "expired";
  return card.n >= enough[card.basis] ? "good" : "weak";
}

export function isPencil(strength) {
  return strength === "none" || strength === "assumption";
}
