import { Checkbox, MultiSelect, NativeSelect, SegmentedControl, TagsInput } from '@mantine/core'
import { useState } from 'react'
import { grouped } from '../../core/base/grouped'
import { titleOf, type Dataset } from '../../core/data/datasets'
import type { TaskKind } from '../../core/runs/searches'
import { useCatalogue } from '../../state/catalogue'
import { NumberField } from '../../ui/NumberField'
import classes from './automl.module.css'
import { learnersIn, metricsOf, moduleOf, ofTask, settingsOf, type Draft } from './draft'

interface Props {
  draft: Draft
  dataset: Dataset | null
  datasets: Dataset[]
  onChange: (changes: Partial<Draft>) => void
}

const TASKS: { value: TaskKind; label: string }[] = [
  { value: 'automatic', label: 'Automatic' }, { value: 'classification', label: 'A class' }, { value: 'regression', label: 'A number' }, { value: 'forecast', label: 'A forecast' },
]

/** What differs from the usual: folded, and open from the start when something in it is chosen already. */
export function Advanced({ draft, dataset, datasets, onChange }: Props) {
  const [preset] = useState( draft.without.length > 0 || draft.distinct || draft.splitBy !== 'label' || draft.validation !== '' || draft.task !== 'automatic' || Object.keys(settingsOf(draft)).length > 0)
  return (
    <details className={classes.advanced} open={preset || undefined}>
      <summary>Advanced</summary>
      <div className={classes.field}>
        <span id="task-words">What kind of prediction</span>
        <SegmentedControl aria-labelledby="task-words" data={TASKS} value={draft.task} onChange={(task) => onChange(ofTask(task as TaskKind, draft, dataset))} />
      </div>
      {draft.task === 'forecast' ? <Forecast draft={draft} dataset={dataset} onChange={onChange} /> : <Models draft={draft} dataset={dataset} datasets={datasets} onChange={onChange} />}
    </details>
  )
}

/** The metric, when to end, and what may be tried: of every search. */
function Limits({ draft, onChange }: Pick<Props, 'draft' | 'onChange'>) {
  const module = useCatalogue().module(moduleOf(draft.task))
  const named = (name: string) => module?.params.find((param) => param.name === name)
  const forecast = draft.task === 'forecast'
  const metrics = metricsOf(named('metric')?.choices ?? [], draft.task).map(({ value, title, group }) => ({ value, label: title, group }))
  const learners = learnersIn(named(forecast ? 'methods' : 'learners')?.help ?? '')
  const free = (taken: string[]) => learners.filter((name) => !taken.includes(name)).map((name) => ({ value: name, label: name.replaceAll('_', ' ') }))
  const what = forecast ? 'methods' : 'learners'
  return (
    <>
      <NativeSelect label="Metric" value={draft.metric} data={grouped(metrics)} onChange={(event) => onChange({ metric: event.currentTarget.value })} />
      <NumberField label="Score that suffices" description="The search ends when it is reached." value={draft.targetScore ?? ''} onChange={(value) => onChange({ targetScore: value === '' ? null : Number(value) })} />
      <NumberField
        label="Models without a gain" description="The search ends after so many; empty to go on." min={1} allowDecimal={false} value={draft.patience ?? ''} placeholder={String(named('patience')?.default ?? '')}
        onChange={(value) => onChange({ patience: value === '' ? null : Number(value) })}
      />
      <NumberField label="Models to try" description="At most; as many as the time allows, if empty." min={1} max={100_000} allowDecimal={false} value={draft.trials ?? ''} onChange={(value) => onChange({ trials: value === '' ? null : Number(value) })} />
      {!forecast && <NumberField label="Seconds a model" description="At most; boosted trees are kept as they are then, others have no score." min={0.1} max={10_000_000} value={draft.trialSeconds ?? ''} onChange={(value) => onChange({ trialSeconds: value === '' ? null : Number(value) })} />}
      <NumberField label="Models at the same time" description="At most; as many as workers are free, if empty." min={1} max={1000} allowDecimal={false} value={draft.atOnce ?? ''} onChange={(value) => onChange({ atOnce: value === '' ? null : Number(value) })} />
      <MultiSelect label={`Only these ${what}`} description="All that are installed, if empty." data={free(draft.blocked)} value={draft.learners} onChange={(chosen) => onChange({ learners: chosen })} clearable />
      <MultiSelect label={`Not these ${what}`} description="Never tried." data={free(draft.learners)} value={draft.blocked} onChange={(blocked) => onChange({ blocked })} clearable />
    </>
  )
}

function Models({ draft, dataset, datasets, onChange }: Props) {
  const names = dataset?.columns.map(({ name }) => name) ?? []
  return (
    <div className={classes.fields}>
      <Limits draft={draft} onChange={onChange} />
      <NativeSelect
        label="Folds" value={draft.splitBy} onChange={(event) => onChange({ splitBy: event.currentTarget.value as Draft['splitBy'] })}
        data={[{ value: 'label', label: 'At random' }, { value: 'time', label: 'In the order of a column' }, { value: 'groups', label: 'Whole groups of a column' }]}
      />
      {draft.splitBy !== 'label' && <NativeSelect label={draft.splitBy === 'time' ? 'Column of the order' : 'Column of groups'} value={draft.column} data={['', ...names]} onChange={(event) => onChange({ column: event.currentTarget.value })} />}
      <NativeSelect
        label="Data that judges the winner" description="It is not trained on; rows of the data, if none." value={draft.validation} onChange={(event) => onChange({ validation: event.currentTarget.value })}
        data={[{ value: '', label: 'None' }, ...datasets.filter(({ id }) => id !== draft.dataset).map((each) => ({ value: each.id, label: titleOf(each) }))]}
      />
      <Columns label="Columns to leave out" names={names.filter((name) => name !== draft.target)} chosen={draft.without} onChange={(without) => onChange({ without })} />
      <Checkbox label="Remove copies of rows first" checked={draft.distinct} onChange={(event) => onChange({ distinct: event.currentTarget.checked })} />
    </div>
  )
}

/** The search predicts values of the future from origins in the past, by methods of its own. */
function Forecast({ draft, dataset, onChange }: Omit<Props, 'datasets'>) {
  const names = dataset?.columns.map(({ name }) => name) ?? []
  return (
    <>
      <p className={classes.soft}>
        Values of the future are forecast by naive methods, regressions on lags, exponential smoothing, theta, decomposition and ARIMA. They are judged from several origins in the past, and the
        last periods are kept for the estimate. Columns that are known ahead, such as prices, are selected in the pipeline afterwards.
      </p>
      <div className={classes.fields}>
        <NativeSelect label="Column of times" required value={draft.time} data={['', ...names]} onChange={(event) => onChange({ time: event.currentTarget.value })} />
        <Columns label="Columns that name a series" names={names.filter((name) => name !== draft.target && name !== draft.time)} chosen={draft.series} onChange={(series) => onChange({ series })} />
        <NumberField label="Periods to forecast" min={1} max={1000} allowDecimal={false} value={draft.horizon || ''} onChange={(value) => onChange({ horizon: Number(value) || 0 })} />
        <Limits draft={draft} onChange={onChange} />
      </div>
    </>
  )
}

function Columns({ label, names, chosen, onChange }: { label: string; names: string[]; chosen: string[]; onChange: (chosen: string[]) => void }) {
  return <TagsInput label={label} data={names.slice(0, 500)} value={chosen} onChange={(found) => onChange(found.filter((name) => names.includes(name)))} clearable />
}
