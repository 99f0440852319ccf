import { Skeleton } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { CHART_HEIGHT } from './size'
import type { ChartProps } from './VegaChart'

const VegaChart = lazy(() => import('./VegaChart'))

/** A Vega-Lite chart. The engine is large, so it loads with the first chart. */
export function Chart(props: ChartProps) {
  return (
    <Suspense fallback={<Skeleton h={CHART_HEIGHT + 28} />}>
      <VegaChart {...props} />
    </Suspense>
  )
}
