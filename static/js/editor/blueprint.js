// The lines of a service blueprint, which follow from what its lanes are (journeys/blueprint.py;
// its roles and lines come with the page).

// By the place of the lane beneath it: the line that is drawn above that lane.
export function linesBetween(lanes, { roles, below }) {
  const known = lanes.map((lane, place) => [place, roles[lane.kind]]).filter(([, role]) => role !== undefined);
  const nearest = new Set(known.map(([, role]) => role));
  const found = new Map();
  for (const [line, role] of Object.entries(below)) {
    if (!nearest.has(role - 1) || !nearest.has(role)) continue;
    const above = known.filter(([, r]) => r < role).map(([place]) => place);
    const under = known.filter(([, r]) => r >= role).map(([place]) => place);
    if (Math.max(...above) < Math.min(...under)) found.set(Math.min(...under), line);
  }
  return found;
}
