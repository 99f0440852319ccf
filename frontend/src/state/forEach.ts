/** Repeating a sub-pipeline for each part of one of its inputs; each change is one step of undo. */
import { edgesAround, edgesThrough, FOR_EACH, placeAbove, repeatedInput, repeaterOf, withoutForEach } from '../core/graph/forEach'
import { edgeKey, freshId, idStem } from '../core/graph/graph'
import { currentGraph, editable, startStep, useDocument, type DocumentState } from './document'
import { dropEmptied, takenIds } from './groups'
import { onlyChosen, useSelection } from './selection'
import * as shared from './sharedGraph'

/** Repeats a sub-pipeline for each part of the table at an input of its card; with null, executes it once. */
export function repeatFor(group: string, input: string | null) {
  const doc = editable()
  const graph = currentGraph()
  const before = repeaterOf(graph.nodes, group)
  if (!doc || (before === null && input === null) || (before !== null && input === repeatedInput(graph, before))) return
  const plain = before === null ? graph : withoutForEach(graph, before)
  startStep()
  shared.change(doc, () => {
    if (before !== null) {
      const { removed, added } = edgesAround(graph, before)
      shared.disconnect(doc, removed.map(edgeKey))
      for (const edge of added) shared.connect(doc, edge, [])
    }
    if (before !== null && input === null) {
      shared.removeNodes(doc, new Set([before]))
      dropEmptied(new Set([before]))
    }
    if (input === null) return
    const id = before ?? freshId(idStem(FOR_EACH), takenIds())
    if (before === null) shared.addGraph(doc, { nodes: { [id]: { module: FOR_EACH, params: {}, position: placeAbove(plain, group, input), group } }, edges: [] })
    const { removed, added } = edgesThrough(plain, group, id, input)
    for (const edge of added) shared.connect(doc, edge, removed)
  })
}

/** The node whose items are shown: of a selected sub-pipeline, the module that repeats it. */
const itemsOf = (node: string | null, { nodes, groups }: Pick<DocumentState, 'nodes' | 'groups'>): string | null =>
  (node !== null && groups[node] ? repeaterOf(nodes, node) : node)

export const chosenItems = (): string | null => itemsOf(onlyChosen(useSelection.getState()), useDocument.getState())

export function useChosenItems(): string | null {
  const node = useSelection(onlyChosen)
  return useDocument((state) => itemsOf(node, state))
}
