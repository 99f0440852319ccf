/** Small values stored in this browser; a full or blocked storage is not an error. */

export function load<T>(key: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(`easel.${key}`)
    return text === null ? otherwise : (JSON.parse(text) as T)
  } catch {
    return otherwise
  }
}

export function save(key: string, value: unknown) {
  try {
    localStorage.setItem(`easel.${key}`, JSON.stringify(value))
  } catch {
    // A private window may block it; the page works without.
  }
}
