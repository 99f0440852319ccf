import { useMemo } from 'react'
import { pointsAt, type Evaluation } from '../../core/data/evaluation'
import { inSeries, LIVE, withCurrent } from '../../core/data/evaluationCharts'
import { tableOf, type Block, type ChartBlock } from '../../core/data/reports'
import { Chart } from '../chart/Chart'
import { isSingle, type ChartShape } from '../chart/size'
import { ForecastView } from './ForecastView'
import { Parallel } from './Parallel'
import { Pictures } from './Pictures'
import classes from './report.module.css'
import { ReportTable } from './ReportTable'

/** Charts whose two axes have the same unit. */
const SQUARE = new Set(['roc', 'precision_recall', 'predicted_actual', 'calibration', 'confusion'])
/** Charts of several views keep their given size, so that their box grows with them. */
const shapeOf = ({ role = '', spec }: ChartBlock): ChartShape => (SQUARE.has(role) ? 'square' : isSingle(spec) ? 'fill' : 'wide')
const FOLLOWS = new Set(['roc', 'precision_recall'])

interface Props {
  block: Block
  evaluation?: Evaluation
  threshold?: number
  shown?: string
}

export function BlockView({ block, evaluation, threshold = 0.5, shown = '' }: Props) {
  switch (block.type) {
    case 'chart': return evaluation ? <EvaluationChart block={block} evaluation={evaluation} threshold={threshold} shown={shown} /> : <PlainChart block={block} />
    case 'table': return <ReportTable block={block} />
    // The first figures of an evaluation are its tiles, so these are further ones.
    case 'figures': return <ReportTable block={tableOf(block)} />
    case 'picture': return <Picture title={block.title} image={block.image} />
    case 'forecast': return <ForecastView block={block} />
    case 'pictures': return <Pictures block={block} />
    case 'parallel': return <Parallel block={block} />
    // Shown by the report itself.
    case 'threshold': return null
  }
}

function PlainChart({ block }: { block: ChartBlock }) {
  return <Chart title={block.title} description={block.description} spec={block.spec} />
}

function EvaluationChart({ block, evaluation, threshold, shown }: { block: ChartBlock } & Required<Pick<Props, 'evaluation' | 'threshold' | 'shown'>>) {
  const { title, description, role = '' } = block
  const { names, threshold: counts } = evaluation
  const follows = FOLLOWS.has(role) && counts !== null
  const spec = useMemo(() => {
    const plain = inSeries(block.spec, names)
    return follows ? withCurrent(plain, names) : plain
  }, [block, names, follows])
  const live = useMemo(() => (follows && counts ? { [LIVE]: pointsAt(counts, role, threshold, shown).map((point) => ({ ...point })) } : undefined), [follows, counts, role, threshold, shown])
  return <Chart title={title} description={description} spec={spec} shape={shapeOf(block)} live={live} />
}

function Picture({ title, image }: { title: string; image: string }) {
  return (
    <figure className={classes.picture}>
      <figcaption className={classes.title}>{title}</figcaption>
      <img src={image} alt={title} />
    </figure>
  )
}
