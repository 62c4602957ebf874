// Applies what the server rendered to the page: the law of fragments, docs/protocol.md.

// Apply the fragments in `html` to `root` and tell what became of them: {inserted, replaced, removed}, elements each.
export function apply(html, root = document) {
  const done = { inserted: [], replaced: [], removed: [] };
  const template = document.createElement("template");
  template.innerHTML = html;
  for (const fragment of [...template.content.children]) {
    if (!fragment.id) continue;
    const present = root.querySelector(`#${CSS.escape(fragment.id)}`);
    if (fragment.hasAttribute("data-gone")) {
      if (present) done.removed.push(present);
      present?.remove();
    } else if (present) {
      done.replaced.push(replace(present, document.importNode(fragment, true)));
    } else if (fragment.dataset.list) {
      const list = root.querySelector(`[data-list-of="${CSS.escape(fragment.dataset.list)}"]`);
      if (list) done.inserted.push(insert(list, document.importNode(fragment, true)));
    }
  }
  return done;
}

// Put `fresh` where `present` stands and return what then stands there. A control that has the focus stays, untouched: whoever
// types into it, perhaps in the middle of composing a character, notices nothing. Where it has no twin any more, the fragment that
// held it takes the focus, if it can: a keyboard goes on from there, not from the top of the page.
export function replace(present, fresh) {
  const focused = document.activeElement;
  const twin = present.contains(focused) && focused !== present ? twinOf(focused, fresh) : null;
  if (!twin) {
    const held = present.contains(focused);
    present.replaceWith(fresh);
    if (held) fresh.focus({ preventScroll: true });
    return fresh;
  }
  graft(present, fresh, focused, twin);
  return present;
}

function twinOf(control, fresh) {
  if (control.id) return fresh.querySelector(`#${CSS.escape(control.id)}`);
  const name = control.getAttribute("name");
  if (!name) return null;
  // Buttons of one name are told apart by their values; what is typed is a value too, but not one of the markup.
  const value = control.localName === "button" ? `[value="${CSS.escape(control.value)}"]` : "";
  return fresh.querySelector(`${control.localName}[name="${CSS.escape(name)}"]${value}`);
}

// Make `present` like `fresh` all around the path that leads to the focused control.
function graft(present, fresh, focused, twin) {
  if (present === focused) return;
  for (const { name } of [...present.attributes]) if (!fresh.hasAttribute(name)) present.removeAttribute(name);
  for (const { name, value } of [...fresh.attributes]) present.setAttribute(name, value);
  const kept = [...present.childNodes].find((child) => child.contains(focused));
  const like = [...fresh.childNodes].find((child) => child.contains(twin));
  for (const child of [...present.childNodes]) if (child !== kept) child.remove();
  let before = true;
  for (const child of [...fresh.childNodes]) {
    if (child === like) before = false;
    else if (before) kept.before(child);
    else present.append(child);
  }
  graft(kept, like, focused, twin);
}

// Where an element belongs: by its data-order or the attribute the list is sorted by, in a shuffled list by chance that is the same at every look (interview/shuffle.py).
export function placeOf(list, element) {
  const { shuffle, sortedBy = "order" } = list.dataset;
  if (shuffle === undefined) return element.getAttribute(`data-${sortedBy}`) ?? undefined;
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${shuffle}/${element.id}`)) value = Math.imul(value ^ byte, 0x01000193);
  for (const [shift, factor] of [[16, 0x85ebca6b], [13, 0xc2b2ae35], [16, 1]]) value = Math.imul(value ^ (value >>> shift), factor);
  return (value >>> 0).toString(16).padStart(8, "0");
}

// Put `element` into `list` at its place, behind those of the same place.
function insert(list, element) {
  const order = placeOf(list, element) ?? "";
  const comesAfter = (other) => (list.hasAttribute("data-descending") ? other < order : other > order);
  // From the end: what comes live mostly belongs there. In a descending list the loop is as short as the reader's page.
  let next = null;
  for (let child = list.lastElementChild; child; child = child.previousElementSibling) {
    const place = placeOf(list, child);
    if (place === undefined) continue;
    if (!comesAfter(place)) break;
    next = child;
  }
  if (next) next.before(element);
  else list.append(element);
  return element;
}
