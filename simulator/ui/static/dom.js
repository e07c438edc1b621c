/**
 * A new element; text is set as text, never read as HTML.
 *
 * What the element has as a property is set as one, anything else (`aria-label`) as an attribute;
 * null and undefined are left out, of children `false`, too.
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  return filled(made, properties, children, (name) => name in made);
}

/** An element with these attributes, or properties where it is one, and these children. */
export function filled(made, attributes, children, isProperty) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) continue;
    if (isProperty(name)) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}
