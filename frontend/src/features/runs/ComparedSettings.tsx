import { counted } from '../../core/base/numbers'
import type { Difference } from '../../core/runs/compare'
import { RunHeads, type Columns } from './columns'
import classes from './compare.module.css'

/** Only the settings that differ; those other than the baseline's are marked. */
export function ComparedSettings({ columns, settings }: { columns: Columns; settings: Difference[] }) {
  const modules = new Set(settings.map(({ node }) => node)).size
  return (
    <div className={classes.scroller} tabIndex={0} role="region" aria-label="Settings that differ">
      <table className={classes.table}>
        <RunHeads columns={columns} first={`${counted(settings.length, 'setting')} in ${counted(modules, 'module')}`} numbers />
        <tbody>
          {settings.map(({ title, what, node, values }) => (
            <tr key={`${node} ${what}`}>
              <th scope="row">{title} <span className={classes.soft}>{what.replaceAll('_', ' ')}</span></th>
              {values.map((value, place) => (
                <td key={place} data-number><span className={classes.value} data-other={value !== values[columns.baseline] || undefined}>{value ?? 'default'}</span></td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
