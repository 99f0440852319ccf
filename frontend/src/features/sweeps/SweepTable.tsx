/** The runs of a sweep, sorted by a press on a column; the best by the chosen figure is marked. */
import { UnstyledButton } from '@mantine/core'
import { IconTrophy } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { Link } from 'wouter'
import { duration, metric } from '../../core/base/numbers'
import { bestBy, shownValue, sorted, type Order, type Sweep, type SweepFigure } from '../../core/runs/sweeps'
import { isFinished, runSeconds } from '../../core/runs/runs'
import list from '../../ui/list.module.css'
import { StateWords } from '../../ui/StateWords'
import { useNow } from '../../ui/useNow'
import classes from './sweeps.module.css'

interface Props {
  sweep: Sweep
  figure: SweepFigure | null
  /** A column of figures was pressed: the chart shows it. */
  onFigure(title: string): void
}

export function SweepTable({ sweep: { parameters, table }, figure, onFigure }: Props) {
  const [order, setOrder] = useState<Order>({ of: null, descending: false })
  const now = useNow(table.runs.some(({ state }) => !isFinished(state)))
  const best = figure && bestBy(table.runs, figure)
  const press = (of: NonNullable<Order['of']>, first: boolean) => setOrder((was) => (JSON.stringify(was.of) === JSON.stringify(of) ? { of, descending: !was.descending } : { of, descending: first }))
  const head = (of: NonNullable<Order['of']>, title: string, first = false) => <Head key={title} order={order} of={of} onPress={() => press(of, first)}>{title}</Head>
  return (
    <div className={list.scroller}>
      <table className={list.list}>
        <thead>
          <tr>
            <th scope="col">Run</th>
            {parameters.map((name) => head({ parameter: name }, name))}
            {table.figures.map(({ title, better }) => (
              <Head
                key={title} order={order} of={{ figure: title }} number
                onPress={() => {
                  press({ figure: title }, better === 'high')
                  onFigure(title)
                }}
              >{title}
              </Head>
            ))}
            <th scope="col" data-number data-wide>Duration</th>
            <th scope="col" data-number data-wide>Reused</th>
          </tr>
        </thead>
        <tbody>
          {sorted(table.runs, order).map((run) => (
            <tr key={run.run} data-best={run.run === best || undefined} className={classes.row}>
              <td>
                <Link href={`/runs/${run.run}`}><StateWords state={run.state} /></Link>
                {run.run === best && <span className={classes.best}><IconTrophy size={14} aria-hidden /> best</span>}
                {run.error && <div className={classes.error}>{run.error}</div>}
              </td>
              {parameters.map((name) => <td key={name} className={`figures ${list.wrapped}`}>{shownValue(run.values[name])}</td>)}
              {table.figures.map(({ title }) => <td key={title} data-number className="figures">{run.figures[title] === undefined ? '–' : metric(run.figures[title])}</td>)}
              <td data-number data-wide>{duration(runSeconds(run, now))}</td>
              <td data-number data-wide>{run.reused} of {run.steps}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Head({ order, of, number = false, onPress, children }: { order: Order; of: NonNullable<Order['of']>; number?: boolean; onPress(): void; children: ReactNode }) {
  const is = JSON.stringify(order.of) === JSON.stringify(of)
  return (
    <th scope="col" data-number={number || undefined} aria-sort={is ? (order.descending ? 'descending' : 'ascending') : 'none'}>
      <UnstyledButton className={classes.head} onClick={onPress}>{children}{is && <span aria-hidden>{order.descending ? ' ↓' : ' ↑'}</span>}</UnstyledButton>
    </th>
  )
}
