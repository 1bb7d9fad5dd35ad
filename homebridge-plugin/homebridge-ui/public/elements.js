/** Elements of the page, with text that is never read as HTML: names and ids come from the broker. */

/** An element with properties and with children, which are elements or texts. */
export function el(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

export function fill(element, children) {
  element.replaceChildren(...children);
}

/** Says something in a place that is there for it; `ok` colours it, where it is told. */
export function tell(place, text, ok) {
  place.textContent = text;
  place.classList.toggle('good', ok === true);
  place.classList.toggle('bad', ok === false);
}
