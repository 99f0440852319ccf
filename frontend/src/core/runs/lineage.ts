/** The lineage of a result: its shape as the server gives it, and its order in a list. */
import type { Schemas } from '../base/schemas'

export type Lineage = Schemas['Lineage']
export type LineageNode = Schemas['LineageNode']
export type LineageEdge = Schemas['LineageEdge']

export interface Listed {
  node: LineageNode
  /** How many steps it is away from what was asked for. */
  distance: number
  /** The edge that leads to it from what is nearer. */
  edge: LineageEdge
}

/** What a thing is made of, or what is made of it, nearest first. */
export function listed({ focus, nodes, edges }: Pick<Lineage, 'focus' | 'nodes' | 'edges'>, direction: 'back' | 'forward'): Listed[] {
  const [near, far] = direction === 'back' ? ['target', 'source'] as const : ['source', 'target'] as const
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const seen = new Set(focus)
  const found: Listed[] = []
  let layer = [...focus]
  for (let distance = 1; layer.length > 0; distance += 1) {
    const next: string[] = []
    for (const edge of edges) {
      const node = byId.get(edge[far])
      if (!layer.includes(edge[near]) || seen.has(edge[far]) || !node) continue
      seen.add(edge[far])
      next.push(edge[far])
      found.push({ node, distance, edge })
    }
    layer = next
  }
  return found
}

export const BASIS_WORDS: Record<LineageEdge['basis'], string> = {
  declared: 'as the module declares it',
  name: 'by the name of the column; where the step learns from rows, other columns and rows may matter too',
  all: 'the module does not say which columns matter, so it may be all of them',
}

/** What passes along an edge, in words. */
export function edgeWords({ columns, basis }: LineageEdge): string {
  if (columns.length === 0) return basis === 'all' ? `All of it: ${BASIS_WORDS.all}.` : 'All of it.'
  return `${columns.join(', ')}: ${BASIS_WORDS[basis]}.`
}

/** The page of the lineage of a thing, a column of it if one is named. */
export function lineageAddress(of: string, column?: string | null): string {
  return `/lineage?${new URLSearchParams({ of, ...(column ? { column } : {}) }).toString()}`
}
