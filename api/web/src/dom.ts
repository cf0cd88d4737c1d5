// Elements from values. Text goes in as text, never as markup.

export type Child = Node | string | number | null | undefined | false | Child[]
type Value = string | number | boolean | null | undefined | ((e: never) => void)

function fill<E extends Element>(e: E, attributes: Record<string, Value>, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue
    if (typeof value === 'function') e.addEventListener(name.slice(2), value as unknown as EventListener)
    else e.setAttribute(name, value === true ? '' : String(value))
  }
  append(e, children)
  return e
}

/** append adds children; nothing stands for null, undefined and false. */
export function append(e: Element, children: Child[]): void {
  for (const c of children) {
    if (Array.isArray(c)) append(e, c)
    else if (c !== null && c !== undefined && c !== false) e.append(c instanceof Node ? c : String(c))
  }
}

/** h makes an HTML element; attributes that begin with "on" are listeners. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Record<string, Value> = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children)
}

/** s makes an SVG element. */
export function s(tag: string, attributes: Record<string, Value> = {}, ...children: Child[]): SVGElement {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children)
}
