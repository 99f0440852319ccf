/** The list of pipelines: search, order, the words of a card, and import of document files. */
import { count, counted } from '../base/numbers'
import type { Schemas } from '../base/schemas'

export type Order = 'changed' | 'name' | 'ran'

export const ORDERS: { value: Order; label: string }[] = [
  { value: 'changed', label: 'Last changed' },
  { value: 'name', label: 'Name' },
  { value: 'ran', label: 'Last run' },
]

interface Listed {
  name: string
  updated_at: string
  updated_by: string | null
  last_run: { created_at: string } | null
}

/** Numbers in names are compared as numbers: "Trial 2" comes before "Trial 10". */
const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

export function arrangePipelines<P extends Listed>(pipelines: P[], search: string, order: Order): P[] {
  const words = search.trim().toLowerCase().split(/\s+/)
  const matches = ({ name, updated_by }: P) => words.every((word) => `${name} ${updated_by ?? ''}`.toLowerCase().includes(word))
  const newest = (time: (pipeline: P) => string) => (a: P, b: P) => time(b).localeCompare(time(a))
  const compare = {
    changed: newest(({ updated_at }) => updated_at),
    name: (a: P, b: P) => byName.compare(a.name, b.name),
    ran: newest(({ last_run }) => last_run?.created_at ?? ''),
  }[order]
  return pipelines.filter(matches).toSorted(compare)
}

type LastRun = NonNullable<Schemas['Pipeline']['last_run']>

/** The state of a pipeline's newest run: "1 step failed", "Running, 3 of 7". */
export function lastRunWords({ state, steps, steps_finished, steps_failed }: Pick<LastRun, 'state' | 'steps' | 'steps_finished' | 'steps_failed'>): string {
  switch (state) {
    case 'failed': return steps_failed > 0 ? `${counted(steps_failed, 'step')} failed` : 'Failed'
    case 'running': return steps > 0 ? `Running, ${count(steps_finished)} of ${count(steps)}` : 'Running'
    case 'waiting': return 'Waiting'
    case 'cancelled': return 'Cancelled'
    case 'done': return 'Done'
  }
}

/** A file name that every operating system accepts. */
export function fileNameOf(name: string): string {
  return `${name.replace(/[^\p{L}\p{N} ._-]+/gu, ' ').replace(/\s+/g, ' ').trim().slice(0, 100) || 'pipeline'}.json`
}

/** The document in a file's text, or a sentence why there is none; the server validates the rest. */
export function readDocument(text: string, fileName: string): { document: Record<string, unknown> } | { refusal: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { refusal: `“${fileName}” is not JSON. Select a file that Easel exported.` }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !('nodes' in value)) {
    return { refusal: `“${fileName}” is not a pipeline: it has no “nodes”. Select a file that Easel exported.` }
  }
  return { document: value as Record<string, unknown> }
}
