/** The reading order of cards: the flow first, then the position on the canvas. */
import { splitEnd, type Graph } from './graph'

type Drawn = Pick<Graph, 'nodes' | 'edges'>

/** Every node id: a source before its consumers; of several free ones the topmost, then the leftmost. Nodes on a cycle come last. */
export function flowOrder({ nodes, edges }: Drawn): string[] {
  const ids = Object.keys(nodes).sort((one, two) => {
    const [x1, y1] = nodes[one]?.position ?? [0, 0]
    const [x2, y2] = nodes[two]?.position ?? [0, 0]
    return y1 - y2 || x1 - x2 || (one < two ? -1 : 1)
  })
  const rank = new Map(ids.map((id, at) => [id, at]))
  const waitsFor = new Map(ids.map((id) => [id, 0]))
  const feeds = new Map<string, string[]>()
  for (const [from, to] of edges) {
    const [source, target] = [splitEnd(from).node, splitEnd(to).node]
    if (!rank.has(source) || !rank.has(target)) continue
    feeds.set(source, [...(feeds.get(source) ?? []), target])
    waitsFor.set(target, (waitsFor.get(target) ?? 0) + 1)
  }
  const order: string[] = []
  const free = ids.filter((id) => waitsFor.get(id) === 0)
  for (let id = free.shift(); id !== undefined; id = free.shift()) {
    order.push(id)
    for (const target of feeds.get(id) ?? []) {
      const left = (waitsFor.get(target) ?? 0) - 1
      waitsFor.set(target, left)
      if (left === 0) put(free, target, rank)
    }
  }
  const placed = new Set(order)
  return [...order, ...ids.filter((id) => !placed.has(id))]
}

/** Inserts an id by its rank into a sorted list. */
function put(sorted: string[], id: string, rank: ReadonlyMap<string, number>) {
  const own = rank.get(id) ?? 0
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rank.get(sorted[middle] ?? '') ?? 0) < own) low = middle + 1
    else high = middle
  }
  sorted.splice(low, 0, id)
}

/** The next focus when these cards are deleted: the nearest one before them, else after them; null when none is left. */
export function neighbour(graph: Drawn, gone: ReadonlySet<string>): string | null {
  const order = flowOrder(graph)
  const first = order.findIndex((id) => gone.has(id))
  const fed = graph.edges.find(([from, to]) => splitEnd(to).node === order[first] && !gone.has(splitEnd(from).node))
  if (fed) return splitEnd(fed[0]).node
  return order.slice(0, Math.max(first, 0)).findLast((id) => !gone.has(id)) ?? order.find((id) => !gone.has(id)) ?? null
}
