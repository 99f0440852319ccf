/** The learner that is connected to a module, and those of its settings that a search can vary. */
import { useQueries, useQuery, type UseQueryOptions } from '@tanstack/react-query'
import { useMemo } from 'react'
import { paramValue, type Catalogue, type Module, type Param } from '../../core/catalogue/catalogue'
import { searchable, withParts } from '../../core/catalogue/spaces'
import type { Params } from '../../core/base/json'
import { splitEnd, type Edge, type GraphNode } from '../../core/graph/graph'
import { getOptions } from '../../server/rest'
import { useCatalogue } from '../../state/catalogue'
import { useDocument } from '../../state/document'

const LEARNER = 'untrained_model'
const DEEPEST = 5

/** The fields for the value of the choice; they are the same until the server is updated. */
function fieldsOf(module: Module | undefined, param: Param | undefined, params: Params): UseQueryOptions<Param[]> {
  const choice = module?.params.find((each) => each.name === param?.form_of)
  const chosen = choice ? paramValue(choice, params) : null
  return {
    queryKey: ['options', module?.id, param?.name, chosen], queryFn: (): Promise<Param[]> => getOptions(module?.id ?? '', param?.name ?? '', String(chosen)),
    enabled: module !== undefined && typeof chosen === 'string', staleTime: Infinity, retry: false,
  }
}

export function useFields(module: Module | undefined, param: Param | undefined, params: Params) {
  return useQuery(fieldsOf(module, param, params))
}

/** A learner on the canvas, and those that it is made of, in the order of their connections. */
interface Wired {
  module: Module
  params: Params
  parts: Wired[]
}

function wiredTo(node: string | null, catalogue: Catalogue, nodes: Readonly<Record<string, GraphNode>>, edges: readonly Edge[], deep = DEEPEST): Wired[] {
  const port = node && nodes[node] ? catalogue.module(nodes[node].module)?.inputs.find(({ kind }) => kind === LEARNER)?.name : undefined
  if (!port || deep < 0) return []
  return edges.filter(([, to]) => to === `${node}.${port}`).flatMap(([from]) => {
    const source = splitEnd(from).node
    const module = nodes[source] && catalogue.module(nodes[source].module)
    return nodes[source] && module ? [{ module, params: nodes[source].params, parts: wiredTo(source, catalogue, nodes, edges, deep - 1) }] : []
  })
}

const all = (wired: Wired[]): Wired[] => wired.flatMap((each) => [each, ...all(each.parts)])

/** The title is empty while none is connected. */
export function useWiredLearner(node: string | null): { title: string; params: Param[] } {
  const catalogue = useCatalogue()
  const nodes = useDocument((document) => document.nodes)
  const edges = useDocument((document) => document.edges)
  const wired = useMemo(() => wiredTo(node, catalogue, nodes, edges), [node, catalogue, nodes, edges])
  const learners = all(wired)
  const fields = useQueries({ queries: learners.map(({ module, params }) => fieldsOf(module, module.params.find(({ kind }) => kind === 'options'), params)) })
  const paramsOf = (each: Wired): Param[] => withParts(searchable(each.module.params, fields[learners.indexOf(each)]?.data ?? []), each.parts.map(paramsOf))
  const [learner] = wired
  return { title: learner?.module.title ?? '', params: learner ? paramsOf(learner) : [] }
}
