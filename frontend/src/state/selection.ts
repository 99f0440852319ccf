/** The selection on the canvas. */
import { create } from 'zustand'

export interface PlacedPort {
  node: string
  port: string
  /** The card that shows it, when the node is in a sub-pipeline. */
  card?: string
}

export interface Chosen {
  nodes: ReadonlySet<string>
  edges: ReadonlySet<string>
}

interface Selection extends Chosen {
  /** The port whose data the drawer shows. */
  port: PlacedPort | null
}

const NONE: Selection = { nodes: new Set(), edges: new Set(), port: null }

const cardWith = ({ node, card = node }: PlacedPort) => card

export const useSelection = create<Selection>(() => NONE)

export const chosen = (): Chosen => {
  const { nodes, edges } = useSelection.getState()
  return { nodes, edges }
}

const same = (one: ReadonlySet<string>, two: ReadonlySet<string>) => one.size === two.size && [...one].every((id) => two.has(id))

/** Selecting the same again changes nothing, so nothing renders again. */
export function choose(nodes: Iterable<string>, edges: Iterable<string> = []) {
  const before = useSelection.getState()
  const next = { nodes: new Set(nodes), edges: new Set(edges) }
  if (same(next.nodes, before.nodes) && same(next.edges, before.edges)) return
  const port = before.port && next.nodes.has(cardWith(before.port)) ? before.port : null
  useSelection.setState({ ...next, port })
}

/** Removes from the selection what no longer exists. */
export function keepExisting(hasNode: (id: string) => boolean, hasEdge: (key: string) => boolean) {
  const { nodes, edges } = useSelection.getState()
  choose([...nodes].filter(hasNode), [...edges].filter(hasEdge))
}

/** Adds one card or edge to the selection, or removes it. */
export function toggleChosen(kind: keyof Chosen, id: string) {
  const next = { nodes: new Set(chosen().nodes), edges: new Set(chosen().edges) }
  if (!next[kind].delete(id)) next[kind].add(id)
  choose(next.nodes, next.edges)
}

export function choosePort(port: PlacedPort | null) {
  if (port) useSelection.setState({ nodes: new Set([cardWith(port)]), edges: new Set(), port })
  else useSelection.setState({ port })
}

export function clearSelection() {
  useSelection.setState(NONE)
}

/** The selected node, when exactly one is. */
export const onlyChosen = ({ nodes }: Selection): string | null => (nodes.size === 1 ? ([...nodes][0] ?? null) : null)

/** The node whose results and log are shown: of the selected port, else the selected one. */
export const shownNode = (state: Selection): string | null => state.port?.node ?? onlyChosen(state)
