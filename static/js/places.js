// Where a page stands in a log, {epoch, number}, and what follows from there. docs/protocol.md, "Coming back, by example".

// Move a place on over a run of events [number, kind, data, html]; returns those it did not have, or null, with the place where it was,
// if something before them is missing.
export function advance(place, { epoch, events }) {
  if (place.epoch !== "" && place.epoch !== epoch) return null;
  const fresh = events.filter(([number]) => number > place.number);
  if (!fresh.length) return [];
  if (fresh[0][0] !== place.number + 1) return null;
  place.epoch = epoch;
  place.number = fresh.at(-1)[0];
  return fresh.map(([number, kind, data, html]) => ({ number, kind, data, html }));
}

// Whether a place is one in the log that stands at `head` now.
export function belongs(place, { epoch, head }) {
  return place.epoch === "" ? place.number === 0 : place.epoch === epoch && place.number <= head;
}

// Whether a beat with this head tells of a gap. Behind at one beat may be on its way; behind twice at the same place is a gap, as is a
// number from another log.
export function missed(place, [epoch, number]) {
  const behind = epoch !== place.epoch || number > place.number ? `${epoch} ${place.number}` : null;
  const twice = behind !== null && behind === place.behind;
  place.behind = behind;
  return twice;
}
