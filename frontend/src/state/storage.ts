/** Small things kept in this browser; a full or forbidden store is no reason to fail. */

export function recall<T>(key: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(`easel.${key}`)
    return text === null ? otherwise : (JSON.parse(text) as T)
  } catch {
    return otherwise
  }
}

export function keep(key: string, value: unknown) {
  try {
    localStorage.setItem(`easel.${key}`, JSON.stringify(value))
  } catch {
    // A private window may forbid it; the page works without.
  }
}
