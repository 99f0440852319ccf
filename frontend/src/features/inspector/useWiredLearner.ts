/** The learner that is connected to a module, and those of its settings that a search can vary. */
import { useQuery } from '@tanstack/react-query'
import { paramValue, type Module, type Param } from '../../core/catalogue/catalogue'
import { searchable } from '../../core/catalogue/spaces'
import type { Params } from '../../core/base/json'
import { splitEnd } from '../../core/graph/graph'
import { getOptions } from '../../server/rest'
import { useCatalogue } from '../../state/catalogue'
import { useDocument } from '../../state/document'

const LEARNER = 'untrained_model'
const NONE: Params = {}

/** The fields for the value of the choice; they are the same until the server is updated. */
export function useFields(module: Module | undefined, param: Param | undefined, params: Params) {
  const choice = module?.params.find((each) => each.name === param?.form_of)
  const chosen = choice ? paramValue(choice, params) : null
  const known = module !== undefined && typeof chosen === 'string'
  return useQuery({
    queryKey: ['options', module?.id, param?.name, chosen], queryFn: (): Promise<Param[]> => getOptions(module?.id ?? '', param?.name ?? '', String(chosen)),
    enabled: known, staleTime: Infinity, retry: false,
  })
}

/** The title is empty while none is connected. A learner that is made of others has no settings here, for they cannot be searched. */
export function useWiredLearner(node: string | null): { title: string; params: Param[] } {
  const catalogue = useCatalogue()
  const own = useDocument(({ nodes }) => (node ? nodes[node]?.module : undefined))
  const port = own ? catalogue.module(own)?.inputs.find(({ kind }) => kind === LEARNER)?.name : undefined
  const source = useDocument(({ edges }) => edges.find(([, to]) => to === `${node}.${port}`)?.[0])
  const wired = useDocument(({ nodes }) => (source ? nodes[splitEnd(source).node] : undefined))
  const module = wired && catalogue.module(wired.module)
  const { data: fields = [] } = useFields(module, module?.params.find(({ kind }) => kind === 'options'), wired?.params ?? NONE)
  const isMade = module?.inputs.some(({ kind }) => kind === LEARNER)
  return { title: module?.title ?? '', params: module && !isMade ? searchable(module.params, fields) : [] }
}
