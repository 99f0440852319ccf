import { counted } from '../../core/base/numbers'
import type { Difference } from '../../core/runs/compare'
import { useCatalogue } from '../../state/catalogue'
import { RunHeads, type Columns } from './columns'
import classes from './compare.module.css'

/** What a setting had where it was left at its default. */
function useDefaultOf({ runs }: Columns) {
  const catalogue = useCatalogue()
  return (place: number, node: string, what: string): string => {
    const module = catalogue.module(runs[place]?.graph.nodes[node]?.module ?? '')
    const value = module?.params.find(({ name }) => name === what)?.default ?? null
    return value === null || typeof value === 'object' || value === '' ? '' : String(value)
  }
}

/** Only the settings that differ; those other than the baseline's are marked. */
export function ComparedSettings({ columns, settings }: { columns: Columns; settings: Difference[] }) {
  const defaultOf = useDefaultOf(columns)
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
                <td key={place} data-number>
                  <span className={classes.value} data-other={value !== values[columns.baseline] || undefined}>{value ?? (defaultOf(place, node, what) || 'default')}</span>
                  {value === null && defaultOf(place, node, what) && <span className={classes.soft}> default</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
