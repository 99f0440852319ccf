/** Before a run: the estimated cost of the step, and whether it exceeds its limit. */
import { Text } from '@mantine/core'
import { estimateWords, memoryWarning } from '../../core/runs/estimates'
import { useEstimates } from '../../state/estimates'
import { ProblemLine } from './Field'

export function EstimateLine({ node, limit }: { node: string; limit: number | undefined }) {
  const estimate = useEstimates((state) => state.nodes[node])
  const most = useEstimates((state) => state.memory_limit)
  if (!estimate) return null
  const words = memoryWarning(estimate, most, limit)
  return (
    <>
      <Text fz={12} lh="16px" c="dimmed" className="figures" title="The estimated cost of the next run">{estimateWords(estimate)}</Text>
      {words && <ProblemLine severity="warning">{words} Use fewer rows or columns, or raise the limit.</ProblemLine>}
    </>
  )
}
