/** The metric of a report over the last runs, below its port. */
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState, type CSSProperties } from 'react'
import { metric } from '../../core/base/numbers'
import { trendOf } from '../../core/runs/headlines'
import { useDocument } from '../../state/document'
import { pipelineRunsQuery } from '../../state/pipelines'
import { useRun } from '../../state/run'
import { Sparkline } from '../../ui/Sparkline'
import { isFresh } from './isFresh'
import classes from './Port.module.css'

const COMPARED = 10
const LEAST = 3

interface Props {
  node: string
  port: string
  /** Where it is. */
  style: CSSProperties
}

/** Grows out of the port when a run has ended; the runs are those of the panel, asked for once. */
export function PortTrend({ node, port, style }: Props) {
  const id = useDocument((state) => state.pipelineId) ?? ''
  const current = useRun(({ run }) => run?.id ?? null)
  const state = useRun(({ run }) => run?.state)
  const { data } = useQuery({ ...pipelineRunsQuery(id, { current, state }), enabled: id !== '' })
  const trend = useMemo(() => data && trendOf(data, COMPARED), [data])
  const { headline, values = [] } = trend ?? {}
  if (headline?.node !== node || headline.port !== port || values.length < LEAST) return null
  return <Drawn key={data?.[0]?.id} node={node} style={style} values={values} label={`${headline.title} of the last ${values.length} runs, from ${metric(values[0])} to ${metric(values.at(-1))}`} />
}

function Drawn({ node, style, values, label }: { node: string; style: CSSProperties; values: number[]; label: string }) {
  const [fresh] = useState(() => isFresh(node))
  return <span className={classes.trend} data-fresh={fresh || undefined} style={style}><Sparkline values={values} width={72} height={22} label={label} /></span>
}
