/** The help pages of modules. From a canvas they open beside it, so that the canvas stays as it is. */
import { queryOptions } from '@tanstack/react-query'
import { getModuleHelp } from '../server/rest'
import { currentGraph } from './document'
import { onlyChosen, useSelection } from './selection'

/** The palette has no room for it: it loads when it is read. */
export const helpQuery = (module: string) => queryOptions({ queryKey: ['module', module], queryFn: () => getModuleHelp(module), staleTime: Infinity })

export const helpAddress = (module: string) => `/modules/${module}`
export const openHelp = (module: string) => void window.open(helpAddress(module), '_blank', 'noopener')

/** The module of the only selected card. */
export function chosenModule(): string | undefined {
  const node = onlyChosen(useSelection.getState())
  return node ? currentGraph().nodes[node]?.module : undefined
}
