/** Promoted settings: what the card of a sub-pipeline shows as its own. A value stays in its node, so that it belongs to the instance, however deep it is nested. */
import { isRecord } from '../base/json'
import { isShown, type Catalogue, type Param } from '../catalogue/catalogue'
import { flowOrder } from './flowOrder'
import { edgesWithin, type Graph, type Group } from './graph'
import { membersOf } from './groups'

export interface Promoted {
  node: string
  param: string
}

/** Reads the promoted settings of a document, leniently. */
export function readPromoted(value: unknown): Record<string, Promoted> {
  if (!isRecord(value)) return {}
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) =>
      isRecord(each) && typeof each.node === 'string' && typeof each.param === 'string' ? [[name, { node: each.node, param: each.param }]] : []),
  )
}

/** A field of the form; its setting has the name under which it is promoted. */
export interface Field extends Promoted {
  name: string
  setting: Param
}

/** The form of a card: its promoted settings in the order of the flow, then of the module. What is not in the sub-pipeline any more is left out, and what does not matter now. */
export function promotedFields(graph: Graph, catalogue: Pick<Catalogue, 'module'>, group: string): Field[] {
  const inside = new Set(membersOf(graph).get(group))
  const nodes = Object.fromEntries(Object.entries(graph.nodes).filter(([id]) => inside.has(id)))
  const order = new Map(flowOrder({ nodes, edges: edgesWithin(graph.edges, inside) }).map((id, at) => [id, at]))
  const fields = Object.entries(graph.groups?.[group]?.promoted ?? {}).flatMap(([name, { node, param }]) => {
    const drawn = nodes[node]
    const module = catalogue.module(drawn?.module ?? '')
    const at = module?.params.findIndex((each) => each.name === param) ?? -1
    const setting = module?.params[at]
    if (!drawn || !module || !setting || !isShown(setting, module, drawn.params)) return []
    const own = { name, node, param, setting: { ...setting, title: name }, rank: [order.get(node) ?? 0, at] as const }
    // The options of a choice go with it.
    const options = module.params.filter((each) => each.kind === 'options' && each.form_of === param)
    return [own, ...options.map((option) => ({ ...own, name: `${name} ${option.name}`, param: option.name, setting: option }))]
  })
  return fields.sort(({ rank: [one, first] }, { rank: [other, second] }) => one - other || first - second).map(({ name, node, param, setting }) => ({ name, node, param, setting }))
}

/** A name for a setting that the card has no other of. */
export function promotedName(group: Pick<Group, 'promoted'>, setting: string, module: string): string {
  const taken = new Set(Object.keys(group.promoted ?? {}))
  if (!taken.has(setting)) return setting
  const full = `${module}: ${setting}`
  if (!taken.has(full)) return full
  let number = 2
  while (taken.has(`${full} ${number}`)) number += 1
  return `${full} ${number}`
}

/** Under which name a setting is promoted to a sub-pipeline. */
export const promotedAs = (group: Pick<Group, 'promoted'> | undefined, { node, param }: Promoted): string | undefined =>
  Object.entries(group?.promoted ?? {}).find(([, each]) => each.node === node && each.param === param)?.[0]
