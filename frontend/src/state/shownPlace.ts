/** The node and the port whose results and log are shown: of a folded card the selected output, else its first. */
import { splitEnd } from '../core/graph/graph'
import { useCatalogue } from './catalogue'
import { useDrawn, withFolded } from './drawn'
import { onlyChosen, shownNode, useSelection } from './selection'

export function useShownPlace(): { node: string | null; port: string | null } {
  const catalogue = withFolded(useCatalogue())
  const port = useSelection((state) => state.port)
  const node = useSelection(shownNode)
  const card = useSelection(onlyChosen)
  const first = useDrawn(({ nodes, members }) => (card !== null && port === null && members.has(card) ? catalogue.module(nodes[card]?.module ?? '')?.outputs[0]?.name : undefined))
  if (first !== undefined) return splitEnd(first)
  return { node, port: port?.node === node ? port.port : null }
}
