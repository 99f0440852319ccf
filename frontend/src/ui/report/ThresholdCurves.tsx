import { useMemo } from 'react'
import { confusionAt, figuresOf, type ThresholdFigure, type ThresholdModel } from '../../core/data/reports'
import classes from './report.module.css'
import { SeriesMark } from './SeriesMark'

const CURVES: { key: ThresholdFigure; title: string }[] = [
  { key: 'precision', title: 'Precision' }, { key: 'recall', title: 'Recall' }, { key: 'f1', title: 'F1' },
]
const LEVELS = [1, 0.5, 0]
const TICKS = [0, 0.25, 0.5, 0.75, 1]
/** The curves are stretched to their box, so that they follow the slider without being drawn again. */
const UNITS = 1000

const down = (share: number) => `${(1 - share) * 100}%`

/** Precision, recall and F1 at every threshold, with a dot on each at the current one. */
export function ThresholdCurves({ model, threshold }: { model: ThresholdModel; threshold: number }) {
  const paths = useMemo(() => CURVES.map(({ key }) => path(model, key)), [model])
  const now = figuresOf(confusionAt(model, threshold))
  const x = `${threshold * 100}%`
  return (
    <div className={classes.curves}>
      <div className={classes.legend} aria-hidden>{CURVES.map(({ key, title }, index) => <span key={key} className={classes.series}><SeriesMark index={index} />{title}</span>)}</div>
      <div className={classes.plot}>
        <svg width="100%" height="100%" role="img" aria-label={`Precision, recall and F1 of ${model.name} at every threshold from 0 to 1`}>
          {LEVELS.map((level) => <line key={level} className={level ? classes.gridline : classes.axis} x1="0" x2="100%" y1={down(level)} y2={down(level)} />)}
          <line className={classes.current} x1={x} x2={x} y1="0" y2="100%" />
          <svg viewBox={`0 0 ${UNITS} ${UNITS}`} preserveAspectRatio="none" width="100%" height="100%" overflow="visible">
            {CURVES.map(({ key }, index) => <path key={key} d={paths[index]} data-series={index} />)}
          </svg>
          {CURVES.map(({ key }, index) => {
            const value = now[key]
            return value !== null && <circle key={key} cx={x} cy={down(value)} r={5} data-series={index} />
          })}
        </svg>
        {LEVELS.map((level) => <span key={level} className={classes.level} style={{ top: down(level) }} aria-hidden>{level}</span>)}
        {TICKS.map((tick) => <span key={tick} className={classes.tick} style={{ left: `${tick * 100}%` }} aria-hidden>{tick}</span>)}
      </div>
    </div>
  )
}

function path(model: ThresholdModel, key: ThresholdFigure): string {
  let pen = 'M'
  const parts: string[] = []
  model.thresholds.forEach((at, index) => {
    const value = figuresOf({ tp: model.tp[index] ?? 0, fp: model.fp[index] ?? 0, tn: model.tn[index] ?? 0, fn: model.fn[index] ?? 0 })[key]
    if (value === null) return
    parts.push(`${pen}${(at * UNITS).toFixed(1)} ${((1 - value) * UNITS).toFixed(1)}`)
    pen = 'L'
  })
  return parts.join('')
}
