import { useMemo } from 'react'
import { LIVE, scoresSpec } from '../../core/data/evaluationCharts'
import type { ThresholdModel } from '../../core/data/reports'
import { Chart } from '../chart/Chart'

/** How the scores spread over the actual classes, and where the threshold divides them. */
export function Scores({ model, threshold }: { model: ThresholdModel; threshold: number }) {
  const spec = useMemo(() => scoresSpec(model), [model])
  const live = useMemo(() => ({ [LIVE]: [{ threshold }] }), [threshold])
  return <Chart title="Scores by actual class" description={`Number of rows of ${model.positive} and of ${model.negative} by score from ${model.name}.`} spec={spec} shape="fill" live={live} />
}
