/** Stale results: compares the draft with the graph that was run. */
import type { Params } from '../base/json'
import { joinEnd, splitEnd, type Graph } from '../graph/graph'

export type Staleness = 'settings' | 'inputs'

type Defaults = (module: string) => Params

/** A 53-bit hash of a string: short signatures keep the signatures of long chains short. */
function digest(text: string): string {
  let low = 0xdeadbeef
  let high = 0x41c6ce57
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    low = Math.imul(low ^ code, 2654435761)
    high = Math.imul(high ^ code, 1597334677)
  }
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  return ((high >>> 0) * 0x100000000 + (low >>> 0)).toString(36)
}

function ownSignature(graph: Graph, id: string, defaults: Defaults): string {
  const node = graph.nodes[id]
  if (!node) return ''
  const params = { ...defaults(node.module), ...node.params }
  const sorted = Object.keys(params).sort().map((name) => [name, params[name]])
  return digest(JSON.stringify([node.module, sorted]))
}

/** A signature of what each node computes: module, settings and all ancestors. */
export function signatures(graph: Graph, defaults: Defaults): Map<string, string> {
  const feeds = new Map<string, string[][]>()
  for (const [from, to] of graph.edges) {
    const { node, port } = splitEnd(to)
    feeds.set(node, [...(feeds.get(node) ?? []), [port, from]])
  }
  const known = new Map<string, string>()
  const visit = (id: string): string => {
    const seen = known.get(id)
    if (seen !== undefined) return seen
    known.set(id, 'ring')
    const inputs = (feeds.get(id) ?? []).map(([port, from]) => {
      const source = splitEnd(from ?? '')
      return `${port}<${joinEnd(visit(source.node), source.port)}`
    })
    const signature = digest([ownSignature(graph, id, defaults), ...inputs.sort()].join('|'))
    known.set(id, signature)
    return signature
  }
  Object.keys(graph.nodes).forEach(visit)
  return known
}

/** The nodes of the run whose result is stale, and why. */
export function staleNodes(draft: Graph, ran: Graph, defaults: Defaults): Map<string, Staleness> {
  const now = signatures(draft, defaults)
  const then = signatures(ran, defaults)
  const stale = new Map<string, Staleness>()
  for (const [id, signature] of now) {
    const before = then.get(id)
    if (before === undefined || before === signature) continue
    const same = ownSignature(draft, id, defaults) === ownSignature(ran, id, defaults)
    stale.set(id, same ? 'inputs' : 'settings')
  }
  return stale
}

export const STALE_WORDS: Record<Staleness, string> = {
  settings: 'Its settings changed since this result was computed. Run again to update it.',
  inputs: 'An upstream module changed since this result was computed. Run again to update it.',
}
