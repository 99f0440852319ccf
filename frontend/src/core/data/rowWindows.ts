/** A cache of a long table's rows, in windows of equal size; the least recently used windows are evicted. */

import type { Cell } from './tables'

export const WINDOW = 200
export const KEPT = 60

/** The windows with rows `first` to `last`, both included. */
export function windowsOf(first: number, last: number, size = WINDOW): number[] {
  if (last < first) return []
  const from = Math.floor(Math.max(0, first) / size)
  return Array.from({ length: Math.floor(last / size) - from + 1 }, (_, index) => from + index)
}

/** All rows of the windows with rows `first` to `last`. */
export function rangeOfWindows(first: number, last: number, size = WINDOW): { first: number; last: number } {
  const windows = windowsOf(first, last, size)
  return { first: (windows[0] ?? 0) * size, last: ((windows.at(-1) ?? -1) + 1) * size - 1 }
}

export class RowWindows {
  readonly #windows: ReadonlyMap<number, Cell[][]>

  constructor(windows: ReadonlyMap<number, Cell[][]> = new Map()) {
    this.#windows = windows
  }

  has(window: number): boolean {
    return this.#windows.has(window)
  }

  row(index: number): Cell[] | undefined {
    return this.#windows.get(Math.floor(index / WINDOW))?.[index % WINDOW]
  }

  /** All rows of one window, empty until it is loaded. */
  window(window: number): Cell[][] {
    return this.#windows.get(window) ?? []
  }

  /** These windows and one more, as a new collection, so that a change is detected by identity. */
  with(window: number, rows: Cell[][]): RowWindows {
    const windows = new Map(this.#windows)
    windows.delete(window)
    windows.set(window, rows)
    for (const oldest of windows.keys()) {
      if (windows.size <= KEPT) break
      windows.delete(oldest)
    }
    return new RowWindows(windows)
  }
}
