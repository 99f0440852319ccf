import { Select, Stack, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import { count, metric } from '../../core/base/numbers'
import { truthChart, truthWords, type EndpointTruth } from '../../core/endpoints/truth'
import { Chart } from '../../ui/chart/Chart'
import list from '../../ui/list.module.css'

/** Figures of answers whose truth is known: one as a chart, all in a table, beside those of the runs. */
export function TruthFigures({ found }: { found: EndpointTruth }) {
  const [key, setKey] = useState<string | null>(null)
  const chosen = found.figures.find((each) => each.key === key) ?? found.figures[0]
  const chart = useMemo(() => (chosen ? truthChart(found, chosen) : {}), [found, chosen])
  if (!chosen) return null
  const cells = (figures: Record<string, number | null>, few: boolean) => found.figures.map((each) => (
    <td key={each.key} data-number data-wider={each === chosen ? undefined : true}>{metric(figures[each.key])}{few && each === chosen && <span className={list.soft}> (few)</span>}</td>
  ))
  return (
    <Stack gap="sm">
      <Select label="Figure" w={330} maw="100%" allowDeselect={false} value={chosen.key} onChange={setKey} data={found.figures.map((each) => ({ value: each.key, label: `${each.title} (${BETTER[each.better]})` }))} />
      {found.days.some(({ labels }) => labels > 0) && <Chart title={chosen.title} description="Of the answers of each day whose truth is known." spec={chart} shape="low" />}
      <Text size="sm" c="dimmed">{truthWords(found).join(' ')}</Text>
      <div className={list.scroller}>
        <table className={list.list}>
          <thead><tr><th scope="col">Day</th><th scope="col">Version</th><th scope="col" data-number data-wide>Answers</th><th scope="col" data-number>Truth known</th>{found.figures.map((each) => <th key={each.key} scope="col" data-number data-wider={each === chosen ? undefined : true}>{each.title}</th>)}</tr></thead>
          <tbody>
            {found.days.toReversed().map((day) => (
              <tr key={`${day.day} ${day.version}`}>
                <td>{day.day}</td>
                <td>{day.version}</td>
                <td data-number data-wide>{count(day.answers)}</td>
                <td data-number>{count(day.labels)} ({(day.share * 100).toFixed(0)}{'\u00a0'}%)</td>
                {cells(day.figures, day.labels > 0 && day.labels < found.least_labels)}
              </tr>
            ))}
          </tbody>
          <tbody>
            {found.runs.map((run) => (
              <tr key={run.version}>
                <td>Its run</td>
                <td>{run.version}</td>
                <td data-number data-wide>–</td>
                <td data-number>{count(run.rows)}</td>
                {cells(run.figures, false)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Stack>
  )
}

const BETTER = { low: 'lower is better', high: 'higher is better', zero: 'best at 0' } as const
