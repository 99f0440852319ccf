/** The help pages of modules. From a canvas they open beside it, so that the canvas stays as it is. */
import { currentGraph } from './document'
import { onlyChosen, useSelection } from './selection'

export const helpAddress = (module: string) => `/modules/${module}`
export const openHelp = (module: string) => void window.open(helpAddress(module), '_blank', 'noopener')

/** The module of the only selected card. */
export function chosenModule(): string | undefined {
  const node = onlyChosen(useSelection.getState())
  return node ? currentGraph().nodes[node]?.module : undefined
}
