import { useEffect, useRef, useState } from 'react'
import { type ApiError, asApiError } from '../../core/base/apiError'
import { decimalsFor } from '../../core/base/numbers'
import type { Column, Question, RowsPage } from '../../core/data/tables'
import { RowWindows, WINDOW, windowsOf } from '../../core/data/rowWindows'
import { columnWidths } from './columnLayout'
import type { TableSource } from './source'

interface Shown {
  /** The table and query of these rows; older than the requested one while its first rows load. */
  key: string
  windows: RowWindows
  /** The version of the source of each window. */
  versions: ReadonlyMap<number, string | undefined>
  total: number
  columns: Column[]
  /** The decimals of each column, from its first rows, so that they do not change while scrolling. */
  decimals: number[]
  /** The width of each column, likewise. */
  widths: number[]
}

const NOTHING: Shown = { key: '', windows: new RowWindows(), versions: new Map(), total: 0, columns: [], decimals: [], widths: [] }
const PAUSE = 60

export interface Windows extends Shown {
  loading: boolean
  error: ApiError | null
  retry: () => void
}

/** The windows in view of a table of any length. The rows of the last query stay until the first of the next are loaded. */
export function useWindows(source: TableSource, question: Question, first: number, last: number): Windows {
  const key = `${source.key} ${JSON.stringify(question)}`
  const [shown, setShown] = useState(NOTHING)
  const [failed, setFailed] = useState<{ key: string; error: ApiError } | null>(null)
  const [attempt, setAttempt] = useState(0)
  const asking = useRef(new Map<string, AbortController>())
  const { rows: fetchRows, version } = source

  useEffect(() => {
    const known = shown.key === key ? shown.windows : null
    const wanted = known ? windowsOf(first, last) : [0]
    const ids = new Set(wanted.map((window) => `${window} ${key}`))
    dropUnwanted(asking.current, ids)
    const missing = wanted.filter((window) => (!known?.has(window) || shown.versions.get(window) !== version) && !asking.current.has(`${window} ${key}`))

    const ask = async (window: number) => {
      const id = `${window} ${key}`
      const stop = new AbortController()
      asking.current.set(id, stop)
      try {
        const page = await fetchRows(question, window * WINDOW, WINDOW, stop.signal)
        if (stop.signal.aborted) return
        setShown((before) => withPage(before, key, window, version, page))
        setFailed(null)
      } catch (reason) {
        if (!stop.signal.aborted) setFailed({ key, error: asApiError(reason) })
      } finally {
        if (asking.current.get(id) === stop) asking.current.delete(id)
      }
    }
    const timer = setTimeout(() => missing.forEach((window) => void ask(window)), known ? PAUSE : 0)
    return () => clearTimeout(timer)
  }, [key, version, question, fetchRows, first, last, shown, attempt])

  useEffect(() => {
    const pending = asking.current
    return () => dropUnwanted(pending, new Set())
  }, [])

  const error = failed?.key === key ? failed.error : null
  const retry = () => {
    setFailed(null)
    setAttempt((before) => before + 1)
  }
  return { ...shown, loading: shown.key !== key && !error, error, retry }
}

/** Rows of the same table join those that are shown, unless it has got further columns. */
function withPage(before: Shown, key: string, window: number, version: string | undefined, page: RowsPage): Shown {
  if (before.key !== key || before.columns.length !== page.columns.length) {
    return { key, total: page.total, columns: page.columns, ...layoutOf(page), windows: new RowWindows().with(window, page.rows), versions: new Map([[window, version]]) }
  }
  return { ...before, total: page.total, windows: before.windows.with(window, page.rows), versions: new Map(before.versions).set(window, version) }
}

function layoutOf(page: RowsPage): Pick<Shown, 'decimals' | 'widths'> {
  const decimals = decimalsOf(page)
  return { decimals, widths: columnWidths(page, decimals) }
}

function decimalsOf({ columns, rows }: RowsPage): number[] {
  return columns.map(({ kind }, index) =>
    kind === 'number' ? decimalsFor(rows.map((row) => row[index]).filter((value): value is number => typeof value === 'number')) : 0)
}

function dropUnwanted(asking: Map<string, AbortController>, wanted: Set<string>): void {
  for (const [id, stop] of asking) {
    if (wanted.has(id)) continue
    stop.abort()
    asking.delete(id)
  }
}
