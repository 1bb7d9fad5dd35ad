/**
 * The little that the page needs to make and mend elements.
 * @module
 */
/* global document */
const SVG = 'http://www.w3.org/2000/svg';

export const byId = (id) => document.getElementById(id);

/** An element; `on` holds listeners, `data` its data- attributes, everything else is an attribute. `null` children are left out. */
export function h(tag, { on = {}, data = {}, style = {}, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, '');
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  for (const [name, value] of Object.entries(data)) element.dataset[name] = value;
  // By the object model, for the page's policy allows no style in the markup.
  for (const [name, value] of Object.entries(style)) element.style.setProperty(name, value);
  for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** A picture of one path on a square of `size` units, for the eye only. */
export function shape(path, className = 'shape', size = 24) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${size} ${size}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', className);
  const line = document.createElementNS(SVG, 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

/**
 * Brings a list of children in line with items: what looks the same stays, with its focus; what does not is made anew, and gets
 * the focus back if it had it.
 */
export function patch(parent, items, { key, look, create }) {
  const before = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let at = parent.firstElementChild;
  for (const item of items) {
    const name = key(item);
    const looks = look(item);
    let child = before.get(name);
    before.delete(name);
    if (child === undefined || child.dataset.look !== looks) {
      const made = create(item);
      made.dataset.key = name;
      made.dataset.look = looks;
      if (child === undefined) parent.insertBefore(made, at);
      else {
        const focused = child.contains(document.activeElement) ? document.activeElement : null;
        if (child === at) at = made;
        child.replaceWith(made);
        if (focused) refocus(made, focused.dataset.focus);
      }
      child = made;
    }
    if (child === at) at = child.nextElementSibling;
    else parent.insertBefore(child, at);
  }
  for (const child of before.values()) child.remove();
}

/** What has the place of what had the focus; where that is gone, the first that can have it. */
function refocus(made, name) {
  const stops = [...made.querySelectorAll('[data-focus]')];
  (stops.find((stop) => stop.dataset.focus === name) ?? stops[0])?.focus();
}
