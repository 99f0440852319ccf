import { Text } from '@mantine/core'
import { IconStarFilled } from '@tabler/icons-react'
import { metric } from '../../core/base/numbers'
import { bestRows, type FiguresBlock } from '../../core/data/reports'
import classes from './report.module.css'

/** Figures of each model side by side; the best of a column is marked by more than its colour. */
export function Figures({ block }: { block: FiguresBlock }) {
  const best = new Map(block.columns.map(({ key }) => [key, bestRows(block, key)]))
  return (
    <>
      <Text fw={600} size="sm" mb={4}>{block.title}</Text>
      <div className={classes.scroller}>
        <table className={classes.table}>
          <thead>
            <tr>
              <td />
              {block.columns.map(({ key, title, better }) => (
                <th key={key} scope="col" data-number title={better ? `${better === 'high' ? 'Higher' : 'Lower'} is better` : undefined}>{title}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {block.rows.map((row) => (
              <tr key={row.name}>
                <th scope="row">{row.name}</th>
                {block.columns.map(({ key }) => {
                  const value = row.values[key]
                  const isBest = best.get(key)?.has(row.name)
                  return (
                    <td key={key} data-number={typeof value !== 'string' || undefined} data-best={isBest || undefined}>
                      {isBest && <IconStarFilled size={10} aria-label="Best" className={classes.star} />}
                      {typeof value === 'string' ? value : metric(value)}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
