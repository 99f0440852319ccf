import { nodeTitle } from '../../core/graph/connect'
import { outsideKey } from '../../core/graph/groups'
import { useCatalogue } from '../../state/catalogue'
import { currentGraph } from '../../state/document'
import { useDrawn } from '../../state/drawn'

/** The titles of what it is connected to outside the sub-pipeline, as one string. */
export function useOutside(end: string, side: 'input' | 'output'): string {
  const catalogue = useCatalogue()
  return useDrawn((state) => state.outside.get(outsideKey(side, end))?.map((node) => `“${nodeTitle(currentGraph(), catalogue, node)}”`).join(', ') ?? '')
}
