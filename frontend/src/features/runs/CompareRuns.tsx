import { CloseButton, Switch, UnstyledButton } from '@mantine/core'
import { IconEqual } from '@tabler/icons-react'
import { useMemo, useState, type ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { differences, differs, metricsSideBySide, overlay, runHeads, runTimes, type Reports } from '../../core/runs/compare'
import { comparison } from '../../core/runs/comparison'
import type { Run } from '../../core/runs/runs'
import { useTitles } from '../../state/catalogue'
import { Chart } from '../../ui/chart/Chart'
import { Empty } from '../../ui/Empty'
import { Swatch, type Columns } from './columns'
import { ComparedSettings } from './ComparedSettings'
import { ComparedMetrics } from './ComparedMetrics'
import classes from './compare.module.css'
import { ComparedTimes } from './ComparedTimes'
import { MetricOverRuns } from './MetricOverRuns'

interface Props {
  runs: Run[]
  reports: Reports[]
  /** The run that the others are compared with; else the oldest. */
  baseline: string | null
}

/** The figures, what differs, the metric over all runs, the points of all runs in one chart, and the times. */
export function CompareRuns({ runs, reports, baseline: wanted }: Props) {
  const titleOf = useTitles()
  const heads = useMemo(() => runHeads(runs), [runs])
  const found = runs.findIndex(({ id }) => id === wanted)
  const columns: Columns = { runs, heads, baseline: found < 0 ? runs.length - 1 : found }
  const settings = differences(runs, titleOf)
  const metrics = metricsSideBySide(runs, reports, titleOf)
  const equal = metrics.filter((figure) => !differs(figure)).length
  const [only, setOnly] = useState(equal < metrics.length)
  const chart = useMemo(() => overlay(runs, reports, 'predicted_actual') ?? overlay(runs, reports, 'roc'), [runs, reports])
  const pipeline = runs[0]?.pipeline
  return (
    <>
      <header className={classes.head}>
        {pipeline && <p><Link href={`/pipelines/${pipeline.id}`}>{pipeline.name}</Link></p>}
        <h1>Compare {runs.length} runs</h1>
        <RunChips {...columns} />
        {equal > 0 && <Switch className={classes.only} labelPosition="left" label="Differences only" checked={only} onChange={(event) => setOnly(event.currentTarget.checked)} />}
      </header>
      <div className={classes.columns}>
        <div className={classes.column}>
          <Box title="Metrics" hint={`▲ better, ▼ worse than the baseline, ${heads[columns.baseline]}`}>
            <ComparedMetrics columns={columns} metrics={only ? metrics.filter(differs) : metrics} times={runTimes(runs)} />
            {metrics.length === 0 && <p className={classes.none}>Add Evaluate Model to the pipeline to compare its models.</p>}
          </Box>
          <Box title="Settings that differ" hint={settings.length > 0 ? 'marked where they differ from the baseline' : undefined}>
            {settings.length === 0 ? <Empty title="No different settings" icon={IconEqual}>These runs have the same graph.</Empty> : <ComparedSettings columns={columns} settings={settings} />}
          </Box>
          {pipeline && <MetricOverRuns pipeline={pipeline.id} columns={columns} />}
        </div>
        <div className={classes.column}>
          {chart && <section className={classes.box}><Chart {...chart} shape="square" /></section>}
          <Box title="Time per step"><ComparedTimes columns={columns} /></Box>
        </div>
      </div>
    </>
  )
}

function RunChips({ runs, heads, baseline }: Columns) {
  const [, go] = useLocation()
  const ids = runs.map(({ id }) => id)
  return (
    <ul className={classes.chips} aria-label="Runs">
      {runs.map(({ id }, place) => (
        <li key={id}>
          <Swatch place={place} />
          <Link href={`/runs/${id}`}>{heads[place]}</Link>
          {place === baseline ? <span className={classes.soft}>baseline</span>
            : <UnstyledButton className={classes.make} onClick={() => go(comparison(ids, id), { replace: true })}>Make baseline</UnstyledButton>}
          {runs.length > 2 && <CloseButton size={24} iconSize={12} aria-label={`Remove the run of ${heads[place]}`} onClick={() => go(comparison(ids.filter((one) => one !== id), place === baseline ? undefined : ids[baseline]), { replace: true })} />}
        </li>
      ))}
    </ul>
  )
}

function Box({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <section className={classes.box}>
      <header className={classes.title}><h2>{title}</h2>{hint && <span className={classes.soft}>{hint}</span>}</header>
      {children}
    </section>
  )
}
