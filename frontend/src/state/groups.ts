/** Folding cards into a sub-pipeline, unfolding it, and its settings; each is one step of undo. */
import { updateOf, type Update } from '../core/graph/components'
import { freshId, type Graph, type Point } from '../core/graph/graph'
import { drawnAt, foldRefusal, groupsIn, levelOf, middleOf, unfoldedPlaces } from '../core/graph/groups'
import { nodeTitle } from '../core/graph/connect'
import { promotedAs, promotedName, type Promoted } from '../core/graph/promoted'
import { currentCatalogue } from './catalogue'
import { currentGraph, editable, startStep, useDocument } from './document'
import { chosenGroup, currentDrawing, currentLevel } from './drawn'
import { choose, useSelection } from './selection'
import * as shared from './sharedGraph'

/** Every id of a card: a node and a sub-pipeline never share one. */
export const takenIds = () => new Set([...Object.keys(useDocument.getState().nodes), ...Object.keys(useDocument.getState().groups)])

const TITLE = 'Sub-pipeline'

function freshTitle(): string {
  const taken = new Set(Object.values(useDocument.getState().groups).map(({ title }) => title))
  let number = 1
  while (taken.has(`${TITLE} ${number}`)) number += 1
  return `${TITLE} ${number}`
}

/** Folds the selected cards into one; returns why it cannot, or null. */
export function foldChosen(): string | null {
  const doc = editable()
  const { nodes: chosen } = useSelection.getState()
  if (!doc || chosen.size === 0) return null
  const [graph, level, drawing] = [currentGraph(), currentLevel(), currentDrawing()]
  const refusal = foldRefusal(graph, level, chosen, (id) => nodeTitle(drawing, currentCatalogue(), id))
  if (refusal) return refusal
  const id = freshId('sub_pipeline', takenIds())
  const position = middleOf([...chosen].flatMap((card) => drawing.nodes[card] ?? []))
  startStep()
  shared.change(doc, () => {
    shared.addGraph(doc, { nodes: {}, edges: [], groups: { [id]: { title: freshTitle(), position, ...(level && { group: level }) } } })
    shared.putInto(doc, id, chosen)
  })
  choose([id])
  return null
}

/** Puts the cards of the selected sub-pipeline back, around its place. */
export function unfoldChosen() {
  const doc = editable()
  const id = chosenGroup()
  if (!doc || !id) return
  const graph = currentGraph()
  const cards = Object.keys(drawnAt(graph, id).nodes)
  const places: Record<string, Point> = unfoldedPlaces(graph, id)
  startStep()
  shared.change(doc, () => {
    shared.moveNodes(doc, places)
    shared.putInto(doc, levelOf(graph, id), cards)
    shared.removeGroups(doc, [id])
  })
  choose(cards)
}

/** After nodes were removed: the sub-pipelines that have none left go too, and settings that were promoted from them. */
export function dropEmptied(removed: ReadonlySet<string>) {
  const doc = editable()
  const { groups = {}, nodes } = currentGraph()
  if (!doc) return
  const held = new Set(Object.values(nodes).flatMap(({ group }) => group ?? []))
  const empty = Object.keys(groups).filter((id) => !groupsIn(groups, new Set([id])).some((each) => held.has(each)))
  shared.removeGroups(doc, empty)
  for (const [id, { promoted = {} }] of Object.entries(groups)) {
    for (const [name, { node }] of Object.entries(promoted)) {
      if (removed.has(node) && !empty.includes(id)) shared.setPromoted(doc, id, name, undefined)
    }
  }
}

/** Shows a setting on the card of a sub-pipeline, or, when it is there, no more. */
export function togglePromoted(group: string, promoted: Promoted) {
  const doc = editable()
  const graph = currentGraph()
  const held = graph.groups?.[group]
  if (!doc || !held) return
  const setting = currentCatalogue().module(graph.nodes[promoted.node]?.module ?? '')?.params.find(({ name }) => name === promoted.param)
  const before = promotedAs(held, promoted)
  const name = before ?? promotedName(held, setting?.title ?? promoted.param, nodeTitle(graph, currentCatalogue(), promoted.node))
  startStep()
  shared.setPromoted(doc, group, name, before === undefined ? promoted : undefined)
}

/** Renames a promoted setting; returns why it cannot, or null. */
export function renamePromoted(group: string, from: string, to: string): string | null {
  const doc = editable()
  const promoted = useDocument.getState().groups[group]?.promoted ?? {}
  const held = promoted[from]
  if (!doc || !held || !to.trim() || to.trim() === from) return null
  if (promoted[to.trim()]) return `The card has a setting “${to.trim()}” already.`
  startStep()
  shared.change(doc, () => {
    shared.setPromoted(doc, group, from, undefined)
    shared.setPromoted(doc, group, to.trim().slice(0, 100), held)
  })
  return null
}

/** What an update of an instance would do; null when it cannot be changed here. */
export const plannedUpdate = (group: string, content: Graph): Update => updateOf(currentGraph(), currentCatalogue(), group, content, takenIds())

/** Puts a version of a component in the place of an instance, as one step of undo. */
export function applyUpdate({ removed, removedGroups, added }: Update) {
  const doc = editable()
  if (!doc) return
  startStep()
  shared.change(doc, () => {
    shared.removeNodes(doc, removed)
    shared.removeGroups(doc, removedGroups)
    shared.addGraph(doc, added)
  })
}
