import { TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import type { Dataset } from '../../core/data/datasets'
import { KindIcon } from '../../ui/table/KindIcon'
import classes from './automl.module.css'

const MANY = 12
const MOST = 200

interface Props {
  dataset: Dataset | null
  chosen: string
  /** A forecast is of numbers only. */
  forecast: boolean
  onChoose: (column: string) => void
}

/** Why a column cannot be predicted; null if it can. */
function refusal(kind: Dataset['columns'][number]['kind'], forecast: boolean): string | null {
  if (kind === 'datetime' || kind === 'other') return 'Dates and values of this type cannot be predicted.'
  return forecast && kind !== 'number' ? 'Only numbers can be forecast.' : null
}

/** The column to predict. */
export function TargetChoice({ dataset, chosen, forecast, onChoose }: Props) {
  const [search, setSearch] = useState('')
  const columns = dataset?.columns ?? []
  const found = columns.filter(({ name }) => name === chosen || name.toLowerCase().includes(search.trim().toLowerCase()))
  const refused = new Set(found.slice(0, MOST).flatMap(({ kind }) => refusal(kind, forecast) ?? []))
  return (
    <fieldset className={classes.step}>
      <legend><span className={classes.number} aria-hidden>2</span> What to {forecast ? 'forecast' : 'predict'}</legend>
      {!dataset ? <p className={classes.none}>The columns of the data appear here.</p> : (
        <>
          {columns.length > MANY && (
            <div className={classes.tools}>
              <TextInput className={classes.filter} aria-label="Filter columns" placeholder="Filter" leftSection={<IconSearch size={14} />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
            </div>
          )}
          <div className={classes.columns}>
            {found.slice(0, MOST).map(({ name, kind }) => {
              const why = refusal(kind, forecast)
              return (
                <label key={name} className={classes.column} title={why ?? undefined} data-disabled={why !== null || undefined}>
                  <input type="radio" name="target" checked={name === chosen} disabled={why !== null} onChange={() => onChoose(name)} />
                  <KindIcon kind={kind} />
                  <span className={classes.name}>{name}</span>
                </label>
              )
            })}
          </div>
          {refused.size > 0 && <p className={classes.none}>{[...refused].join(' ')}</p>}
          {found.length > MOST && <p className={classes.soft}>{MOST} of {found.length} columns are shown. Filter to see others.</p>}
          {found.length === 0 && <p className={classes.none}>No column matches.</p>}
        </>
      )}
    </fieldset>
  )
}
