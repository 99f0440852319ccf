import { Skeleton } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { CHART_HEIGHT } from './size'

const VegaChart = lazy(() => import('./VegaChart'))

export interface ChartProps {
  title: string
  /** One sentence that describes the chart, for screen readers. */
  description: string
  /** Vega-Lite with inline data; its width follows its container. */
  spec: Record<string, unknown>
}

/** A Vega-Lite chart. The engine is large, so it loads with the first chart. */
export function Chart(props: ChartProps) {
  return (
    <Suspense fallback={<Skeleton h={CHART_HEIGHT} />}>
      <VegaChart {...props} />
    </Suspense>
  )
}
