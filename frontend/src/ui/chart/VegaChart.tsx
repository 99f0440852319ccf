import { Text, useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import classes from './chart.module.css'
import { ChartMenu } from './ChartMenu'
import { draw, type Drawing } from './draw'
import { CHART_HEIGHT } from './size'
import { TooltipBox, type Tip } from './TooltipBox'

export interface ChartProps {
  title: string
  /** One sentence that describes the chart, for screen readers. */
  description: string
  /** Vega-Lite with inline data; its width follows its container. */
  spec: Record<string, unknown>
}

export default function VegaChart({ title, description, spec }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme('light')
  const [drawing, setDrawing] = useState<Drawing | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [tip, setTip] = useState<Tip | null>(null)

  useEffect(() => {
    const element = place.current
    if (!element) return
    let current: Drawing | null = null
    let gone = false
    draw(element, spec, setTip).then(
      (made) => {
        if (gone) return made.end()
        current = made
        setDrawing(made)
        setFailure(null)
      },
      (reason: unknown) => setFailure(reason instanceof Error ? reason.message : String(reason)),
    )
    const observer = new ResizeObserver(() => current?.fit(element.clientWidth))
    observer.observe(element)
    return () => {
      gone = true
      observer.disconnect()
      current?.end()
      setDrawing(null)
      setTip(null)
    }
  }, [spec, scheme])

  return (
    <figure className={classes.figure}>
      <figcaption className={classes.caption}>
        <Text fw={600} size="sm">{title}</Text>
        {drawing && <ChartMenu drawing={drawing} title={title} />}
      </figcaption>
      <div ref={place} className={classes.place} role="img" aria-label={description || title} style={{ minHeight: CHART_HEIGHT }} />
      {failure && <Text size="sm" c="dimmed">The chart could not be drawn: {failure}</Text>}
      {tip && <TooltipBox tip={tip} />}
    </figure>
  )
}
