import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { trendChart } from '../../core/runs/headlines'
import { pipelineRunsQuery } from '../../state/pipelines'
import { Chart } from '../../ui/chart/Chart'
import type { Columns } from './columns'
import classes from './compare.module.css'

/** Where the compared runs stand among all runs of the pipeline. */
export function MetricOverRuns({ pipeline, columns: { runs, heads } }: { pipeline: string; columns: Columns }) {
  const { data } = useQuery(pipelineRunsQuery(pipeline, { current: null, state: undefined }))
  const chart = useMemo(() => data && trendChart(data, runs.map(({ id }, place) => ({ id, name: heads[place] ?? id }))), [data, runs, heads])
  return chart ? <section className={classes.box}><Chart {...chart} shape="low" /></section> : null
}
