/** What is chosen on the canvas. */
import { create } from 'zustand'

export interface PlacedPort {
  node: string
  port: string
}

interface Selection {
  nodes: ReadonlySet<string>
  edges: ReadonlySet<string>
  /** The port whose data the drawer shows. */
  port: PlacedPort | null
}

const NONE: Selection = { nodes: new Set(), edges: new Set(), port: null }

export const useSelection = create<Selection>(() => NONE)

const same = (one: ReadonlySet<string>, two: ReadonlySet<string>) => one.size === two.size && [...one].every((id) => two.has(id))

/** Choosing the same again changes nothing, so that nothing draws again. */
export function choose(nodes: Iterable<string>, edges: Iterable<string> = []) {
  const before = useSelection.getState()
  const next = { nodes: new Set(nodes), edges: new Set(edges) }
  if (same(next.nodes, before.nodes) && same(next.edges, before.edges)) return
  const port = before.port && next.nodes.has(before.port.node) ? before.port : null
  useSelection.setState({ ...next, port })
}

export function choosePort(port: PlacedPort | null) {
  if (port) useSelection.setState({ nodes: new Set([port.node]), edges: new Set(), port })
  else useSelection.setState({ port })
}

export function clearSelection() {
  useSelection.setState(NONE)
}

/** The one chosen node, when exactly one is. */
export const onlyChosen = ({ nodes }: Selection): string | null => (nodes.size === 1 ? ([...nodes][0] ?? null) : null)
