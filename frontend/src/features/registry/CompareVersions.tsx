import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { bytes, counted, metric } from '../../core/base/numbers'
import { figureChart, importanceChart, ofSameRows, STAGE_WORDS, type ModelComparison, type RegisteredModel } from '../../core/data/models'
import { best } from '../../core/runs/compare'
import { compareModelVersions } from '../../server/rest'
import { Chart } from '../../ui/chart/Chart'
import list from '../../ui/list.module.css'
import { Page } from '../../ui/Page'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Section } from '../../ui/Section'
import { Facts, Heads, Signatures } from './ComparedFacts'
import classes from './registry.module.css'

/** Versions of a model side by side. */
export function CompareVersions({ model, numbers }: { model: RegisteredModel; numbers: number[] }) {
  const compared = useQuery({ queryKey: ['model', model.id, 'compare', numbers], queryFn: () => compareModelVersions(model.id, numbers) })
  return (
    <Page title={`${model.name}: versions ${numbers.join(', ')}`} facts={<Link href={`/models/${model.id}`}>Back to {model.name}</Link>}>
      <QueryBoundary query={compared}>
        {(found) => (
          <div className={classes.parts}>
            <Overview found={found} />
            <FiguresTable found={found} numbers={numbers} />
            <Signatures found={found} />
            <Facts found={found} />
          </div>
        )}
      </QueryBoundary>
    </Page>
  )
}

function Overview({ found }: { found: ModelComparison }) {
  const rows: [string, (one: ModelComparison['versions'][number]) => string][] = [
    ['Trained with', ({ title }) => title], ['Stage', ({ stage }) => STAGE_WORDS[stage]], ['Aliases', ({ aliases }) => aliases.join(', ')], ['Size', (one) => bytes(one.bytes)], ['Note', ({ note }) => note],
  ]
  return (
    <div className={list.scroller} tabIndex={0} role="region" aria-label="Versions">
      <table className={list.list}>
        <Heads found={found} first="Version" />
        <tbody>{rows.map(([name, words]) => <tr key={name}><th scope="row">{name}</th>{found.versions.map((one) => <td key={one.number} data-number className={list.wrapped}>{words(one)}</td>)}</tr>)}</tbody>
      </table>
    </div>
  )
}

/** The best value of each figure is bold; values are comparable where the rows are the same. */
function FiguresTable({ found, numbers }: { found: ModelComparison; numbers: number[] }) {
  const charts = found.figures.flatMap((figure) => figureChart(figure, numbers) ?? [])
  const importance = importanceChart(found.importance, numbers)
  return (
    <Section title="Figures" help={found.figures.length === 0 ? 'No version was evaluated.' : 'The best value is bold. Values compare only where the evaluations were of the same rows; where the numbers of rows differ, they are told and nothing is bold.'}>
      {found.figures.length > 0 && (
        <div className={list.scroller} tabIndex={0} role="region" aria-label="Figures">
          <table className={list.list}>
            <Heads found={found} first="Figure" />
            <tbody>
              {found.figures.map((figure) => {
                const isSame = ofSameRows(figure)
                const bold = isSame ? best(figure) : []
                return (
                  <tr key={`${figure.node} ${figure.evaluation} ${figure.title}`}>
                    <th scope="row">{figure.title} {figure.better && <span className={classes.small}>{figure.better === 'high' ? 'higher' : 'lower'} is better</span>}</th>
                    {figure.values.map((value, at) => {
                      const interval = figure.intervals[at]
                      return <td key={at} data-number><span className={bold.includes(at) ? classes.best : undefined}>{metric(value)}</span>{interval && <div className={classes.small}>{metric(interval[0])} to {metric(interval[1])}</div>}{!isSame && typeof figure.rows[at] === 'number' && <div className={classes.small}>of {counted(figure.rows[at], 'row')}</div>}</td>
                    })}
                  </tr>
                )
              })}
            </tbody>
          </table>
        </div>
      )}
      <div className={classes.charts}>
        {[...charts, ...(importance ? [importance] : [])].map((chart, at) => <div key={at} className={classes.chart}><Chart {...chart} shape="low" /></div>)}
      </div>
    </Section>
  )
}
