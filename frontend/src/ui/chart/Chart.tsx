import { Skeleton } from '@mantine/core'
import { lazy, Suspense } from 'react'

const VegaChart = lazy(() => import('./VegaChart'))

export interface ChartProps {
  title: string
  /** One sentence that says what the chart shows, for those who cannot see it. */
  description: string
  /** Vega-Lite with inline data; its width follows the place it stands in. */
  spec: Record<string, unknown>
}

export const CHART_HEIGHT = 300

/** A Vega-Lite chart. The engine is heavy, so it loads when the first chart shows. */
export function Chart(props: ChartProps) {
  return (
    <Suspense fallback={<Skeleton h={CHART_HEIGHT} />}>
      <VegaChart {...props} />
    </Suspense>
  )
}
