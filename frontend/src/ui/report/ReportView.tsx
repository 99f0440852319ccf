import { useMemo, useState } from 'react'
import { bestModel, evaluationOf, hasMoreThanTiles, measuredOn, type Evaluation } from '../../core/data/evaluation'
import { findingOf } from '../../core/data/finding'
import type { Block, Report } from '../../core/data/reports'
import { Empty } from '../Empty'
import { BlockView } from './BlockView'
import { MetricTiles } from './MetricTiles'
import { Models } from './Models'
import classes from './report.module.css'
import { Scores } from './Scores'
import { SeriesMark } from './SeriesMark'
import { Threshold } from './Threshold'

interface Props {
  report: Report
  /** The name of what it is of; the report's own title comes second. */
  title?: string
  /** Buttons at the end of its head. */
  actions?: React.ReactNode
}

/** The report of an evaluation, a model or a script, in as many columns as fit. */
export function ReportView({ report, title, actions }: Props) {
  const evaluation = useMemo(() => evaluationOf(report), [report])
  if (report.blocks.length === 0) return <Empty title="Nothing to report" />
  return (
    <article className={classes.report}>
      {evaluation ? <EvaluationView report={report} evaluation={evaluation} title={title} actions={actions} /> : (
        <>
          <Head title={title} facts={report.title ? [report.title] : []} actions={actions} />
          <div className={classes.blocks}>{report.blocks.map((block, index) => <Box key={index} block={block} />)}</div>
        </>
      )}
    </article>
  )
}

/** Everything is of the model shown, and follows one threshold. */
function EvaluationView({ report, evaluation, title, actions }: Props & { evaluation: Evaluation }) {
  const [shown, setShown] = useState(() => bestModel(evaluation))
  const [moved, setMoved] = useState<number | null>(null)
  const { threshold: block, figures, names } = evaluation
  const model = block?.models.find(({ name }) => name === shown)
  const threshold = moved ?? model?.at ?? 0.5
  const facts = [report.title, ...measuredOn(evaluation, shown)].filter(Boolean)
  const charts = report.blocks.filter((one) => one.type === 'chart')
  const others = report.blocks.filter((one) => one !== block && one !== figures && one.type !== 'chart')
  const [head, tail] = block ? [charts.slice(0, 2), charts.slice(2)] : [charts, []]
  const box = (one: Block, index: number) => <Box key={index} block={one} evaluation={evaluation} threshold={threshold} shown={shown} />
  return (
    <>
      <Head title={title} facts={facts} finding={findingOf(evaluation, shown, threshold)} actions={actions}>{names.length > 1 && names.map((name, index) => <span key={name} className={classes.series}><SeriesMark index={index} />{name}</span>)}</Head>
      <MetricTiles evaluation={evaluation} shown={shown} threshold={threshold} />
      <div className={classes.blocks}>
        {model && <section className={classes.block} data-type="threshold"><Threshold model={model} threshold={threshold} onThreshold={setMoved} /></section>}
        {head.map(box)}
        {hasMoreThanTiles(evaluation) && <section className={classes.block} data-type="models"><Models evaluation={evaluation} threshold={threshold} shown={shown} onShow={setShown} /></section>}
        {model && <section className={classes.block} data-type="scores"><Scores model={model} threshold={threshold} /></section>}
        {tail.map(box)}
        {others.map(box)}
      </div>
    </>
  )
}

interface HeadProps extends Pick<Props, 'title' | 'actions'> {
  facts: string[]
  finding?: string
  children?: React.ReactNode
}

function Head({ title, facts, finding, actions, children }: HeadProps) {
  const [name, ...rest] = title ? [title, ...facts] : facts
  return (
    <header className={classes.head}>
      <div>
        {name && <h2>{name}</h2>}
        {rest.length > 0 && <p>{rest.join(' · ')}</p>}
        {finding && <p className={classes.finding}>{finding}</p>}
      </div>
      {children && <div className={classes.legend}>{children}</div>}
      {actions}
    </header>
  )
}

function Box({ block, ...at }: { block: Block; evaluation?: Evaluation; threshold?: number; shown?: string }) {
  return <section className={classes.block} data-type={block.type} data-role={block.type === 'chart' ? block.role : undefined}><BlockView block={block} {...at} /></section>
}
