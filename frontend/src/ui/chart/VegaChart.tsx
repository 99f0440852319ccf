import { Text, useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import classes from './chart.module.css'
import { ChartMenu } from './ChartMenu'
import { draw, type Drawing, type Live } from './draw'
import { sizeIn, type ChartShape } from './size'
import { TooltipBox, type Tip } from './TooltipBox'

export interface ChartProps {
  title: string
  /** One sentence that describes the chart, for screen readers. */
  description: string
  /** Vega-Lite with inline data; its size follows its container. */
  spec: Record<string, unknown>
  shape?: ChartShape
  /** Data sets that change while the chart stays. */
  live?: Live
}

const NOTHING: Live = {}

export default function VegaChart({ title, description, spec, shape = 'wide', live = NOTHING }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme('light')
  const [drawing, setDrawing] = useState<Drawing | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [tip, setTip] = useState<Tip | null>(null)
  const latest = useRef(live)

  useEffect(() => {
    latest.current = live
    drawing?.update(live)
  }, [drawing, live])

  useEffect(() => {
    const element = place.current
    if (!element) return
    let current: Drawing | null = null
    let gone = false
    draw(element, spec, sizeIn(element, shape), latest.current, setTip).then(
      (made) => {
        if (gone) return made.end()
        current = made
        setDrawing(made)
        setFailure(null)
      },
      (reason: unknown) => setFailure(reason instanceof Error ? reason.message : String(reason)),
    )
    const observer = new ResizeObserver(() => current?.fit(sizeIn(element, shape)))
    observer.observe(element)
    return () => {
      gone = true
      observer.disconnect()
      current?.end()
      setDrawing(null)
      setTip(null)
    }
  }, [spec, scheme, shape])

  return (
    <figure className={classes.figure} data-shape={shape}>
      <figcaption className={classes.caption}>
        {title}
        {drawing && <ChartMenu drawing={drawing} title={title} />}
      </figcaption>
      <div ref={place} className={classes.place} role="img" aria-label={description || title} />
      {failure && <Text size="sm" c="dimmed">The chart could not be drawn: {failure}</Text>}
      {tip && <TooltipBox tip={tip} />}
    </figure>
  )
}
